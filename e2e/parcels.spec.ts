import { expectAccessible } from './support/accessible.ts'
import { expect, PHONE } from './support/journey.ts'
import { test } from './support/label.ts'
import { saySeller } from './support/seller.ts'

test('two variants of a record go abroad: one parcel now, one later, each with its mail', async ({
  page,
  label,
  signIn,
  another,
}) => {
  await signIn(page)
  const main = page.getByRole('main')
  const where = { street: '3 rue du Port', postcode: '29900', town: 'Concarneau' }
  await saySeller(page, { desk: 'ana-marsh', name: 'Ana Marsh', ...where })
  await page.goto('/studio/shop/settings?desk=ana-marsh')
  await main.getByLabel('Where transfers go').fill('Ana Marsh\nFR76 3000 6000 0112 3456 7890 189')
  await main.getByLabel('Countries').last().fill('US')
  await main.getByLabel('Price in euros').last().fill('12')
  await main.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('status').first()).toContainText('Saved.')

  await test.step('a record in two colours', async () => {
    await page.goto('/studio/shop/new?desk=ana-marsh')
    await main.getByLabel('Record', { exact: false }).first().check()
    await main.getByLabel('Title').fill('Parcel record')
    await main.getByRole('button', { name: 'Go on' }).click()
    await main.getByLabel('Price in euros', { exact: true }).fill('22')
    for (const name of ['Black', 'Sea green']) {
      await main.getByLabel('Another', { exact: true }).fill(name)
      await main.getByLabel('Weight in grams').last().fill('350')
      await main.getByLabel('In stock').last().fill('3')
      await main.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByRole('status').first()).toContainText('Saved.')
    }
    await main.getByRole('button', { name: 'Offer it now' }).click()
    await expect(page.getByRole('status').first()).toContainText('It is offered now.')
  })

  const buyer = await another(PHONE)
  const theirs = buyer.getByRole('main')
  await test.step('both are ordered from the United States', async () => {
    for (const name of ['Black', 'Sea green']) {
      await buyer.goto(`${label.url}/ana-marsh/shop`)
      await theirs.getByRole('link', { name: 'Parcel record' }).click()
      await theirs.getByLabel(name).check()
      await theirs.getByRole('button', { name: 'Put it in the basket' }).click()
      await expect(theirs.getByRole('button', { name: 'Order, and pay' })).toBeVisible()
    }
    await theirs.getByLabel('Mail address', { exact: true }).fill('ann@buyers.example')
    await theirs.getByLabel('Country', { exact: true }).selectOption('US')
    await theirs.getByRole('button', { name: 'Show what sending costs' }).click()
    await expect(theirs.locator('.sums').first()).toContainText('€56.00')
    await theirs.getByLabel('Name', { exact: true }).fill('Ann Poe')
    await theirs.getByLabel('Street and number').fill('1 Elm Street')
    await theirs.getByLabel('Postcode').fill('10001')
    await theirs.getByLabel('Town').fill('New York')
    await theirs.getByRole('button', { name: 'Order, and pay' }).click()
    await expect(theirs).toContainText('Your order waits for payment.')
  })
  const code =
    (await theirs
      .locator('strong')
      .filter({ hasText: /^\w{4}-\w{4}$/ })
      .textContent()) ?? ''

  await test.step('it is in the list once it is paid, and not before', async () => {
    await page.goto('/studio/parcels?desk=ana-marsh')
    await expect(main).toContainText('Nothing to send')
    await page.goto('/studio/shop?desk=ana-marsh')
    await main.getByRole('link', { name: code }).click()
    await main.getByRole('button', { name: 'It has come' }).click()
    await expect(page.getByRole('status').first()).toContainText('It is paid.')
    await page.goto('/studio/parcels?desk=ana-marsh')
    await expect(main).toContainText('One order waits to be packed.')
    await expect(main.getByRole('heading', { name: 'United States' })).toBeVisible()
    // Customs ask what it is: the list says what they would not be told.
    await expect(main).toContainText('Customs ask for the tariff code')
    await main.getByRole('link', { name: 'Parcel record' }).click()
    await main.getByLabel('Tariff code (HS)').fill('85')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('alert')).toContainText('A tariff code has 6 to 10 figures.')
    await main.getByLabel('Tariff code (HS)').fill('8523.80')
    await main.getByLabel('What it is, for an officer abroad').fill('Vinyl record')
    await main.getByLabel('Made in').selectOption('CZ')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('status').first()).toContainText('Saved.')
    await page.goto('/studio/parcels?desk=ana-marsh')
    await expect(main).toContainText('The customs declaration is printed with it')
    await expect(main).not.toContainText('Customs ask for the tariff code')
    await expectAccessible(page, { soft: true })
    await main.getByRole('checkbox').check()
    const [labels] = await Promise.all([
      page.waitForEvent('download'),
      main.getByRole('button', { name: 'Address labels (PDF)' }).click(),
    ])
    expect(labels.suggestedFilename()).toBe(`${code}-label.pdf`)
  })

  await test.step('one leaves now, with its number: the buyer is told and sees it', async () => {
    await main.getByRole('link', { name: code }).click()
    await expectAccessible(page, { soft: true })
    await main.getByLabel('Parcel record, Sea green: how many of 1').fill('2')
    await main.getByLabel('Carrier').selectOption('La Poste, Colissimo')
    await main.getByLabel('Tracking number').fill('LA 123 456 FR')
    await main.getByRole('button', { name: 'It has left' }).click()
    await expect(page.getByRole('alert')).toContainText('Only 1 is left.')
    await expect(main.getByLabel('Tracking number')).toHaveValue('LA 123 456 FR')
    await expectAccessible(page, { soft: true })
    await main.getByLabel('Parcel record, Sea green: how many of 1').fill('0')
    await main.getByRole('button', { name: 'It has left' }).click()
    await expect(page.getByRole('status').first()).toContainText('It has left')
    await label.printed(new RegExp(`Mail to ann@buyers.example: Your parcel has left: order ${code}`))
    await buyer.reload()
    await expect(theirs).toContainText('Still to leave: 1 × Parcel record, Sea green')
    await expect(theirs.getByRole('link', { name: 'Follow the parcel' })).toHaveAttribute('href', /LA123456FR/)
    await expectAccessible(buyer, { soft: true })
  })

  await test.step('the rest is packed, and leaves by the carrier’s file', async () => {
    await main.getByRole('button', { name: 'Packed, leaves later' }).click()
    await expect(page.getByRole('status').first()).toContainText('It is packed.')
    await expectAccessible(page, { soft: true })
    await page.goto('/studio/parcels?desk=ana-marsh')
    await main.getByRole('link', { name: 'The carrier’s file' }).click()
    await main.getByLabel('The carrier’s file (CSV)').setInputFiles({
      ...{ name: 'colissimo.csv', mimeType: 'text/csv' },
      buffer: Buffer.from(`Référence;N° de suivi\r\n${code};6A11223344556\r\nBo;8,9E+15\r\n`),
    })
    await main.getByRole('button', { name: 'Look at it' }).click()
    await expect(main).toContainText('One parcel leaves; no number to correct; one line does nothing.')
    await expect(main).toContainText('Leaves with this number: 1 × Parcel record, Sea green')
    await expectAccessible(page, { soft: true })
    await main.getByRole('button', { name: 'It has left' }).click()
    await expect(page.getByRole('status').first()).toContainText('One parcel left')
    await expect(main).toContainText('Has left, with this number')
    await buyer.reload()
    await expect(theirs).toContainText('6A11223344556')
    await main.getByRole('link', { name: code }).click()
    await expect(main).toContainText('All of it has left.')
    await main.getByText('Keep a proof of posting').last().click()
    await main.getByLabel('Number of the receipt').last().fill('R 12')
    await expectAccessible(page, { soft: true })
    await main.getByRole('button', { name: 'Keep it' }).last().click()
    await expect(page.getByRole('status').first()).toContainText('The proof is kept.')
    await expect(main).toContainText('No. R 12')
    await expectAccessible(page, { soft: true })
    await page.goto('/studio/parcels?desk=ana-marsh')
    await expect(main).toContainText('Nothing to send')
  })

  await test.step('nothing is sent there any more: the journeys that follow begin as this one did', async () => {
    await page.goto('/studio/shop/settings?desk=ana-marsh')
    const line = main.getByLabel('Countries').nth(-2)
    await expect(line).toHaveValue('US')
    await line.fill('')
    await main.getByLabel('Price in euros').nth(-2).fill('')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('status').first()).toContainText('Saved.')
    await expect(main.getByLabel('Countries')).toHaveCount(1)
  })
})
