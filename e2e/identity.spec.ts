import { expectAccessible } from './support/accessible.ts'
import { expect, test } from './support/journey.ts'
import { becomeOwner, OWNER, openArtist } from './support/owner.ts'

// A form that is refused answers 422, which Chromium reports as a failed load.
test.use({ tolerated: async ({ browserName: _ }, use) => use([/status of 422/]) })

test('an artist invites an editor, lets a label help, and takes both back', async ({ page, browser, program }) => {
  await becomeOwner(page, program)
  await openArtist(page, 'Moss')
  await page.goto('/studio/labels/new')
  await page.getByLabel('Name', { exact: true }).fill('Fern Records')
  await page.getByRole('button', { name: 'Create' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Fern Records')

  await page.goto('/studio/people?desk=moss')
  await page.getByLabel('Mail address').fill('noe@example.org')
  const before = program.output().length
  await page.getByRole('button', { name: 'Send the invitation' }).click()
  await expect(page.getByRole('status')).toContainText('noe@example.org')
  const [link] = await program.printed(/http\S+\/studio\/enter\/\S+/, before)

  const elsewhere = await browser.newContext({ baseURL: program.url })
  const noe = await elsewhere.newPage()
  await test.step('the editor accepts, and sees the music but not the people', async () => {
    await noe.goto(link)
    await expect(noe.getByRole('heading', { level: 1 })).toHaveText(`${OWNER.name} invites you`)
    await expectAccessible(noe)
    await noe.getByLabel('Your name').fill('Noé')
    await noe.getByRole('button', { name: 'Accept' }).click()
    await expect(noe.locator('.desk')).toContainText('Moss')
    await expect(noe.getByRole('link', { name: 'Music', exact: true })).toBeVisible()
    await expect(noe.getByRole('link', { name: 'People', exact: true })).toHaveCount(0)
  })

  await test.step('the label gets a mandate', async () => {
    await page.reload()
    await page.getByLabel('Label', { exact: true }).selectOption({ label: 'Fern Records' })
    await page.getByLabel('Prepare releases').check()
    await page.getByRole('button', { name: 'Give this mandate' }).click()
    await expect(page.getByText('The mandate is in force.')).toBeVisible()
    await expect(page.getByText(/^Since .*, until somebody ends it: prepare releases$/)).toBeVisible()
    await expectAccessible(page)
  })

  await test.step('who answers alone cannot leave', async () => {
    await page.getByRole('button', { name: `Remove ${OWNER.name}` }).click()
    await expect(page.getByRole('alert')).toContainText('You are the only one who answers for Moss')
    await page.goto('/studio/people')
  })

  await test.step('both are taken back, and a slip is undone', async () => {
    await page.getByRole('button', { name: 'Remove Noé' }).click()
    await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible()
    await noe.reload()
    await expect(noe.getByRole('link', { name: 'Music', exact: true })).toHaveCount(0)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByText('Noé is back.')).toBeVisible()
    await noe.reload()
    await expect(noe.getByRole('link', { name: 'Music', exact: true })).toBeVisible()
    await page.getByRole('button', { name: /^End it/ }).click()
    await expect(page.getByText('Fern Records may do nothing here any more.')).toBeVisible()
  })
  await elsewhere.close()
})
