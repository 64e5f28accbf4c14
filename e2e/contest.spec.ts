import { expectAccessible } from './support/accessible.ts'
import { sleeve } from './support/album.ts'
import { expect, PHONE } from './support/journey.ts'
import { test } from './support/label.ts'
import { databaseIn, query } from './support/servers.ts'

const local = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16)

test('a sleeve contest, from its rules to the cover', async ({ page, label, signIn, another }) => {
  test.slow()
  await signIn(page)
  const main = page.getByRole('main')
  const status = page.getByRole('status').first()
  const path = `${label.url}/ana-marsh/take-part/a-sleeve-for-harbour-lights`
  const sections = page.getByRole('navigation', { name: 'Pages of this contest' })
  const bought = [1, 2, 3, 4, 5].map((n) => `voter${n}`)
  const mailed = async (to: string, from: number) => {
    const [, link = ''] = await label.printed(new RegExp(`Mail to ${to}@[\\s\\S]*?http:[^\\s]*?(/contests/\\S+)`), from)
    return label.url + link
  }

  await test.step('the artist says what they ask for, reads the rules, and opens it', async () => {
    await page.goto('/studio/operations?desk=ana-marsh')
    await expectAccessible(page, { soft: true })
    await main.getByRole('link', { name: 'Begin a contest' }).click()
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('alert')).toContainText('Give it a title first.')
    await expectAccessible(page, { soft: true })
    await main.getByLabel('Title').fill('A sleeve for Harbour Lights')
    await main.getByLabel('What you ask for').fill('It is a record about boats.\n\nDraw what you hear.')
    await main.getByLabel('The release it is for').selectOption({ label: 'Harbour Lights, Été' })
    await main.getByLabel('Entries until').fill(local(3))
    await main.getByLabel('Votes until').fill(local(6))
    await main.getByLabel('Time zone').selectOption('UTC')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(status).toContainText('Saved.')
    await main.getByText('The rules as they would be').click()
    await expect(main).toContainText('The work stays yours.')
    await expectAccessible(page, { soft: true })
    await main.getByRole('button', { name: 'Open it to everyone' }).click()
    await expect(status).toContainText('It is open.')
    await sections.getByRole('link', { name: 'Jury' }).click()
    await main.getByLabel('Name').fill('Noé')
    await main.getByRole('button', { name: 'Add to the jury' }).click()
    await expect(status).toContainText('Pass the link on')
    await expectAccessible(page, { soft: true })
  })
  const juror = await main.getByLabel('The link of Noé').inputValue()

  const guest = await another(PHONE)
  const theirs = guest.getByRole('main')
  await test.step('two people send a picture in; a text that calls itself a picture is refused, and nothing is lost', async () => {
    await guest.goto(path)
    await theirs.getByLabel('Your picture').setInputFiles({
      name: 'sleeve.png',
      mimeType: 'image/png',
      buffer: Buffer.from('These are words.'),
    })
    await theirs.getByLabel('Name to credit').fill('Léa Quay')
    await theirs.getByRole('button', { name: 'Send it in' }).click()
    await expect(guest.getByRole('alert')).toContainText('Say what the picture shows')
    await expect(theirs.getByLabel('Name to credit')).toHaveValue('Léa Quay')
    await expectAccessible(guest, { soft: true })
    for (const [name, title] of [
      ['Léa Quay', 'Two boats'],
      ['Max', 'The lamp'],
    ] as const) {
      const before = label.output().length
      const mail = name.toLowerCase().slice(0, 3).replace('é', 'e')
      const browser = name === 'Max' ? await another(PHONE) : guest
      const form = browser.getByRole('main')
      await browser.goto(path)
      const buffer = await sleeve({ title })
      await form.getByLabel('Your picture').setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer })
      await form.getByLabel('What it shows').fill(`${title}, in two colours.`)
      await form.getByLabel('A title').fill(title)
      await form.getByLabel('Name to credit').fill(name)
      await form.getByLabel('Your mail address').fill(`${mail}@sleeves.example`)
      await form.getByRole('checkbox').check()
      await form.getByRole('button', { name: 'Send it in' }).click()
      await expect(form).toContainText('A mail is on its way to you.')
      await browser.goto(await mailed(mail, before))
      await expectAccessible(browser, { soft: true })
      await form.getByRole('button', { name: 'Yes, it is mine' }).click()
      await expect(form).toContainText('It has arrived')
    }
  })

  await test.step('the artist looks at both, and shows them', async () => {
    await sections.getByRole('link', { name: 'Entries' }).click()
    await expect(main).toContainText('Léa Quay')
    await expectAccessible(page, { soft: true })
    await main.getByRole('button', { name: 'Show it: Two boats' }).click()
    await expect(status).toContainText('It is shown to everyone.')
    await main.getByRole('button', { name: 'Show it: The lamp' }).click()
    await expect(main.getByText('Waits for you')).toHaveCount(0)
  })

  await test.step('the day comes on which people vote and the jury scores', async () => {
    await query(databaseIn(label.dataDir), `update contests set entries_until = now() - interval '1 minute'`)
    const voter = await another(PHONE)
    const voters = voter.getByRole('main')
    await voter.goto(path)
    await voters.getByRole('button', { name: 'Send my choice' }).click()
    await expect(voter.getByRole('alert')).toContainText('Tick at least one.')
    await expectAccessible(voter, { soft: true })
    const lamp = (await voters.getByLabel('I approve it: The lamp').getAttribute('value')) ?? ''
    await voters.getByLabel('I approve it: Two boats').check()
    await voters.getByLabel('Your mail address').fill('zoe@sleeves.example')
    const before = label.output().length
    await voters.getByRole('button', { name: 'Send my choice' }).click()
    await expect(voters).toContainText('A mail is on its way to you.')
    await voter.goto(await mailed('zoe', before))
    await expectAccessible(voter, { soft: true })
    await voters.getByRole('button', { name: 'Yes, count it' }).click()
    await expect(voters).toContainText('Your choice counts.')
    // Five more from one hand: by its program, not by our pages.
    const post = (to: string, fields: Record<string, string>) =>
      fetch(to, { method: 'POST', headers: { origin: label.url }, body: new URLSearchParams(fields) })
    for (const mail of bought) await post(`${path}/votes`, { entry: lamp, mail: `${mail}@sleeves.example` })
    for (const mail of bought) expect((await post(await mailed(mail, before), {})).ok).toBe(true)
    const scorer = await another()
    const scores = scorer.getByRole('main')
    await scorer.goto(juror)
    await expect(scores).toContainText('Two boats')
    await expect(scores).not.toContainText('Léa')
    await scores.getByLabel('Entry 1: your score').selectOption('6')
    await scores.getByLabel('Entry 2: your score').selectOption('6')
    await expectAccessible(scorer, { soft: true })
    await scores.getByRole('button', { name: 'Save my scores' }).click()
    await expect(scores).toContainText('You scored 2 of 2.')
    await sections.getByRole('link', { name: 'Result' }).click()
    await expect(main).toContainText('6 people have voted.')
    await expect(main.getByRole('table')).toHaveCount(0)
  })

  await test.step('voting ends; what one hand cast is shown, and set aside with a reason', async () => {
    await query(
      databaseIn(label.dataDir),
      `update operations set ends_at = now() - interval '1 second' where state = 'open'`,
    )
    await sections.getByRole('link', { name: 'Result' }).click()
    const first = main.getByRole('row').nth(1)
    await expect(first).toContainText('The lamp')
    const cluster = main.getByRole('listitem').filter({ hasText: '5 addresses that differ in their numbers alone' })
    await cluster.locator('summary').click()
    const aside = cluster.getByRole('button', { name: /^Set these votes aside/ })
    await aside.click()
    await expect(page.getByRole('alert')).toContainText('Say why: everyone reads it in the result.')
    await cluster.getByLabel('Why').fill('Five within a minute, numbered.')
    await expectAccessible(page, { soft: true })
    await aside.click()
    await expect(status).toContainText('These votes are set aside.')
    await expect(first).toContainText('Two boats')
    await expect(main).toContainText('The votes of 5 people')
    await expectAccessible(page, { soft: true })
    const result = page.url()
    await page.goto('/studio/artist?desk=ana-marsh')
    await page.goto(`${new URL(page.url()).pathname}/history`)
    await expect(main).toContainText('Set votes aside')
    await page.goto(result)
  })

  await test.step('it is closed with what comes next, and everybody is told', async () => {
    await sections.getByRole('link', { name: 'Close' }).click()
    await main.getByLabel('Your thanks').fill('You drew the sea.')
    await main.getByRole('button', { name: 'Close it, and tell everyone' }).click()
    await expect(page.getByRole('alert')).toContainText('it cannot be closed without')
    await expectAccessible(page, { soft: true })
    await main.getByRole('radio', { name: 'Something to go on with' }).check()
    await main.getByLabel('In your words').fill('The record is printed in March; you see it first.')
    const before = label.output().length
    await main.getByRole('button', { name: 'Close it, and tell everyone' }).click()
    await expect(status).toContainText('8 people are told')
    await label.printed(/Mail to zoe@sleeves[\s\S]*?The record is printed in March/, before)
    await guest.goto(path)
    await expect(theirs).toContainText('The winner: Two boats')
    await expect(theirs).toContainText('The record is printed in March; you see it first.')
    await expect(theirs).toContainText('The votes of 5 people were set aside, and are not counted.')
    await expect(theirs).toContainText('Five within a minute, numbered.')
    await expectAccessible(guest, { soft: true })
  })

  await test.step('one press makes it the sleeve, with its credit', async () => {
    await sections.getByRole('link', { name: 'Result' }).click()
    await main.getByRole('button', { name: 'Make it the sleeve' }).click()
    await expect(status).toContainText('It is the sleeve of the release now')
    await expect.poll(async () => (await fetch(label.harbour.url)).text()).toContain('Léa Quay')
  })
})
