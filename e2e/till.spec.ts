import { expectAccessible } from './support/accessible.ts'
import { expect } from './support/journey.ts'
import { test } from './support/label.ts'
import { saySeller } from './support/seller.ts'

test('records are sold at a table without a connection, arrive once when it is back, and the box is counted', async ({
  page,
  context,
  label,
  signIn,
  tolerated,
}) => {
  await signIn(page)
  tolerated.push(/ERR_INTERNET_DISCONNECTED/)
  const main = page.getByRole('main')
  const record = `Harbour cassette ${test.info().project.name}`

  await test.step('a record is offered, of which two are there', async () => {
    const where = { street: '3 rue du Port', postcode: '29900', town: 'Concarneau' }
    await saySeller(page, { desk: 'ana-marsh', name: 'Ana Marsh', ...where })
    await page.goto('/studio/shop/new?desk=ana-marsh')
    await main.getByLabel('Record', { exact: false }).first().check()
    await main.getByLabel('Title').fill(record)
    await main.getByRole('button', { name: 'Go on' }).click()
    await main.getByLabel('Price in euros', { exact: true }).fill('9,50')
    await main.getByLabel('Weight in grams').last().fill('80')
    await main.getByLabel('In stock').last().fill('2')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('status').first()).toContainText('Saved.')
    await main.getByRole('button', { name: 'Offer it now' }).click()
    await expect(page.getByRole('status').first()).toContainText('It is offered now.')
  })

  await test.step('the evening begins with change in the box; it says who may use this till', async () => {
    await page.goto('/studio/shop?desk=ana-marsh')
    await main.getByRole('link', { name: 'At the table' }).click()
    await expect(main).toContainText('French law asks you for no certified till')
    await main.getByLabel('Where').fill('Le Bikini')
    await main.getByLabel('Change in the box').fill('fifty')
    await main.getByRole('button', { name: 'Open the till' }).click()
    await expect(page.getByRole('alert')).toContainText('Write an amount')
    await expectAccessible(page, { soft: true })
    await main.getByLabel('Change in the box').fill('50')
    await main.getByRole('button', { name: 'Open the till' }).click()
    await expect(main.getByRole('heading', { name: 'Le Bikini' })).toBeVisible()
  })

  const thing = main.getByRole('button', { name: new RegExp(`^${record}`) })
  await test.step('without a connection two are sold, and wait on the telephone', async () => {
    await expect(thing).toContainText('2 in stock')
    // The page is kept a moment after it is there.
    const isKept = () => page.evaluate(async () => Boolean(await caches.match(location.pathname)))
    await expect.poll(isKept).toBe(true)
    await context.setOffline(true)
    await thing.click()
    await thing.click()
    await expect(main.locator('output')).toHaveText('€19.00')
    await main.getByLabel('Given, in euros').fill('20')
    await expect(main).toContainText('Change: €1.00')
    await expectAccessible(page, { soft: true })
    await main.getByRole('button', { name: 'Paid in cash' }).click()
    await expect(main).toContainText('Sold: €19.00. Change: €1.00')
    await expect(main).toContainText('Sales that wait on this telephone: 1.')
    await expect(thing).toContainText('none left')
    // A third lay in the van.
    await thing.click()
    await main.getByRole('button', { name: 'Paid otherwise' }).click()
    await expect(main).toContainText('Sales that wait on this telephone: 2.')
    // The telephone was put away, and the browser let the page go.
    await page.reload()
    await expect(main.getByRole('heading', { name: 'Le Bikini' })).toBeVisible()
    await expect(main).toContainText('Sales that wait on this telephone: 2.')
    await expect(thing).toContainText('none left')
    await thing.click()
    await expect(main.locator('output')).toHaveText('€9.50')
  })

  await test.step('an answer that is lost on its way back makes no second sale', async () => {
    let lost = 0
    await page.route('**/sales', async (route) => {
      if (lost++ > 0) return route.fallback()
      await route.fetch()
      await route.abort()
    })
    tolerated.push(/ERR_FAILED/)
    await context.setOffline(false)
    await expect(main).toContainText('Everything has arrived.')
    expect(lost).toBeGreaterThan(2)
    await expect(main).toContainText(`More was sold than was counted: 1 × ${record}`)
    await page.reload()
    await expect(main.getByRole('table', { name: 'Sold' }).getByRole('link')).toHaveCount(2)
    await expect(main).toContainText('Sold without being in stock')
    await expect(main).toContainText('€69.00')
    await expectAccessible(page, { soft: true })
  })

  await test.step('where no script runs a form does the same', async () => {
    const plain = await context.browser()?.newContext({ javaScriptEnabled: false, baseURL: label.url })
    if (!plain) throw new Error('no browser')
    await plain.addCookies(await context.cookies())
    const form = await plain.newPage()
    await form.goto(page.url())
    await form.getByRole('main').getByLabel(record).fill('1')
    await form.getByLabel('Given, in euros').fill('5')
    await form.getByRole('button', { name: 'Sold', exact: true }).click()
    await expect(form.getByRole('alert')).toContainText('less than the total')
    await form.getByLabel('Given, in euros').fill('10')
    await form.getByRole('button', { name: 'Sold', exact: true }).click()
    await expect(form.getByRole('status').first()).toContainText('Sold for €9.50. Change: €0.50.')
    await plain.close()
  })

  await test.step('the box is counted, and what is missing is said', async () => {
    await page.reload()
    await main.getByText('End the evening').click()
    await main.getByLabel('Counted, in euros').fill('78')
    await main.getByRole('button', { name: 'It is counted' }).click()
    await expect(page.getByRole('status').first()).toContainText('The evening is counted')
    await expect(main).toContainText('−€0.50')
    await expectAccessible(page, { soft: true })
  })
})
