import { expectAccessible } from './support/accessible.ts'
import { expect, PHONE } from './support/journey.ts'
import { test } from './support/label.ts'
import { saySeller } from './support/seller.ts'

test('a download is bought for a friend, whose address was mistyped; it is set right, and the friend takes it', async ({
  page,
  label,
  signIn,
  another,
}) => {
  await signIn(page)
  const main = page.getByRole('main')
  const title = `A song to give ${test.info().project.name}`

  await test.step('the artist offers a download', async () => {
    const where = { street: '3 rue du Port', postcode: '29900', town: 'Concarneau' }
    await saySeller(page, { desk: 'ana-marsh', name: 'Ana Marsh', ...where })
    await page.goto('/studio/shop/settings?desk=ana-marsh')
    await main.getByLabel('Where transfers go').fill('FR76 3000 6000 0112 3456 7890 189')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('status').first()).toContainText('Saved.')
    await page.goto('/studio/shop/new?desk=ana-marsh')
    await main.getByLabel('Of which music').selectOption({ label: 'Harbour Lights, Été' })
    await main.getByLabel('Title').fill(title)
    await main.getByRole('button', { name: 'Go on' }).click()
    await main.getByLabel('Price in euros', { exact: true }).fill('7')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('status').first()).toContainText('Saved.')
    await main.getByRole('button', { name: 'Offer it now' }).click()
    await expect(page.getByRole('status').first()).toContainText('It is offered now.')
  })

  const buyer = await another(PHONE)
  const theirs = buyer.getByRole('main')
  let code = ''
  let before = 0
  await test.step('somebody buys it for a friend, with a word', async () => {
    await buyer.goto(`${label.url}/ana-marsh/shop`)
    await theirs.getByRole('link', { name: title }).click()
    await theirs.getByRole('button', { name: 'Put it in the basket' }).click()
    await theirs.getByText('It is for a friend').click()
    await theirs.getByLabel('Your words').fill('For the train.')
    await theirs.getByLabel('Mail address', { exact: true }).fill('noe@present.example')
    await theirs.getByLabel('Country', { exact: true }).selectOption('FR')
    await theirs.getByLabel('I would like to download at once', { exact: false }).check()
    await theirs.getByRole('button', { name: 'Order, and pay' }).click()
    await expect(theirs.getByRole('alert')).toContainText('who thought of them')
    await expect(theirs.getByLabel('Your words')).toHaveValue('For the train.')
    await theirs.getByLabel('Your friend’s mail address').fill('idda@present.example')
    await theirs.getByLabel('Your name, as your friend knows you').fill('Noé')
    await theirs.getByLabel('The day on which they are told').fill('2001-01-01')
    await theirs.getByRole('button', { name: 'Order, and pay' }).click()
    await expect(theirs.getByRole('alert')).toContainText('today or a later day')
    await theirs.getByLabel('The day on which they are told').fill('')
    await expectAccessible(buyer, { soft: true })
    await theirs.getByRole('button', { name: 'Order, and pay' }).click()
    await expect(theirs).toContainText('Your order waits for payment.')
    code =
      (await theirs
        .locator('strong')
        .filter({ hasText: /^\w{4}-\w{4}$/ })
        .textContent()) ?? ''
    await page.goto('/studio/shop?desk=ana-marsh')
    await main.getByRole('link', { name: code }).click()
    before = label.output().length
    await main.getByRole('button', { name: 'It has come' }).click()
    await expect(page.getByRole('status').first()).toContainText('It is paid.')
  })

  let wrong = ''
  let right = ''
  await test.step('the address was wrong, and is set right', async () => {
    wrong = (await label.printed(/Mail to idda@present[\s\S]*?http:[^\s]*?(\/present\/\S+)/, before))[1] ?? ''
    await buyer.reload()
    await expect(theirs).toContainText('A mail went to idda@present.example')
    await expectAccessible(buyer, { soft: true })
    await theirs.getByLabel('Your friend’s mail address').fill('ida@present.example')
    await theirs.getByRole('button', { name: 'Send it again' }).click()
    right = (await label.printed(/Mail to ida@present[\s\S]*?http:[^\s]*?(\/present\/\S+)/, before))[1] ?? ''
  })

  await test.step('the friend takes it, and the link before opens nothing', async () => {
    const friend = await another(PHONE)
    const hers = friend.getByRole('main')
    expect((await friend.request.get(label.url + wrong)).status()).toBe(404)
    await friend.goto(label.url + right)
    await expect(hers).toContainText('Noé gives you music by Ana Marsh')
    await expect(hers).toContainText('For the train.')
    await expectAccessible(friend, { soft: true })
    await hers.getByRole('button', { name: 'Take it into your library' }).click()
    await expect(hers).toContainText('All that ida@present.example')
    await expect(hers.getByRole('link', { name: /FLAC/ })).toBeVisible()
    await buyer.reload()
    await expect(theirs).toContainText('It was taken on')
  })
})
