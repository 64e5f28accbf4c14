import { dirname } from 'node:path'
import { expectAccessible } from './support/accessible.ts'
import { writeAlbum } from './support/album.ts'
import { expect, test } from './support/journey.ts'
import { becomeOwner, openArtist } from './support/owner.ts'
import { runCommand } from './support/program.ts'

/** So many days from now, as a field of a form takes it. */
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

test('a label asks for a mandate, plans a release from its home for the day, and loses both in one press', async ({
  page,
  program,
  another,
}) => {
  page.setDefaultTimeout(30_000)
  const main = page.getByRole('main')
  const headers = { origin: program.url }
  await becomeOwner(page, program)
  await openArtist(page, 'Moss')
  const before = program.output().length
  const form = { name: 'Fern Records', language: 'en', who: 'mail', email: 'noe@example.org' }
  expect((await page.request.post('/studio/labels/new', { form, headers })).ok()).toBe(true)
  const [link] = await program.printed(/http\S+\/studio\/enter\/\S+/, before)
  const desk = await another()
  desk.setDefaultTimeout(30_000)
  const theirs = desk.getByRole('main')

  await test.step('somebody runs a label that has no artist yet, and asks one', async () => {
    await desk.goto(link)
    await desk.getByLabel('Your name').fill('Noé')
    await desk.getByRole('button', { name: 'Accept' }).click()
    await expect(theirs.getByRole('heading', { name: 'No artist yet' })).toBeVisible()
    await expectAccessible(desk)
    await theirs.getByRole('link', { name: 'Ask an artist' }).click()
    await theirs.getByRole('textbox', { name: 'The artist’s page' }).fill(`${program.url}/moss`)
    await theirs.getByLabel('Prepare releases').check()
    await theirs.getByLabel('Read and answer what fans write').check()
    await theirs.getByLabel('Last day').fill(inDays(20))
    await theirs.getByLabel('A word to the artist').fill('For the winter record.')
    await expectAccessible(desk)
    await theirs.getByRole('button', { name: 'Ask', exact: true }).click()
    await expect(desk.getByText(/^The question to Moss was printed/)).toBeVisible()
    await expectAccessible(desk)
  })

  await test.step('the artist reads it on their home, and says yes', async () => {
    await page.goto('/studio?desk=moss')
    await expect(main.getByText('Fern Records asks to act for you.')).toBeVisible()
    await main.getByRole('link', { name: 'Say yes or no' }).click()
    await expect(main.getByText('For the winter record.')).toBeVisible()
    await main.getByRole('button', { name: /^Give it/ }).click()
    await expect(page.getByText('The mandate is in force.')).toBeVisible()
    await expect(main.getByText(/^Since .*, until .*: prepare releases/)).toBeVisible()
    await expectAccessible(page)
  })

  await test.step('the label’s day shows what the release on its way lacks, and that the mandate ends soon', async () => {
    const album = {
      artist: 'Moss',
      title: 'Low Tide',
      date: '2027',
      genre: 'Folk',
      tracks: [{ title: 'Ebb', seconds: 2 }],
    }
    const folder = await writeAlbum(dirname(program.dataDir), album)
    await runCommand(['import', folder, '--json'], { DATA_DIR: program.dataDir })
    await desk.goto('/studio?desk=fern-records')
    await expect(theirs.getByRole('heading', { name: 'Releases that lack something' })).toBeVisible()
    await expect(theirs.getByText(/^Lacks .*a day/)).toBeVisible()
    await expect(theirs.getByText('Everybody who wrote has an answer.')).toBeVisible()
    await expect(theirs.getByText('Nothing is planned yet.')).toBeVisible()
    await expect(theirs.getByRole('link', { name: 'Ask Moss for longer' })).toBeVisible()
    // No right on orders was given: parcels are not spoken of.
    await expect(theirs.getByRole('heading', { name: 'To pack' })).toHaveCount(0)
    await expectAccessible(desk)
  })

  await test.step('a plan of eight weeks stands in the list; one step is done, and done by mistake', async () => {
    await desk.getByRole('link', { name: 'Tasks', exact: true }).click()
    await theirs.getByRole('combobox', { name: 'Release' }).selectOption({ index: 1 })
    await theirs.getByLabel('Day of the release').fill(inDays(40))
    const plan = theirs.locator('form', { has: desk.getByRole('button', { name: 'Plan it' }) })
    await plan.getByLabel('Who').selectOption({ label: 'Noé' })
    await plan.getByRole('button', { name: 'Plan it' }).click()
    await expect(desk.getByText('The plan is on the list.')).toBeVisible()
    await expect(theirs.getByRole('button', { name: /^Done: / })).toHaveCount(12)
    const masters = theirs.getByRole('button', { name: /^Done: .*masters/ })
    await masters.click()
    await expect(desk.getByRole('status')).toContainText('masters')
    await expect(masters).toHaveCount(0)
    await desk.getByRole('button', { name: 'Undo' }).click()
    await expect(masters).toHaveCount(1)
    await theirs.getByRole('link', { name: 'By person' }).click()
    await expect(theirs.getByRole('heading', { level: 2, name: 'Noé' })).toBeVisible()
    await expectAccessible(desk)
  })

  await test.step('what the label asks of the artist stands at the artist’s own desk', async () => {
    const add = theirs.locator('form', { has: desk.getByRole('button', { name: 'Write it down' }) })
    await add.getByLabel('What').fill('Send the stems')
    const ofMoss = await add.locator('option', { hasText: '(Moss)' }).getAttribute('value')
    await add.getByLabel('Who').selectOption(ofMoss ?? '')
    await add.getByLabel('By when').fill(inDays(0))
    await add.getByLabel('About').selectOption({ label: 'Moss' })
    await add.getByRole('button', { name: 'Write it down' }).click()
    await expect(desk.getByText('It is on the list.')).toBeVisible()
    await page.goto('/studio/tasks?desk=moss')
    await expect(main.getByText('Send the stems')).toBeVisible()
    await expect(main.getByText(/Asked by Fern Records/)).toBeVisible()
    await expectAccessible(page)
    await main.getByRole('button', { name: 'Done: Send the stems' }).click()
    await expect(page.getByText('Done: Send the stems.')).toBeVisible()
  })

  await test.step('the artist ends the mandate, and the label’s next step finds nothing of theirs', async () => {
    await page.goto('/studio/people?desk=moss')
    await page.getByRole('button', { name: /^End it/ }).click()
    await expect(page.getByText('Fern Records may do nothing here any more.')).toBeVisible()
    await desk.goto('/studio?desk=moss')
    await expect(theirs.getByRole('heading', { name: 'No artist yet' })).toBeVisible()
    await expect(theirs).not.toContainText('Low Tide')
  })
})
