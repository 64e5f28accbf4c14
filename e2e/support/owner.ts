import { expect, type Page } from '@playwright/test'
import type { Program } from './program.ts'

export const OWNER = { name: 'Ana Marsh', email: 'ana@marsh.example' }

/** Opens the set-up link that the program printed, fills the form, and stands on the page that offers a passkey. */
export async function becomeOwner(page: Page, program: Program): Promise<void> {
  if (!program.setUpLink) throw new Error('No set-up link was printed: there is an owner already.')
  await page.goto(program.setUpLink)
  await page.getByLabel('Your name').fill(OWNER.name)
  await page.getByLabel('Mail address').fill(OWNER.email)
  await page.getByRole('button', { name: 'Make it mine' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Come back with a touch' })).toBeVisible()
}

/** Asks for a link by mail, as on the page of sign-in, and reads it where a program without a mail server prints it. */
export async function askForLink(page: Page, program: Program, email = OWNER.email): Promise<string> {
  const before = program.output().length
  await page.goto('/studio/sign-in')
  await page.getByLabel('Mail address').fill(email)
  await page.getByRole('button', { name: 'Send me a link' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Look at your mail' })).toBeVisible()
  const [link] = await program.printed(/http\S+\/studio\/enter\/\S+/, before)
  return link
}

/** Opens an artist's page in the studio, oneself answering for it. */
export async function openArtist(page: Page, name: string, url = ''): Promise<void> {
  await page.goto(`${url}/studio`)
  await page.getByRole('link', { name: 'Open an artist’s page' }).click()
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByRole('button', { name: 'Create' }).click()
  await expect(page.locator('.desk')).toContainText(name)
}
