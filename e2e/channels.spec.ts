import { expect } from '@playwright/test'
import { expectAccessible } from './support/accessible.ts'
import { test } from './support/label.ts'

test('a mail server is added, tried, and switched off, in pages that everybody can use', async ({ page, signIn }) => {
  await signIn(page)
  await page.goto('/studio/channels')
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Add a mail server' }).click()
  await page.getByRole('button', { name: 'Add it' }).click()
  await expect(page.getByLabel('Server', { exact: true })).toHaveAttribute('aria-invalid', 'true')
  await page.getByLabel('Server', { exact: true }).fill('127.0.0.1')
  // Nobody listens there.
  await page.getByLabel('Port').fill('9')
  await page.getByLabel('Address that mail comes from').fill('hello@music.example')
  await page.getByRole('button', { name: 'Add it' }).click()
  await expect(page.getByRole('status').first()).toHaveText('It is there. Try it now.')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Try it now' }).click()
  await expect(page.getByRole('status').first()).toContainText('It could not be sent now')
  await page.getByRole('button', { name: 'Switch off' }).click()
  await expect(page.getByText('Switched off, nothing')).toHaveCount(0)
  await expect(page.getByText('It is switched off: nothing leaves by it.')).toBeVisible()
})

test('a mailbox to watch is added, and what is wrong with it is said in a sentence', async ({ page, signIn }) => {
  await signIn(page)
  await page.goto('/studio/channels/new/imap')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Add it' }).click()
  await expect(page.getByLabel('User name')).toHaveAttribute('aria-invalid', 'true')
  await page.getByLabel('Server', { exact: true }).fill('127.0.0.1')
  // Nobody listens there.
  await page.getByLabel('Port').fill('9')
  await page.getByLabel('User name').fill('ana@music.example')
  await page.getByLabel('Password').fill('secret')
  await page.getByRole('button', { name: 'Add it' }).click()
  await expect(page.getByRole('status').first()).toHaveText('It is there. Try it now.')
  await page.getByRole('button', { name: 'Try it now' }).click()
  await expect(page.getByRole('status').first()).toContainText('Nobody answers there')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Switch off' }).click()
  await expect(page.getByText('the mailbox is not looked into.')).toBeVisible()
})
