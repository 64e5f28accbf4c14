import { expectAccessible } from './support/accessible.ts'
import { expect, PHONE } from './support/journey.ts'
import { test } from './support/label.ts'
import { saySeller } from './support/seller.ts'

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
    await main.getByLabel('Price in EUR').fill('0')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('alert')).toContainText('Write an amount')
    await main.getByLabel('Price in EUR').fill('6')
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
    const [, link = ''] = await label.printed(/Mail to mia@members[\s\S]*?http:[^\s]*?(\/member\/\S+)/, before)
    member = link
    await fan.goto(label.url + member)
    await expect(theirs).toContainText('You are a member, paid until')
    await expect(theirs).toContainText(`Order ${code}`)
    await expectAccessible(fan, { soft: true })
    await theirs.getByRole('link', { name: 'Your music' }).click()
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
