import type { Page } from '@playwright/test'
import { expectAccessible } from './support/accessible.ts'
import { expect, PHONE } from './support/journey.ts'
import { type Label, test } from './support/label.ts'
import { saySeller } from './support/seller.ts'
import { databaseIn, query } from './support/servers.ts'

const DESK = '?desk=ana-marsh'

/** The artist offers a membership of that name, somebody takes it out and pays: where they see it. */
async function becomeMember(page: Page, fan: Page, label: Label, { title, mail }: { title: string; mail: string }) {
  const main = page.getByRole('main')
  const theirs = fan.getByRole('main')
  await saySeller(page, {
    desk: 'ana-marsh',
    name: 'Ana Marsh',
    street: '3 rue du Port',
    postcode: '29900',
    town: 'Concarneau',
  })
  await page.goto(`/studio/shop/settings${DESK}`)
  await main.getByLabel('Where transfers go').fill('FR76 3000 6000 0112 3456 7890 189')
  await main.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('status').first()).toContainText('Saved.')
  await page.goto(`/studio/shop/new${DESK}`)
  await main.getByLabel('Membership', { exact: false }).check()
  await main.getByLabel('Title').fill(title)
  await main.getByRole('button', { name: 'Go on' }).click()
  await main.getByLabel('Price in euros').fill('6')
  await main.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('status').first()).toContainText('Saved.')
  await main.getByRole('button', { name: 'Offer it now' }).click()
  await expect(page.getByRole('status').first()).toContainText('It is offered now.')

  await fan.goto(`${label.url}/ana-marsh/shop`)
  await theirs.getByRole('link', { name: title }).click()
  await theirs.getByRole('button', { name: 'Become a member' }).click()
  await theirs.getByLabel('Mail address', { exact: true }).fill(mail)
  await theirs.getByLabel('Country', { exact: true }).selectOption('FR')
  await theirs.getByRole('button', { name: 'Order, and pay' }).click()
  await expect(theirs).toContainText('Your order waits for payment.')
  const code = await theirs
    .locator('strong')
    .filter({ hasText: /^\w{4}-\w{4}$/ })
    .textContent()
  await page.goto(`/studio/shop${DESK}`)
  await main.getByRole('link', { name: code ?? '' }).click()
  const before = label.output().length
  await main.getByRole('button', { name: 'It has come' }).click()
  await expect(page.getByRole('status').first()).toContainText('It is paid.')
  const [, link = ''] = await label.printed(new RegExp(`Mail to ${mail}[\\s\\S]*?http:[^\\s]*?(/member/\\S+)`), before)
  return link
}

test('an artist writes for members: others see that it is there, a member is let in by one press, and out again when nothing is paid', async ({
  page,
  label,
  signIn,
  another,
}) => {
  test.slow()
  await signIn(page)
  const main = page.getByRole('main')
  const own = test.info().project.name
  const title = `For those inside ${own}`
  const mail = `mia-${own}@inside.example`
  const fan = await another(PHONE)
  const theirs = fan.getByRole('main')
  const membership = await becomeMember(page, fan, label, { title: `The attic ${own}`, mail })

  await test.step('the artist writes, and says who is to read it', async () => {
    await page.goto(`/studio/journal${DESK}`)
    await page.getByRole('button', { name: 'Write' }).click()
    await main.getByLabel('Title').fill(title)
    await main.getByLabel('Words').fill('The key is under the red pot.')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(main.locator('[data-saving]')).toContainText('Saved.')
    await page.getByRole('link', { name: 'Publish' }).click()
    await expectAccessible(page, { soft: true })
    await main.getByLabel('A word for everybody').fill('Where we keep the key.')
    // Where there is more than one membership, whom it is for is asked.
    const everyMember = main.getByRole('radio', { name: 'Every member' })
    if (await everyMember.count()) await everyMember.check()
    await main.getByRole('button', { name: 'Give it to members' }).click()
    await expect(page.getByRole('status').first()).toContainText('For members.')
    await expectAccessible(page, { soft: true })
  })

  const stranger = await another(PHONE)
  const post = `${label.url}/ana-marsh/journal/for-those-inside-${own}`
  await test.step('a stranger sees that it is there, what the artist says of it, and the way in', async () => {
    await stranger.goto(`${label.url}/ana-marsh/journal`)
    await stranger.getByRole('link', { name: title }).click()
    const seen = stranger.getByRole('main')
    await expect(seen).toContainText('Where we keep the key.')
    await expect(seen).toContainText('This is for members of Ana Marsh')
    await expect(seen).not.toContainText('red pot')
    await expectAccessible(stranger, { soft: true })
    await seen.getByRole('link', { name: 'Become a member' }).click()
    await expect(stranger).toHaveURL(`${label.url}/ana-marsh/shop`)
  })

  await test.step('a member opens it in their browser, without scripts as well', async () => {
    await fan.goto(post)
    await expect(theirs).not.toContainText('red pot')
    await fan.goto(label.url + membership)
    await expectAccessible(fan, { soft: true })
    await theirs.getByRole('button', { name: 'Open it in this browser' }).click()
    await theirs.getByRole('link', { name: title }).click()
    await expect(theirs).toContainText('The key is under the red pot.')
    await expect(theirs).toContainText('You see this because you are one.')
    await expectAccessible(fan, { soft: true })
    // What they were shown is shown to nobody else.
    await stranger.goto(post)
    await expect(stranger.getByRole('main')).not.toContainText('red pot')
    const plain = await another({ ...PHONE, javaScriptEnabled: false })
    await plain.goto(label.url + membership)
    await plain.getByRole('button', { name: 'Open it in this browser' }).click()
    await plain.getByRole('link', { name: title }).click()
    await expect(plain.getByRole('main')).toContainText('The key is under the red pot.')
  })

  await test.step('they leave: it stays open until what is paid is over, and is closed then', async () => {
    await fan.goto(label.url + membership)
    await theirs.getByRole('button', { name: 'Leave' }).click()
    await expect(theirs).toContainText('You have left.')
    await fan.goto(post)
    await expect(theirs).toContainText('The key is under the red pot.')
    await query(
      databaseIn(label.dataDir),
      `update members set paid_until = now() - interval '1 second' where mail_key = $1`,
      [mail],
    )
    await fan.goto(post)
    await expect(theirs).toContainText('This is for members of Ana Marsh')
    await expect(theirs).not.toContainText('red pot')
    await fan.goto(label.url + membership)
    await expect(theirs.getByRole('button', { name: 'Open it in this browser' })).toHaveCount(0)
  })
})
