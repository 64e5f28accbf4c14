import { expectAccessible } from './support/accessible.ts'
import { expect, PHONE } from './support/journey.ts'
import { test } from './support/label.ts'
import { saySeller } from './support/seller.ts'
import { databaseIn, query } from './support/servers.ts'

test('somebody becomes a member, pays, pauses, goes on and leaves, each in one press; the artist sees who they are', async ({
  page,
  label,
  signIn,
  another,
}) => {
  await signIn(page)
  const main = page.getByRole('main')
  const title = `The kitchen ${test.info().project.name}`

  await test.step('the artist offers a membership, with all that is published', async () => {
    const where = { street: '3 rue du Port', postcode: '29900', town: 'Concarneau' }
    await saySeller(page, { desk: 'ana-marsh', name: 'Ana Marsh', ...where })
    await page.goto('/studio/shop/settings?desk=ana-marsh')
    await main.getByLabel('Where transfers go').fill('FR76 3000 6000 0112 3456 7890 189')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('status').first()).toContainText('Saved.')
    await page.goto('/studio/shop/new?desk=ana-marsh')
    await main.getByLabel('Membership', { exact: false }).check()
    await main.getByLabel('Title').fill(title)
    await main.getByRole('button', { name: 'Go on' }).click()
    await main.getByLabel('What members get').fill('A song from the kitchen each month, before everybody.')
    await main
      .getByLabel('Music that comes with it')
      .selectOption({ label: 'All that is published, while they are members' })
    await main.getByLabel('Price in euros').fill('0')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('alert')).toContainText('Write an amount')
    await main.getByLabel('Price in euros').fill('6')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('status').first()).toContainText('Saved.')
    await expectAccessible(page, { soft: true })
    await main.getByRole('button', { name: 'Offer it now' }).click()
    await expect(page.getByRole('status').first()).toContainText('It is offered now.')
  })

  const fan = await another(PHONE)
  const theirs = fan.getByRole('main')
  let code = ''
  await test.step('somebody orders it as anything else, and pays by transfer', async () => {
    await fan.goto(`${label.url}/ana-marsh/shop`)
    await theirs.getByRole('link', { name: title }).click()
    await expect(theirs).toContainText('€6.00 a month')
    await expect(theirs).toContainText('Nothing is taken by itself unless you agree to it')
    await expectAccessible(fan, { soft: true })
    await theirs.getByRole('button', { name: 'Become a member' }).click()
    await theirs.getByLabel('Mail address', { exact: true }).fill('mia@members.example')
    await theirs.getByLabel('Country', { exact: true }).selectOption('FR')
    await theirs.getByRole('button', { name: 'Order, and pay' }).click()
    await expect(theirs).toContainText('Your order waits for payment.')
    code =
      (await theirs
        .locator('strong')
        .filter({ hasText: /^\w{4}-\w{4}$/ })
        .textContent()) ?? ''
  })

  let member = ''
  await test.step('the money has come; the receipt leads to the membership, and to the music', async () => {
    await page.goto('/studio/shop?desk=ana-marsh')
    await main.getByRole('link', { name: code }).click()
    const before = label.output().length
    await main.getByRole('button', { name: 'It has come' }).click()
    await expect(page.getByRole('status').first()).toContainText('It is paid.')
    const [, link = '', library = ''] = await label.printed(
      /Mail to mia@members[\s\S]*?http:[^\s]*?(\/member\/\S+)[\s\S]*?http:[^\s]*?(\/library\/\S+)/,
      before,
    )
    member = link
    await fan.goto(label.url + member)
    await expect(theirs).toContainText('You are a member, paid until')
    await expect(theirs).toContainText(`Order ${code}`)
    await expectAccessible(fan, { soft: true })
    await expect(theirs).toContainText('The mail of each payment has the link to all your music.')
    await fan.goto(label.url + library)
    await expect(theirs).toContainText('Harbour Lights, Été')
    await expect(theirs.getByRole('link', { name: title })).toBeVisible()
  })

  await test.step('they pause, go on, and leave; what they paid stays', async () => {
    await theirs.getByRole('link', { name: title }).click()
    await theirs.getByRole('button', { name: 'Pause' }).click()
    await expect(theirs).toContainText('Paused. You stay a member until')
    await theirs.getByRole('button', { name: 'Go on' }).click()
    await expect(theirs).toContainText('You are a member, paid until')
    const before = label.output().length
    await theirs.getByRole('button', { name: 'Leave' }).click()
    await expect(theirs).toContainText('You have left. You stay a member until')
    await expect(theirs.getByRole('button', { name: 'Go on' })).toHaveCount(0)
    await expectAccessible(fan, { soft: true })
    await label.printed(new RegExp(`Mail to mia@members.example: You have left ${title}`), before)
  })

  await test.step('the artist sees who was there, and what it brought', async () => {
    await page.goto('/studio/shop?desk=ana-marsh')
    await main.getByRole('link', { name: 'Members' }).click()
    const row = main.getByRole('row').filter({ hasText: 'mia@members.example' })
    await expect(row).toContainText('Left')
    await expect(row).toContainText('€6.00')
    await expectAccessible(page, { soft: true })
  })
})

test('somebody agrees that their card pays: they are told before, it is charged on the day, refused, replaced and forgotten', async ({
  page,
  label,
  signIn,
  another,
}) => {
  await signIn(page)
  const main = page.getByRole('main')
  const { stripe } = label
  const desk = 'desk=les-quatre-fenetres'
  const project = test.info().project.name
  const account = stripe.addAccount({ name: 'Les Quatre Fenêtres' })
  const title = `The window ${project}`
  const mail = `ida.${project}@members.example`
  const mailed = (what: string, from: number) => label.printed(new RegExp(`Mail to ${mail}: ${what}`), from)
  const database = databaseIn(label.dataDir)
  const run = (job: string) => query(database, `select graphile_worker.add_job('${job}', '{}'::json)`)

  await test.step('the artist takes cards, and offers a membership', async () => {
    const where = { street: '4 rue des Vitres', postcode: '35000', town: 'Rennes' }
    await saySeller(page, { desk: 'les-quatre-fenetres', name: 'Les Quatre Fenêtres', ...where })
    await page.goto(`/studio/shop/payments?${desk}`)
    const key = main.getByLabel('Secret key')
    if (!(await key.isVisible())) await main.getByText('Use another key').click()
    await key.fill(account.key)
    await main.getByRole('button', { name: 'Use it' }).click()
    await expect(page.getByRole('status').first()).toContainText('This account is used')
    const address = await main.locator('code', { hasText: '/hooks/stripe/' }).textContent()
    const secret = `whsec_${account.id.slice(5)}`
    stripe.listen({ url: label.url + new URL(address ?? '').pathname, secret, account: account.id, connect: false })
    await main.getByLabel('Signing secret').fill(secret)
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('status').first()).toContainText('The secret is kept.')
    await page.goto(`/studio/shop/new?${desk}`)
    await main.getByLabel('Membership', { exact: false }).check()
    await main.getByLabel('Title').fill(title)
    await main.getByRole('button', { name: 'Go on' }).click()
    await main.getByLabel('Price in euros').fill('6')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('status').first()).toContainText('Saved.')
    await main.getByRole('button', { name: 'Offer it now' }).click()
    await expect(page.getByRole('status').first()).toContainText('It is offered now.')
  })

  const fan = await another(PHONE)
  const theirs = fan.getByRole('main')
  let member = ''
  await test.step('somebody agrees, by a box of its own, and pays the first month', async () => {
    await fan.goto(`${label.url}/les-quatre-fenetres/shop`)
    await theirs.getByRole('link', { name: title }).click()
    await theirs.getByRole('button', { name: 'Become a member' }).click()
    await theirs.getByLabel('Mail address', { exact: true }).fill(mail)
    await theirs.getByLabel('Country', { exact: true }).selectOption('FR')
    const box = theirs.getByLabel(`For “${title}”, €6.00 may be taken from this card each month`)
    await expect(box).not.toBeChecked()
    await box.check()
    await expectAccessible(fan, { soft: true })
    const before = label.output().length
    await theirs.getByRole('button', { name: 'Order, and pay' }).click()
    await theirs.getByRole('link', { name: 'Pay €6.00 by card' }).click()
    await fan.getByRole('button', { name: 'Pay by card' }).click()
    await expect(theirs).toContainText('It is paid.')
    const [, link = ''] = await label.printed(
      new RegExp(`Mail to ${mail}[\\s\\S]*?http:[^\\s]*?(/member/\\S+)`),
      before,
    )
    member = label.url + link
  })

  await test.step('on the page of their membership stands which card pays, when, how much, and what they agreed to', async () => {
    await fan.goto(member)
    await expect(theirs).toContainText('The Visa card ending 4242 pays each next period.')
    await expect(theirs).toContainText('€6.00 will be taken from it. A mail tells you before.')
    await expect(theirs.locator('blockquote')).toContainText('€6.00 may be taken from this card each month')
    await expectAccessible(fan, { soft: true })
  })

  await test.step('begun again by somebody else, it waits until they agree anew, by a box of its own', async () => {
    await query(database, 'update kept_cards set waits_since = now() where forgotten_at is null')
    await fan.reload()
    await expect(theirs).not.toContainText('will be taken from it')
    await theirs.getByRole('button', { name: 'Let this card pay again' }).click()
    await expect(theirs).toContainText('Tick the box if you agree')
    await expectAccessible(fan, { soft: true })
    await theirs.getByLabel(`For “${title}”, €6.00 may be taken from this card each month`).first().check()
    await theirs.getByRole('button', { name: 'Let this card pay again' }).click()
    await expect(theirs).toContainText('€6.00 will be taken from it. A mail tells you before.')
  })

  /** The last period is nearly over; they are told. */
  const nearlyOver = async () => {
    const before = label.output().length
    await query(database, `update members set paid_until = now() + interval '6 days' where title = $1`, [title])
    await run('shop.renew')
    await mailed(`${title}: €6\\.00 on`, before)
  }
  /** And now it is. */
  const over = async () => {
    await query(database, `update member_charges set due_at = now() - interval '1 minute' where state = 'due'`)
    await run('shop.charge-cards')
  }

  await test.step('they are told, the card is charged on the day, and the receipt comes', async () => {
    await nearlyOver()
    const before = label.output().length
    await over()
    await mailed('Receipt for order', before)
    await fan.goto(member)
    await expect(theirs.getByRole('link', { name: /^Order / })).toHaveCount(2)
  })

  await test.step('they give another card, and only when they agree', async () => {
    await theirs.getByText('Use another card').click()
    await theirs.getByRole('button', { name: 'Go on to the card' }).click()
    await expect(theirs).toContainText('Tick the box if you agree')
    await expectAccessible(fan, { soft: true })
    await theirs.getByLabel(`For “${title}”`).check()
    await theirs.getByRole('button', { name: 'Go on to the card' }).click()
    await expectAccessible(fan, { soft: true })
    await theirs.getByRole('link', { name: 'Give the card at Stripe' }).click()
    await fan.getByLabel('Card').selectOption('4000000000009995')
    await fan.getByRole('button', { name: 'Keep this card' }).click()
    await expect(theirs).toContainText('The Visa card ending 9995 pays each next period.')
  })

  await test.step('the bank says no: they are told why, and when it is tried again; the artist sees it', async () => {
    await nearlyOver()
    const before = label.output().length
    await over()
    await mailed(`${title}: the payment did not go through`, before)
    await fan.goto(member)
    await expect(theirs).toContainText('there was not enough on the card')
    await expect(theirs).toContainText('It is tried again on')
    await expectAccessible(fan, { soft: true })
    await page.goto(`/studio/shop/members?${desk}`)
    const row = main.getByRole('row').filter({ hasText: mail })
    await expect(row).toContainText('By itself, card 9995')
    await expect(row).toContainText('not enough on it')
    await expectAccessible(page, { soft: true })
  })

  await test.step('they have their card forgotten, in one press', async () => {
    await theirs.getByRole('button', { name: 'Forget my card' }).click()
    await expect(theirs).toContainText('Pay by card, by itself')
    await expect(theirs).not.toContainText('9995')
    await expect(async () => {
      expect(stripe.methods(account.id).filter(({ customer }) => customer !== null)).toEqual([])
    }).toPass()
    await expectAccessible(fan, { soft: true })
  })
})
