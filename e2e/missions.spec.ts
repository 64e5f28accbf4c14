import { expectAccessible } from './support/accessible.ts'
import { sleeve } from './support/album.ts'
import { expect, PHONE } from './support/journey.ts'
import { test } from './support/label.ts'
import { databaseIn, query } from './support/servers.ts'

const local = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16)

test('a mission: asked for, done by somebody with a telephone, accepted, thanked, and brought by a friend', async ({
  page,
  label,
  signIn,
  another,
}) => {
  test.slow()
  await signIn(page)
  const main = page.getByRole('main')
  const status = page.getByRole('status').first()
  const path = `${label.url}/ana-marsh/take-part/harbour-lights-everywhere`

  await test.step('the artist says what they ask for and what they give, and opens it', async () => {
    await page.goto('/studio/operations?desk=ana-marsh')
    await main.getByRole('link', { name: 'Begin a mission' }).click()
    await main.getByLabel('Title').fill('Harbour Lights everywhere')
    await main.getByLabel('Until').fill(local(5))
    await main.getByLabel('Time zone').selectOption('UTC')
    await main.getByLabel('In your words').fill('Your name stands in the booklet.')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(status).toContainText('Saved.')
    await main.getByRole('button', { name: 'Open it to everyone' }).click()
    await expect(page.getByRole('alert')).toContainText('add a task')
    await main.getByRole('link', { name: 'Bring people' }).click()
    await main.getByLabel('How many people').fill('1')
    await main.getByLabel('What they pass on').selectOption({ label: 'Harbour Lights, Été' })
    await main.getByLabel('In your words').last().fill('A ticket.')
    await main.getByRole('button', { name: 'Save the task' }).click()
    await main.getByRole('link', { name: 'Put up the poster' }).click()
    await main.getByRole('button', { name: 'Save the task' }).click()
    await expect(main).toContainText('Bring one person')
    await main.getByRole('button', { name: 'Open it to everyone' }).click()
    await expect(status).toContainText('It is open.')
    await expectAccessible(page, { soft: true })
  })

  const guest = await another(PHONE)
  const theirs = guest.getByRole('main')
  const mailed = async (to: string, pattern: string, from: number) => {
    const [, link = ''] = await label.printed(new RegExp(`Mail to ${to}@[\\s\\S]*?http:[^\\s]*?(${pattern}\\S+)`), from)
    return label.url + link
  }
  await test.step('somebody gets a link of their own, and sends a photo', async () => {
    await guest.goto(path)
    await theirs.getByRole('link', { name: 'Get my link' }).click()
    await theirs.getByLabel('Your mail address').fill('lea@street.example')
    const before = label.output().length
    await theirs.getByRole('button', { name: 'Get my link' }).click()
    await expect(guest.getByRole('status').first()).toContainText('A mail is on its way')
    await guest.goto(await mailed('lea', '/missions/contribution/', before))
    await theirs.getByRole('button', { name: 'Yes, it is me' }).click()
    await expect(theirs).toContainText('Nobody has come and confirmed yet, of 1')
    await theirs.getByRole('link', { name: 'Send a photo' }).click()
    const buffer = await sleeve({ title: 'On the quay' })
    await theirs.getByLabel('The photo').setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer })
    await theirs.getByLabel('In which town').fill('Brest')
    await theirs.getByRole('button', { name: 'Send it' }).click()
    await expect(guest.getByRole('alert')).toContainText('Say what the photo shows')
    await expect(theirs.getByLabel('In which town')).toHaveValue('Brest')
    await theirs.getByLabel('What it shows').fill('The poster behind a window.')
    await theirs.getByLabel('The name to show').fill('Léa')
    await theirs.getByRole('checkbox').check()
    await theirs.getByRole('button', { name: 'Send it' }).click()
    await expect(theirs).toContainText('It waits to be looked at.')
    await expectAccessible(guest, { soft: true })
  })

  await test.step('the artist accepts it: it stands on the wall', async () => {
    await page
      .getByRole('navigation', { name: 'Pages of this mission' })
      .getByRole('link', { name: 'What came in' })
      .click()
    await main.getByRole('button', { name: 'Accept it: Put up the poster, by Léa' }).click()
    await expect(status).toContainText('It stands on the wall.')
    await expectAccessible(page, { soft: true })
    const passerBy = await another(PHONE)
    await passerBy.goto(path)
    await expect(passerBy.getByRole('main')).toContainText('Brest · by Léa')
  })

  await test.step('a friend comes by the link and confirms; it is counted by itself, and both are thanked for', async () => {
    const href = await theirs.getByRole('link', { name: /\/s\// }).getAttribute('href')
    const friend = await another(PHONE)
    const reported = friend.waitForResponse((answer) => answer.url().includes('/api/touches'))
    await friend.goto(label.url + (href ?? ''))
    await reported
    const at = friend.getByRole('main')
    await at.getByLabel('Your mail address').fill('max@street.example')
    let before = label.output().length
    await at.getByRole('button', { name: 'Write to me' }).click()
    await friend.goto(await mailed('max', '/confirm/', before))
    await expect(friend.getByRole('heading', { level: 1, name: 'Welcome' })).toBeVisible()
    before = label.output().length
    // What happens by itself every ten minutes.
    await query(databaseIn(label.dataDir), `select graphile_worker.add_job('operations.count', '{}'::json)`)
    await label.printed(/Mail to lea@street[\s\S]*?A ticket\./, before)
    await guest.goto(path)
    await expect(theirs).toContainText('One person came and confirmed, of 1')
    await expect(theirs).toContainText('A ticket.')
    await expectAccessible(guest, { soft: true })
  })
})
