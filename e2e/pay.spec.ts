import { expectAccessible } from './support/accessible.ts'
import { expect, PHONE } from './support/journey.ts'
import { test } from './support/label.ts'
import { saySeller } from './support/seller.ts'

test('a download is paid by card on Stripe’s page, and is the buyer’s at once; money goes back, a dispute comes', async ({
  page,
  label,
  signIn,
  another,
}) => {
  await signIn(page)
  const main = page.getByRole('main')
  const { stripe } = label
  const desk = 'desk=les-quatre-fenetres'
  // Both sizes of screen may share one place: each has an account of its own.
  const account = stripe.addAccount({ name: 'Les Quatre Fenêtres' })
  const title = `Minuit ${test.info().project.name}`

  await test.step('who sells is said', async () => {
    const where = { street: '4 rue des Vitres', postcode: '35000', town: 'Rennes' }
    await saySeller(page, { desk: 'les-quatre-fenetres', name: 'Les Quatre Fenêtres', ...where })
    await expect(page.getByRole('status').first()).toBeVisible()
  })

  await test.step('a key is asked whose it is before it is kept; what is not one, or unknown, is refused', async () => {
    await page.goto(`/studio/shop/settings?${desk}`)
    await main.getByRole('link', { name: 'Payment by card' }).click()
    const key = main.getByLabel('Secret key')
    if (!(await key.isVisible())) await main.getByText('Use another key').click()
    await key.fill('pk_live_no')
    await main.getByRole('button', { name: 'Use it' }).click()
    await expect(page.getByRole('alert').first()).toContainText('no secret key')
    await expectAccessible(page, { soft: true })
    await key.fill('sk_live_0000000000000000')
    await main.getByRole('button', { name: 'Use it' }).click()
    await expect(page.getByRole('alert').first()).toContainText('Stripe does not know this key')
    await key.fill(account.key)
    await main.getByRole('button', { name: 'Use it' }).click()
    await expect(page.getByRole('status').first()).toContainText('This account is used')
    await expect(main).toContainText(account.id)
    await expect(main).not.toContainText(account.key)
    await expect(main.getByText('Live', { exact: true })).toBeVisible()
  })

  await test.step('Stripe is told where to tell us, and signs what it tells', async () => {
    const address = await main.locator('code', { hasText: '/hooks/stripe/' }).textContent()
    const secret = `whsec_${account.id.slice(5)}`
    stripe.listen({ url: label.url + new URL(address ?? '').pathname, secret, account: account.id, connect: false })
    await main.getByLabel('Signing secret').fill(secret)
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('status').first()).toContainText('The secret is kept.')
    await main.getByRole('button', { name: 'Try it' }).click()
    await expect(page.getByRole('status').first()).toContainText('Stripe has answered.')
    await main.getByText('Which events').click()
    await expect(main).toContainText('checkout.session.completed')
    await expectAccessible(page, { soft: true })
  })

  await test.step('a download is offered at nine euros', async () => {
    await page.goto(`/studio/shop/new?${desk}`)
    await main.getByLabel('Of which music').selectOption({ label: 'Minuit' })
    await main.getByLabel('Title').fill(title)
    await main.getByRole('button', { name: 'Go on' }).click()
    await main.getByLabel('Price in euros', { exact: true }).fill('9')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('status').first()).toContainText('Saved.')
    await main.getByRole('button', { name: 'Offer it now' }).click()
    await expect(page.getByRole('status').first()).toContainText('It is offered now.')
  })

  const order = async () => {
    const buyer = await another(PHONE)
    const theirs = buyer.getByRole('main')
    await buyer.goto(`${label.url}/les-quatre-fenetres/shop`)
    await theirs.getByRole('link', { name: title }).click()
    await theirs.getByRole('button', { name: 'Put it in the basket' }).click()
    await theirs.getByLabel('Mail address', { exact: true }).fill('lea@cards.example')
    await theirs.getByLabel('Country', { exact: true }).selectOption('FR')
    await theirs.getByLabel(/I would like to download at once/).check()
    await expect(theirs.getByLabel('By card')).toBeChecked()
    await expectAccessible(buyer, { soft: true })
    return { buyer, theirs }
  }

  const { buyer, theirs } = await order()
  await test.step('when Stripe cannot be reached the order is kept, and the buyer tries again', async () => {
    for (let n = 0; n < 3; n++) stripe.trouble(/POST \/v1\/checkout\/sessions$/, 'dropped')
    await theirs.getByRole('button', { name: 'Order, and pay' }).click()
    await expect(theirs.getByRole('alert')).toContainText('cannot be reached')
    await expectAccessible(buyer, { soft: true })
    await theirs.getByRole('button', { name: 'Try again' }).click()
    await expect(theirs.getByRole('link', { name: 'Pay €9.00 by card' })).toBeVisible()
    await expectAccessible(buyer, { soft: true })
  })

  await test.step('the buyer pays on Stripe’s page, and has it when they are back', async () => {
    await theirs.getByRole('link', { name: 'Pay €9.00 by card' }).click()
    await expect(buyer.getByRole('heading')).toHaveText('Pay 900 eur')
    await buyer.getByRole('link', { name: 'Back' }).click()
    await expect(theirs).toContainText('Your order waits for payment.')
    await theirs.getByRole('link', { name: 'Pay €9.00 by card' }).click()
    await buyer.getByRole('button', { name: 'Pay by card' }).click()
    await expect(theirs).toContainText('It is paid.')
    await expect(theirs.getByRole('link', { name: `Minuit as FLAC` })).toBeVisible()
    await expectAccessible(buyer, { soft: true })
    // The page of an order leads to nobody's library: the mail does, which only who has the address reads.
    const [, library = ''] = await label.printed(/Mail to lea@cards[\s\S]*?http:[^\s]*?(\/library\/\S+)/)
    await buyer.goto(label.url + library)
    await expect(theirs).toContainText('Minuit')
  })

  await test.step('the receipt comes once, though Stripe tells it twice', async () => {
    const [, code = ''] = await label.printed(/Mail to lea@cards\.example: Receipt for order (\S+)/)
    await stripe.quiet()
    for (const { id } of stripe.events(account.id)) expect(await stripe.send(id)).toEqual([204])
    await page.goto(`/studio/shop?${desk}`)
    await main.getByRole('link', { name: code.replace(/,$/, '') }).click()
    await expect(main).toContainText('Paid by card')
    await expect(main).toContainText('€0.42')
    await expectAccessible(page, { soft: true })
  })

  await test.step('the artist gives a part back: Stripe does it, and the books have it', async () => {
    await main.getByText('Give money back').click()
    await main.getByLabel('Amount given back, in euros').fill('2,50')
    await main.getByRole('button', { name: 'Give it back' }).click()
    await expect(page.getByRole('status').first()).toContainText('Stripe has been asked.')
    await expect(async () => {
      await page.reload()
      await expect(main.locator('.sums')).toContainText('€2.50', { timeout: 500 })
    }).toPass()
    expect(stripe.refunds(account.id).map(({ amount }) => amount)).toEqual([250])
    await expectAccessible(page, { soft: true })
  })

  await test.step('a dispute comes, is shown with its day, and is won', async () => {
    const [session] = stripe.sessions(account.id)
    const dispute = stripe.dispute(session?.id ?? '')
    await stripe.quiet()
    await page.reload()
    await expect(main).toContainText('The buyer’s bank took €6.50 back.')
    await expect(main).toContainText('To be answered until')
    await expectAccessible(page, { soft: true })
    await page.goto(`/studio/shop?${desk}`)
    await expect(main).toContainText('disputes a payment')
    await expectAccessible(page, { soft: true })
    stripe.closeDispute(dispute, true)
    await stripe.quiet()
    await page.reload()
    await expect(main).not.toContainText('disputes a payment')
  })
})
