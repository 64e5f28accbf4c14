import type { Page } from '@playwright/test'

/** Says in the studio who sells at a desk: a small business in France that charges no VAT, with its books in euros. */
export async function saySeller(
  page: Page,
  { desk, name, street, postcode, town }: Record<'desk' | 'name' | 'street' | 'postcode' | 'town', string>,
): Promise<void> {
  const main = page.getByRole('main')
  await page.goto(`/studio/books/seller?desk=${desk}`)
  await main.getByLabel('Legal name').fill(name)
  await main.getByLabel('Street and number').fill(street)
  await main.getByLabel('Postcode').fill(postcode)
  await main.getByLabel('Town').fill(town)
  await main.getByLabel('Country', { exact: true }).selectOption('FR')
  await main.getByLabel('I charge no VAT: my business is small').check()
  await main.getByLabel('Currency of the books').selectOption('EUR')
  await main.getByRole('button', { name: 'Save' }).click()
  await page.waitForURL(/\/studio\/books\/seller\?done=1/)
}
