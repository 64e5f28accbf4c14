import { expectAccessible } from './support/accessible.ts'
import { expect, PHONE } from './support/journey.ts'
import { test } from './support/label.ts'
import { saySeller } from './support/seller.ts'

test('a visitor gives what they like, with a word, and the artist reads it', async ({
  page,
  label,
  signIn,
  another,
}) => {
  await signIn(page)
  const main = page.getByRole('main')
  const title = `For the road ${test.info().project.name}`

  await test.step('the artist offers it in four presses', async () => {
    const where = { street: '3 rue du Port', postcode: '29900', town: 'Concarneau' }
    await saySeller(page, { desk: 'ana-marsh', name: 'Ana Marsh', ...where })
    await page.goto('/studio/shop/settings?desk=ana-marsh')
    await main.getByLabel('Where transfers go').fill('FR76 3000 6000 0112 3456 7890 189')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('status').first()).toContainText('Saved.')
    await page.goto('/studio/shop/new?desk=ana-marsh')
    await main.getByLabel('Tip', { exact: false }).check()
    await main.getByLabel('Title').fill(title)
    await main.getByRole('button', { name: 'Go on' }).click()
    await expect(main.getByLabel('Lowest amount, in euros')).toHaveValue('1.00')
    await main.getByLabel('Lowest amount, in euros').fill('0')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('alert')).toContainText('more than nothing')
    await main.getByLabel('Lowest amount, in euros').fill('1')
    await main.getByLabel('Suggested price in euros').fill('5')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('status').first()).toContainText('Saved.')
    await expectAccessible(page, { soft: true })
    await main.getByRole('button', { name: 'Offer it now' }).click()
    await expect(page.getByRole('status').first()).toContainText('It is offered now.')
  })

  const visitor = await another(PHONE)
  const theirs = visitor.getByRole('main')
  let code = ''
  await test.step('somebody gives seven euros and a word', async () => {
    await visitor.goto(`${label.url}/ana-marsh/shop`)
    await theirs.getByRole('link', { name: title }).click()
    await expectAccessible(visitor, { soft: true })
    await theirs.getByLabel('What you give, in euros').fill('7')
    await theirs.getByRole('button', { name: 'Go on' }).click()
    await theirs.getByLabel('A word for Ana Marsh').fill('For the song about the rain.')
    await theirs.getByRole('button', { name: 'Order, and pay' }).click()
    await expect(theirs.getByRole('alert')).toContainText('mail address')
    await expect(theirs.getByLabel('A word for Ana Marsh')).toHaveValue('For the song about the rain.')
    await theirs.getByLabel('Mail address', { exact: true }).fill('noe@tips.example')
    await theirs.getByLabel('Country', { exact: true }).selectOption('FR')
    await expectAccessible(visitor, { soft: true })
    await theirs.getByRole('button', { name: 'Order, and pay' }).click()
    await expect(theirs).toContainText('Your order waits for payment.')
    const shown = theirs.locator('strong').filter({ hasText: /^\w{4}-\w{4}$/ })
    code = (await shown.textContent()) ?? ''
  })

  await test.step('the money has come; the word is beside it', async () => {
    await page.goto('/studio/shop?desk=ana-marsh')
    await main.getByRole('link', { name: code }).click()
    await expect(main).toContainText('For the song about the rain.')
    await expect(main).toContainText('nothing is sold')
    await main.getByRole('button', { name: 'It has come' }).click()
    await expect(page.getByRole('status').first()).toContainText('It is paid.')
    await label.printed(new RegExp(`Mail to noe@tips.example: Receipt for order ${code}`))
  })
})
