import { dirname } from 'node:path'
import { parseRssFeed } from 'feedsmith'
import { expectAccessible } from './support/accessible.ts'
import { HARBOUR, writeAlbum } from './support/album.ts'
import { expect, test as journey, PHONE } from './support/journey.ts'
import { laidOut } from './support/laid-out.ts'
import { openMailServer } from './support/mail-server.ts'
import { becomeOwner } from './support/owner.ts'
import { forgetPlace, runCommand, startProgram } from './support/program.ts'
import { databaseIn, query } from './support/servers.ts'

const test = journey.extend<{ post: Awaited<ReturnType<typeof openMailServer>> }>({
  post: async ({ browserName: _ }, use) => {
    const post = await openMailServer()
    await use(post)
    await post.close()
  },
  program: async ({ post }, use) => {
    const env = { SMTP_URL: `smtp://127.0.0.1:${post.port}`, MAIL_FROM: 'Ana Marsh <ana@music.example>' }
    const program = await startProgram({ dataDir: laidOut(), env })
    await use(program)
    await program.stop()
    forgetPlace(program.dataDir)
  },
})

test('a song a week: given by itself, followed from a telephone, told by mail, read as a feed, closed with what follows', async ({
  page,
  program,
  post: { mails },
  another,
}) => {
  test.slow()
  for (const title of ['Monday song', 'Tuesday song']) {
    const folder = await writeAlbum(dirname(program.dataDir), {
      ...{ ...HARBOUR, title, tracks: [{ title, seconds: 4, as: 'flac' }] },
    })
    await runCommand(['import', folder, '--json'], { DATA_DIR: program.dataDir })
  }
  await becomeOwner(page, program)
  const main = page.getByRole('main')
  const status = page.getByRole('status').first()
  const sections = page.getByRole('navigation', { name: 'Pages of this series' })
  const path = `${program.url}/ana-marsh/take-part/songs-for-the-winter`

  const mailTo = async (address: string, subject: string): Promise<string> => {
    const found = () => mails.find(({ to, subject: said }) => JSON.stringify(to).includes(address) && said === subject)
    await expect
      .poll(() => found() !== undefined, { timeout: 90_000, message: `“${subject}” to ${address}` })
      .toBe(true)
    return found()?.text ?? ''
  }

  /** The hour of the number-th was a minute ago, and all that is laid in was there before. */
  async function hourOf(number: number) {
    const database = databaseIn(program.dataDir)
    const hour = new Date(Date.now() - 60_000)
    const first = new Date(hour.getTime() - (number - 1) * 7 * 86_400_000).toISOString()
    await query(database, `update series_items set laid_at = laid_at - interval '1 hour'`)
    await query(database, `update series set first_day = $1, hour = $2, next_at = now()`, [
      first.slice(0, 10),
      first.slice(11, 16),
    ])
    await query(database, `select graphile_worker.add_job('operations.give', '{}'::json)`)
  }

  await test.step('the artist says its rhythm, lays two songs in, and opens it', async () => {
    await page.goto('/studio/operations?desk=ana-marsh')
    await main.getByRole('link', { name: 'Begin a series' }).click()
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('alert')).toContainText('Choose a day.')
    await expectAccessible(page, { soft: true })
    await main.getByLabel('Title').fill('Songs for the winter')
    await main.getByLabel('What it is').fill('One a week, until it thaws.')
    await main.getByLabel('Day of the first').fill(new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10))
    await main.getByLabel('Time zone').selectOption('UTC')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(status).toContainText('Saved.')
    for (const title of ['Monday song', 'Tuesday song']) {
      await main.getByLabel('A draft').selectOption({ label: `${title} (music)` })
      await main.getByRole('button', { name: 'Lay it in' }).click()
      await expect(status).toContainText('It is laid in.')
    }
    await sections.getByRole('link', { name: 'With each one' }).click()
    await main.getByLabel('What the message says').fill('I sang it in the kitchen.')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(status).toContainText('from the next one on')
    await sections.getByRole('link', { name: 'Series' }).click()
    await main.getByRole('button', { name: 'Open it to everyone' }).click()
    await expect(status).toContainText('It is open.')
  })

  const fan = await another(PHONE)
  const theirs = fan.getByRole('main')
  await test.step('the first comes at its hour; who comes late finds it, and asks to be told each time', async () => {
    await hourOf(1)
    await expect(async () => {
      await fan.goto(path)
      await expect(theirs.getByRole('link', { name: 'Monday song' })).toBeVisible({ timeout: 500 })
    }).toPass()
    await theirs.getByLabel('Your mail address').fill('lea@series.example')
    await theirs.getByRole('button', { name: 'Tell me each time' }).click()
    await expect(theirs).toContainText('A mail is on its way to lea@series.example')
    const asked = await mailTo('lea@series.example', '“Songs for the winter”: one click to be told each time')
    await fan.goto(/http\S+\/confirm\/\S+/.exec(asked)?.[0] ?? '')
    await expect(theirs).toContainText('Ana Marsh writes to you at lea@series.example from now on.')
    await theirs.getByRole('link', { name: 'Songs for the winter' }).click()
    await expect(theirs.getByRole('button', { name: 'Tell me no more' })).toBeVisible()
    await expectAccessible(fan, { soft: true })
  })

  await test.step('the second comes: a mail says so and leads to it, and the feed has both', async () => {
    await hourOf(2)
    const mail = await mailTo('lea@series.example', 'Songs for the winter, no. 2: Tuesday song')
    expect(mail).toContain('I sang it in the kitchen.')
    await fan.goto(/\/l\/\S+/.exec(mail)?.[0] ?? '')
    await expect(fan.getByRole('heading', { level: 1 })).toContainText('Tuesday song')
    const feed = async () => parseRssFeed(await (await fetch(`${path}/feed.xml`)).text()).items ?? []
    await expect.poll(async () => (await feed()).length).toBe(2)
    expect((await feed())[0]?.title).toContain('Tuesday song')
    expect((await feed())[0]?.enclosures?.[0]?.length).toBeGreaterThan(1000)
  })

  await test.step('it is closed with what comes next, and who followed it is told', async () => {
    await page.reload()
    await expect(main).toContainText('One person wants to be told each time.')
    await sections.getByRole('link', { name: 'Close' }).click()
    await main.getByLabel('Your thanks').fill('You stayed all winter.')
    await main.getByRole('radio', { name: 'Something to go on with' }).check()
    await main.getByLabel('In your words').fill('The songs become a record in March.')
    await main.getByRole('button', { name: 'Close it, and tell everyone' }).click()
    await expect(status).toContainText('Closed.')
    const mail = await mailTo('lea@series.example', '“Songs for the winter” has ended')
    for (const said of ['You stayed all winter.', 'The songs become a record in March.']) expect(mail).toContain(said)
    expect(mails.filter(({ subject }) => subject?.includes('no. 2'))).toHaveLength(1)
    await fan.goto(path)
    await expect(theirs).toContainText('The songs become a record in March.')
    await expectAccessible(fan, { soft: true })
  })
})
