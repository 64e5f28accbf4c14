import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addDays, dayIn } from '../../platform/days.ts'
import { newId } from '../../platform/ids.ts'
import {
  emptied,
  type GivenRelease,
  givenRelease,
  givenSeller,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
} from '../../testing/index.ts'
import { createLabel, type MandatePermission } from '../identity/index.ts'
import { scheduleRelease } from '../music/index.ts'
import { placeOrder, settleOrder } from '../shop/index.ts'

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let tides: GivenRelease
let labelId: string
let manager: SignedIn
beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  tides = await givenRelease(platform, { artist: 'Ana Marsh', title: 'Tides', tracks: ['Ebb'], publish: false })
  const label = await platform.db.transaction().execute((tx) => createLabel(tx, { name: 'Fern', ownerId: null }))
  labelId = label.id
  manager = await signedIn(platform, { labelIds: [labelId] })
}, 120_000)
afterAll(() => platform.close())
beforeEach(() => emptied(platform, 'tasks, mandates, conversations'))

const lets = (permissions: MandatePermission[], endsAt: Date | null = null) =>
  platform.db
    .insertInto('mandates')
    .values({ id: newId(), artistId: tides.artistId, labelId, permissions, endsAt })
    .execute()
const home = async (lang = 'en') =>
  (await app.request(`/studio?desk=fern&lang=${lang}`, { headers: manager.headers })).text()

test('a label without an artist is told what will be here, and whom it asked', async () => {
  expect(await home()).toContain('No artist yet')
  expect(await home()).toContain('Nothing is due this week')
  expect(await home('fr')).toContain('Pas encore d’artiste')
})

test('a release on its way says what it lacks, and what is planned stands beside its artist', async () => {
  await lets(['music.edit'])
  const before = await home()
  expect(before).toContain('Ana Marsh: Tides')
  expect(before).toMatch(/Lacks a cover, a day and credits/)
  expect(before).toContain('Nothing is planned yet.')
  const at = new Date(platform.now().getTime() + 9 * 86_400_000)
  await scheduleRelease(platform, { releaseId: tides.releaseId, at, zone: 'Europe/Paris', by: null })
  const after = await home()
  expect(after).toMatch(/Lacks a cover and credits/)
  expect(after).toContain('Release: Tides')
})

test('who waits for an answer is told of those alone who let the label answer', async () => {
  await platform.db
    .insertInto('conversations')
    .values({
      id: newId(),
      artistId: tides.artistId,
      labelId: null,
      fanId: null,
      assignedTo: null,
      startedAt: platform.now(),
      lastAt: platform.now(),
      waitingSince: platform.now(),
    })
    .execute()
  await lets(['books.see'])
  const closed = await home()
  expect(closed).toContain('Everybody who wrote has an answer.')
  // What it may not see is not spoken of, rather than said to be empty.
  expect(closed).not.toContain('Tides')
  expect(closed).not.toContain('Releases that lack something')
  expect(closed).not.toContain('To pack')
  await platform.db.deleteFrom('mandates').execute()
  await lets(['inbox.answer', 'orders.handle'])
  const open = await home()
  expect(open).toMatch(/1 conversation, the first for/)
  expect(open).toContain('/studio/inbox?desk=ana-marsh')
  expect(open).toContain('No paid order waits for a parcel.')
})

test('a paid order with an address waits to be packed, until all of it was given back', async () => {
  const { db } = platform
  await lets(['orders.handle', 'books.see'])
  const sellerId = await givenSeller(db, { artistId: tides.artistId })
  const [productId, variantId, basketId] = [newId(), newId(), newId()]
  const product = {
    slug: 'vinyl',
    title: 'Vinyl',
    kind: 'merch',
    pricing: 'fixed',
    price: 2000,
    currency: 'EUR',
  } as const
  await db
    .insertInto('products')
    .values({
      ...product,
      id: productId,
      artistId: tides.artistId,
      sellerId,
      subject: null,
      suggested: null,
      state: 'offered',
      releasedAt: null,
    })
    .execute()
  await db
    .insertInto('variants')
    .values({ id: variantId, productId, weight: 300, stock: null, price: null, removedAt: null })
    .execute()
  await db.insertInto('baskets').values({ id: basketId, tokenHash: newId(), sellerId, updatedAt: new Date() }).execute()
  await db.insertInto('basketLines').values({ basketId, variantId, quantity: 1, named: null }).execute()
  const placed = await placeOrder(platform, {
    ...{
      formKey: newId(),
      basketId,
      artistId: tides.artistId,
      mail: 'lise@buyers.example',
      mailKey: 'lise@buyers.example',
    },
    ...{ name: 'Lise', language: 'fr', evidence: [{ kind: 'declared', country: 'FR' }], shipping: 450, note: '' },
    address: { name: 'Lise', lines: ['1 quai Sud'], postcode: '44000', city: 'Nantes', region: '', country: 'FR' },
    terms: { version: '1', language: 'fr', waiver: null },
    ...{ provider: 'manual', hold: { seconds: 3600 }, personId: null, way: {} },
  })
  if (!placed.ok) throw new Error(placed.error.problem)
  expect(await home()).toContain('No paid order waits for a parcel.')
  const { orderId, total: amount } = placed.value
  const payment = { orderId, provider: 'manual', reference: 'one', amount, currency: 'EUR', at: platform.now() }
  expect(await db.transaction().execute((tx) => settleOrder(tx, payment))).toBe('paid')
  expect(await home()).toMatch(/1 paid order to send, the first paid/)
  await db.updateTable('orders').set({ refunded: amount }).where('id', '=', orderId).execute()
  expect(await home()).toContain('No paid order waits for a parcel.')

  // What is shared of it is due once the month is over.
  const subject = `product:${productId}`
  const split = { subject, title: 'Vinyl', state: 'agreed', askedFrom: '2020-01-01', beginsOn: '2020-01-01' } as const
  await db
    .insertInto('splits')
    .values({
      ...split,
      id: newId(),
      sellerId,
      recoupsCosts: false,
      createdAt: new Date(),
      createdBy: null,
      decidedAt: new Date(),
    })
    .execute()
  expect(await home()).toContain('No statement is due.')
  platform.pass(32 * 86_400_000)
  // By then nobody is signed in any more.
  manager = await signedIn(platform, { labelIds: [labelId] })
  expect(await home()).toContain('Months that are over wait to be shared out')
})

test('a mandate that ends soon is said, and one that is over takes everything of its artist along', async () => {
  await lets(['music.edit'], new Date(platform.now().getTime() + 5 * 86_400_000))
  expect(await home()).toContain('Ask Ana Marsh for longer')
  await platform.db
    .updateTable('mandates')
    .set({ grantedAt: new Date(0), endsAt: new Date(Date.now() - 1000) })
    .execute()
  const page = await home()
  expect(page).toContain('No artist yet')
  expect(page).not.toContain('Tides')
})

test('of the week’s tasks the overdue come first, and what is later stays on its list', async () => {
  const today = dayIn(platform.now(), 'UTC')
  const add = (title: string, dueOn: string) =>
    platform.db
      .insertInto('tasks')
      .values({ id: newId(), artistId: null, labelId, title, dueOn, createdAt: platform.now() })
      .execute()
  await add('In a month', addDays(today, 31))
  await add('On Thursday', addDays(today, 4))
  await add('Long ago', addDays(today, -40))
  const page = await home()
  expect(page.indexOf('Long ago')).toBeGreaterThan(0)
  expect(page.indexOf('Long ago')).toBeLessThan(page.indexOf('On Thursday'))
  expect(page).not.toContain('In a month')
})
