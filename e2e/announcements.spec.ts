import { expect } from '@playwright/test'
import { expectAccessible } from './support/accessible.ts'
import { test } from './support/label.ts'

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false })

  test('an announcement is written, shown as it will arrive, and its readers chosen, by buttons alone', async ({
    page,
    signIn,
  }) => {
    await signIn(page)
    await page.goto('/studio/announcements')
    await page.getByRole('button', { name: 'Write an announcement' }).click()
    await page.getByLabel('Title').first().fill('Out today, œuvre')
    await page.getByLabel('Words', { exact: true }).first().fill('It is *here*.')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('status').first()).toHaveText('Saved.')
    await expect(page.locator('.bubble')).toContainText('Out today, œuvre')
    await expect(page.locator('.previews')).toContainText('70 signs instead of 160')
    await expect(page.frameLocator('iframe').getByRole('heading')).toHaveText('Out today, œuvre')
    await page.getByRole('link', { name: 'As plain text' }).click()
    await expect(page.frameLocator('iframe').locator('pre')).toContainText('It is here.')
    await page.getByRole('link', { name: 'Next: for whom' }).click()
    await expect(page.getByText('Nobody has asked to be told on these channels yet')).toBeVisible()
    await page.getByLabel('Only those who').selectOption({ label: 'listened' })
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByLabel('How many times at least').fill('3')
    await expect(page.getByLabel('How many days')).toBeVisible()
    await page.getByRole('button', { name: 'Add this condition' }).click()
    await expect(page.getByText('listened to anything, 3 times or more')).toBeVisible()
    await page.getByRole('button', { name: /^Take away/ }).click()
    await page.getByRole('link', { name: 'Next: send' }).click()
    await expect(page.getByText('Nobody would be told')).toBeVisible()
    await expect(page.getByRole('button', { name: /^Send to/ })).toHaveCount(0)
  })
})

test('what is written is saved and shown as one goes, in a page that everybody can use', async ({ page, signIn }) => {
  await signIn(page)
  await page.goto('/studio/announcements')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Write an announcement' }).click()
  await page.getByLabel('Title').first().fill('Saved as I write')
  await page.getByLabel('Title').first().blur()
  await expect(page.locator('.bubble')).toContainText('Saved as I write')
  await expect(page.frameLocator('iframe').getByRole('heading')).toHaveText('Saved as I write')
  await expectAccessible(page)
  await page.reload()
  await expect(page.getByLabel('Title').first()).toHaveValue('Saved as I write')
  for (const section of ['For whom', 'Send']) {
    await page.getByRole('link', { name: section, exact: true }).click()
    await expectAccessible(page)
  }
})
