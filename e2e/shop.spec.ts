import { expectAccessible } from './support/accessible.ts'
import { sleeve } from './support/album.ts'
import { expect, PHONE } from './support/journey.ts'
import { test } from './support/label.ts'
import { saySeller } from './support/seller.ts'

test('a download at a price that the buyer names and a record are offered, ordered, paid by transfer, and are the buyer’s for good', async ({
  page,
  label,
  signIn,
  another,
}) => {
  await signIn(page)
  const main = page.getByRole('main')
  const buyer = await another(PHONE)
  const theirs = buyer.getByRole('main')
  // Both sizes of screen may share one place: what is offered here has a name of its own.
  const record = `Harbour on vinyl ${test.info().project.name}`

  await test.step('who sells is said, where transfers go, and what sending costs', async () => {
    const where = { street: '3 rue du Port', postcode: '29900', town: 'Concarneau' }
    await saySeller(page, { desk: 'ana-marsh', name: 'Ana Marsh', ...where })
    await page.goto('/studio/shop/settings?desk=ana-marsh')
    await main.getByLabel('Where transfers go').fill('Ana Marsh\nFR76 3000 6000 0112 3456 7890 189')
    await main.getByLabel('Countries').last().fill('EU')
    await main.getByLabel('Price in euros').last().fill('1,2,3')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('alert')).toContainText('Write an amount')
    await expectAccessible(page, { soft: true })
    await main.getByLabel('Price in euros').first().fill('6,90')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('status').first()).toContainText('Saved.')
  })

  await test.step('a download is offered, from nothing on; five euros are suggested', async () => {
    await page.goto('/studio/shop/new?desk=ana-marsh')
    await main.getByLabel('Of which music').selectOption({ label: 'Harbour Lights, Été' })
    await main.getByRole('button', { name: 'Go on' }).click()
    await main.getByLabel('The buyer').check()
    await main.getByLabel('Price in euros', { exact: true }).fill('0')
    await main.getByLabel('Suggested price in euros').fill('5')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('status').first()).toContainText('Saved.')
    await expectAccessible(page, { soft: true })
    await main.getByRole('button', { name: 'Offer it now' }).click()
    await expect(page.getByRole('status').first()).toContainText('It is offered now.')
  })

  await test.step('a record, in two colours of which few are there', async () => {
    await page.goto('/studio/shop/new?desk=ana-marsh')
    await main.getByLabel('Record', { exact: false }).first().check()
    await main.getByLabel('Title').fill(record)
    await main.getByRole('button', { name: 'Go on' }).click()
    await main.getByLabel('Price in euros', { exact: true }).fill('22')
    for (const [name, stock] of [
      ['Black', '3'],
      ['Sea green', '1'],
    ] as const) {
      await main.getByLabel('Another', { exact: true }).fill(name)
      await main.getByLabel('Weight in grams').last().fill('350')
      await main.getByLabel('In stock').last().fill(stock)
      await main.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByRole('status').first()).toContainText('Saved.')
    }
    await main.getByRole('button', { name: 'Offer it now' }).click()
    await expect(page.getByRole('status').first()).toContainText('It is offered now.')
  })

  await test.step('it has photographs: a list is none, one is taken off and put back', async () => {
    await main.getByRole('link', { name: 'Add photographs' }).click()
    const add = main.locator('#add')
    await add.getByLabel('Photograph').setInputFiles({
      name: 'record.jpg',
      mimeType: 'image/jpeg',
      buffer: Buffer.from('a shopping list'),
    })
    await add.getByLabel('What it shows').fill('The record in sea green')
    await add.getByRole('button', { name: 'Add the photograph' }).click()
    await expect(page.getByRole('alert')).toContainText('This is not a picture that we can read.')
    await expectAccessible(page, { soft: true })
    await expect(add.getByLabel('What it shows')).toHaveValue('The record in sea green')
    await add.getByLabel('Photograph').setInputFiles({
      name: 'record.jpg',
      mimeType: 'image/jpeg',
      buffer: await sleeve({ title: record }),
    })
    await add.getByLabel('Of which one').selectOption('Sea green')
    await add.getByRole('button', { name: 'Add the photograph' }).click()
    await expect(page.getByRole('status').first()).toContainText('The photograph is there.')
    await main.getByRole('button', { name: 'Take off photograph 1' }).click()
    await page.getByRole('status').getByRole('button', { name: 'Put it back' }).click()
    await expect(page.getByRole('status').first()).toContainText('It is back.')
    await expectAccessible(page, { soft: true })
  })

  await test.step('both together cost less, and there are as many as there are records', async () => {
    await page.goto('/studio/shop/new?desk=ana-marsh')
    await main.getByLabel('Bundle').check()
    await main.getByLabel('Title').fill(`Both ${test.info().project.name}`)
    await main.getByRole('button', { name: 'Go on' }).click()
    await main.getByLabel('Another thing').selectOption({ label: `${record}, Black (€22.00)` })
    await main.getByLabel('Price in euros', { exact: true }).fill('24')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('alert')).toContainText('A bundle holds two things at least.')
    await main.getByLabel('Another thing').selectOption({ label: 'Harbour Lights, Été (€5.00)' })
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(main).toContainText('The bundle saves €3.00.')
    await expectAccessible(page, { soft: true })
    await main.getByRole('button', { name: 'Offer it now' }).click()
    await expect(page.getByRole('status').first()).toContainText('It is offered now.')
    await buyer.goto(`${label.url}/ana-marsh/shop`)
    await theirs.getByRole('link', { name: `Both ${test.info().project.name}` }).click()
    await expect(theirs).toContainText('€3.00 less than one by one.')
    await expect(theirs).toContainText('3 are left.')
    await expectAccessible(buyer, { soft: true })
  })

  await test.step('somebody with a telephone puts both in a basket', async () => {
    await buyer.goto(`${label.url}/ana-marsh/shop`)
    await expectAccessible(buyer, { soft: true })
    await expect(theirs.getByRole('link', { name: record })).toBeVisible()
    // Who opens the artist's page finds it as well.
    await buyer.goto(`${label.url}/ana-marsh`)
    await theirs.locator('section.band', { hasText: 'Shop' }).getByRole('link', { name: 'Harbour Lights, Été' }).click()
    await expect(theirs).toContainText('Download at once')
    // And so does who stands before the music itself.
    await buyer.goto(`${label.url}/ana-marsh/harbour-lights-ete`)
    await expect(theirs.getByLabel('Your price, in euros')).toHaveValue('5.00')
    await expect(theirs).toContainText('FLAC')
    await expectAccessible(buyer, { soft: true })
    await theirs.getByLabel('Your price, in euros').fill('7,50')
    await theirs.getByRole('button', { name: 'Put it in the basket: Harbour Lights, Été' }).click()
    await expect(theirs.getByLabel('How many of Harbour Lights, Été')).toHaveValue('1')
    await buyer.goto(`${label.url}/ana-marsh/shop`)
    await theirs.getByRole('link', { name: record }).click()
    await expect(theirs.getByRole('img', { name: 'The record in sea green' })).toBeVisible()
    await expectAccessible(buyer, { soft: true })
    await theirs.getByLabel('Sea green').check()
    await theirs.getByRole('button', { name: 'Put it in the basket' }).click()
    await expect(theirs.getByLabel('How many of Harbour Lights, Été')).toHaveValue('1')
  })

  await test.step('one page asks for what is needed, and says what is missing', async () => {
    await theirs.getByLabel('Mail address', { exact: true }).fill('lea')
    await theirs.getByRole('button', { name: 'Order, and pay' }).click()
    await expect(theirs.getByRole('alert')).toContainText('This is no mail address.')
    await expect(theirs.getByRole('alert')).toContainText('Tick this')
    await expectAccessible(buyer, { soft: true })
    await theirs.getByLabel('Mail address', { exact: true }).fill('lea@buyers.example')
    await theirs.getByLabel('Country', { exact: true }).selectOption('DE')
    await theirs.getByRole('button', { name: 'Show what sending costs' }).click()
    await expect(theirs.locator('.sums').first()).toContainText('€36.40')
    await theirs.getByLabel('Name', { exact: true }).fill('Lea Brand')
    await theirs.getByLabel('Street and number').fill('Hafenstr. 2')
    await theirs.getByLabel('Postcode').fill('20359')
    await theirs.getByLabel('Town').fill('Hamburg')
    await theirs.getByLabel(/I would like to download at once/).check()
    await theirs.getByRole('button', { name: 'Order, and pay' }).click()
    await expect(theirs).toContainText('Your order waits for payment.')
    await expect(theirs).toContainText('FR76 3000')
    await expectAccessible(buyer, { soft: true })
  })
  const code =
    (await theirs
      .locator('strong')
      .filter({ hasText: /^\w{4}-\w{4}$/ })
      .textContent()) ?? ''

  await test.step('the last sea green one is kept: nobody else can have it', async () => {
    const other = await another(PHONE)
    await other.goto(`${label.url}/ana-marsh/shop`)
    await other.getByRole('main').getByRole('link', { name: record }).click()
    await expect(other.getByLabel('Sea green')).toBeDisabled()
  })

  await test.step('the money has come: the artist says so, once', async () => {
    await page.goto('/studio/shop?desk=ana-marsh')
    await expectAccessible(page, { soft: true })
    await main.getByRole('link', { name: code }).click()
    await expect(main).toContainText('Hafenstr. 2')
    await expectAccessible(page, { soft: true })
    await main.getByRole('button', { name: 'It has come' }).click()
    await expect(page.getByRole('status').first()).toContainText('It is paid.')
  })

  await test.step('the buyer has the download in every format, and finds it again by mail', async () => {
    await label.printed(new RegExp(`Mail to lea@buyers.example: Receipt for order ${code}`))
    await buyer.reload()
    await expect(theirs).toContainText('It is paid.')
    await expectAccessible(buyer, { soft: true })
    const flac = theirs.getByRole('link', { name: 'Harbour Lights, Été as FLAC' })
    const [download] = await Promise.all([buyer.waitForEvent('download', { timeout: 90_000 }), flac.click()])
    expect(download.suggestedFilename()).toMatch(/\.zip$/)
    const before = label.output().length
    await buyer.goto(`${label.url}/library`)
    await theirs.getByLabel('Mail address', { exact: true }).fill('LEA@buyers.example')
    await theirs.getByRole('button', { name: 'Send the link' }).click()
    const [, library = ''] = await label.printed(/Mail to lea@[\s\S]*?http:[^\s]*?(\/library\/\S+)/i, before)
    await buyer.goto(label.url + library)
    await expect(theirs).toContainText('Harbour Lights')
    await expectAccessible(buyer, { soft: true })
    await theirs.getByRole('link', { name: `Order ${code}` }).click()
  })

  await test.step('the terms are those that were accepted; the record is taken back, and the artist is told', async () => {
    await theirs.getByRole('link', { name: /The terms of sale, as you accepted them/ }).click()
    await expect(theirs).toContainText('Version 1')
    await expect(theirs).toContainText('Withdrawal form')
    await expectAccessible(buyer, { soft: true })
    await buyer.goBack()
    await theirs.getByText('Withdraw from this purchase').click()
    await theirs.getByRole('button', { name: 'Confirm the withdrawal' }).click()
    await expect(theirs.getByRole('status')).toContainText('Your withdrawal is written down.')
    await label.printed(new RegExp(`Mail to lea@buyers.example: Withdrawal from order ${code}`))
    await expectAccessible(buyer, { soft: true })
    await page.reload()
    await expect(main).toContainText('The buyer withdraws')
    await expectAccessible(page, { soft: true })
  })

  await test.step('money goes back, and is noted to the cent', async () => {
    await main.getByText('Give money back').click()
    await main.getByLabel('Amount given back, in euros').fill('100')
    await main.getByRole('button', { name: 'Note it' }).click()
    await expect(page.getByRole('alert')).toContainText('more than what is left')
    await main.getByLabel('Amount given back, in euros').fill('36,40')
    await main.getByRole('button', { name: 'Note it' }).click()
    await expect(main).toContainText('€36.40')
    await buyer.goto(`${label.url}/library`)
  })
})
