import { expectAccessible } from './support/accessible.ts'
import { expect, test } from './support/journey.ts'
import { becomeOwner, openArtist } from './support/owner.ts'

test('a label writes; it is read on its page and in its feed; what is said under it is answered from its inbox, and came back to it', async ({
  page,
  program,
  another,
}) => {
  page.setDefaultTimeout(30_000)
  const main = page.getByRole('main')
  await becomeOwner(page, program)
  await openArtist(page, 'Ana Marsh')
  const made = await page.request.post('/studio/labels/new', {
    form: { name: 'Fern Records', language: 'fr', who: 'me' },
    headers: { origin: program.url },
  })
  expect(made.ok()).toBe(true)

  await test.step('it says in what language and at what hours it works', async () => {
    await page.goto('/studio/label?desk=fern-records')
    await expect(main.getByLabel('Language of the page’s own words')).toHaveValue('fr')
    await main.getByLabel('Language of the page’s own words').selectOption('en')
    await main.getByLabel('Time zone').selectOption('Europe/Lisbon')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(main.getByLabel('Time zone')).toHaveValue('Europe/Lisbon')
    await expectAccessible(page)
  })

  await test.step('it writes, and publishes', async () => {
    await page.getByRole('link', { name: 'Journal' }).click()
    await main.getByRole('button', { name: 'Write' }).click()
    await main.getByLabel('Title').fill('A winter of new music')
    await main.getByLabel('Words').fill('Three records, *one each month*.')
    await expect(main.getByRole('region', { name: 'How it will read' })).toContainText('Three records')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(main.locator('[data-saving]')).toContainText('Saved.')
    await page.getByRole('link', { name: 'Publish' }).click()
    await page.getByRole('button', { name: 'Publish now' }).click()
    await expect(main).toContainText('Public since')
  })

  const reader = await another()
  await test.step('it is found from the label’s page, by readers and by their programs', async () => {
    await reader.goto(`${program.url}/fern-records`)
    const feed = await reader.locator('link[type="application/rss+xml"]').first().getAttribute('href')
    await expect
      .poll(async () => (await reader.request.get(new URL(feed ?? '', program.url).href)).text())
      .toContain('A winter of new music')
    await reader.getByRole('link', { name: /A winter of new music/ }).click()
    await expect(reader.getByRole('heading', { level: 1 })).toHaveText('A winter of new music')
    await expect(reader.locator('.words em')).toHaveText('one each month')
    await expectAccessible(reader)
  })

  await test.step('a comment comes, and is answered in the label’s inbox', async () => {
    await reader.getByLabel('Your name').fill('Léa')
    await reader.getByLabel('Your comment').fill('Which one comes first?')
    await reader.getByRole('button', { name: 'Send' }).click()
    await expect(reader.getByRole('heading', { level: 1, name: 'Thank you' })).toBeVisible()
    await page.goto('/studio/inbox?desk=fern-records')
    await expect(async () => {
      await page.reload()
      await expect(main).toContainText('Which one comes first?', { timeout: 1_000 })
    }).toPass({ timeout: 60_000 })
    await main.getByRole('link', { name: /Léa/ }).click()
    await main.getByLabel('Answer', { exact: true }).fill('The one with the ferns.')
    await main.getByRole('button', { name: 'Send', exact: true }).click()
    await expect(main).toContainText('The one with the ferns.')
    await reader.goto(`${program.url}/fern-records/journal/a-winter-of-new-music`)
    await expect(async () => {
      await reader.reload()
      await expect(reader.locator('.comments')).toContainText('The one with the ferns.', { timeout: 1_000 })
    }).toPass({ timeout: 30_000 })
    await expect(reader.locator('.comments .answer b')).toHaveText('Fern Records')
  })

  await test.step('its Returns show it, and the artist’s do not', async () => {
    await page.goto('/studio/returns?desk=fern-records')
    await main.getByRole('link', { name: 'A winter of new music' }).click()
    await expect(main.getByRole('heading', { level: 1 })).toHaveText('A winter of new music')
    await expect(main).toContainText('Lisbon')
    await page.goto('/studio/returns?desk=ana-marsh')
    await expect(main).not.toContainText('A winter of new music')
  })
})
