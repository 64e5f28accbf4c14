import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readMigrations, type Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import { givenSeller, type TestPlatform, testPlatform } from '../../testing/index.ts'
import { createArtist } from '../identity/index.ts'
import { yearsAbroad } from './cross-border.store.ts'
import { type NewOrder, placeOrder, recordRefund, settleOrder } from './index.ts'
import { linesOf } from './order.store.ts'
import { undoRefund } from './refund-order.ts'
import { anOrder, givenBasket, givenProduct } from './shop.fixtures.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => platform.db.transaction().execute(work)
const REGISTERED = { vatRegime: 'registered', vatNumber: 'FR40303265045' } as const

async function aShop(said: Parameters<typeof givenSeller>[1] = {}) {
  const artistId = (await inTx((tx) => createArtist(tx, { name: `Ana ${newId()}` }))).id
  return { artistId, sellerId: await givenSeller(platform.db, { artistId, ...REGISTERED, ...said }) }
}
type Shop = Awaited<ReturnType<typeof aShop>>
type Wanted = Partial<Parameters<typeof givenProduct>[1]> & { named?: number }

const buyer = (country: string, sentTo = country): Partial<NewOrder> => ({
  address: { name: 'B', lines: ['1'], postcode: '1', city: 'C', region: '', country: sentTo },
  evidence: [
    { kind: 'declared', country },
    { kind: 'network', country },
  ],
})

async function order(shop: Shop, wanted: Wanted[], said: Partial<NewOrder>, at = platform.now()) {
  const lines = []
  for (const { named, ...product } of wanted)
    lines.push({
      variantId: (await givenProduct(platform.db, { ...shop, ...product })).variantId,
      ...(named && { named }),
    })
  const basketId = await givenBasket(platform.db, shop.sellerId, lines)
  const placed = await placeOrder(
    { db: platform.db, now: () => at },
    anOrder({ basketId, artistId: shop.artistId, ...said }),
  )
  if (!placed.ok) throw new Error(JSON.stringify(placed.error))
  const { orderId, total, currency } = placed.value
  await inTx((tx) => settleOrder(tx, { orderId, provider: 'manual', reference: orderId, amount: total, currency, at }))
  return orderId
}

const reasons = async (orderId: string) =>
  (await linesOf(platform.db, orderId)).map(({ taxReason, rate, taxCountry }) => [taxReason, taxCountry, rate])
const refund = (orderId: string, amount: number, key = newId(), at = platform.now()) =>
  inTx((tx) => recordRefund(tx, { orderId, key, amount, reason: '', by: null, at, from: 'manual' }))

test('each line keeps its own reason, and the invoice says every one that is to be said', async () => {
  const shop = await aShop()
  const orderId = await order(
    shop,
    [
      { title: 'Download', price: 1200 },
      { title: 'Vinyl', price: 2400, weight: 300 },
      { title: 'Tip', kind: 'tip', pricing: 'named', price: 100, subject: null, named: 500 },
    ],
    buyer('FR', 'US'),
  )
  expect(await reasons(orderId)).toEqual([
    ['home', 'FR', 2000],
    ['export', 'US', 0],
    ['tip', 'FR', 0],
  ])
  const { rows } = await sql<{ taxed: string[] }>`
    select content->'taxed' as taxed from papers where seller_id = ${shop.sellerId}`.execute(platform.db)
  expect(rows).toEqual([{ taxed: ['export', 'tip'] }])
})

test('a thing that is handed over is taxed where the seller is, and is no sale abroad', async () => {
  const shop = await aShop()
  const orderId = await order(shop, [{ kind: 'merch', subject: null, price: 2000 }], { ...buyer('DE'), address: null })
  expect(await reasons(orderId)).toEqual([['home', 'FR', 2000]])
  expect(await yearsAbroad(platform.db, shop.sellerId, '2026-11-26')).toMatchObject([{ sold: 0 }, { sold: 0 }])
})

test('the sale with which the threshold is passed is taxed where it goes, and so is what follows, whatever goes back', async () => {
  const shop = await aShop()
  const [spring, summer] = [new Date('2026-04-01T12:00:00Z'), new Date('2026-07-01T12:00:00Z')]
  // 9,990 euros before tax, half of it a download.
  const first = await order(
    shop,
    [{ price: 5994_00 }, { price: 5994_00, weight: 1 }],
    { ...buyer('DE', 'ES'), shipping: 0 },
    spring,
  )
  expect(await reasons(first)).toEqual([
    ['below-threshold', 'FR', 2000],
    ['below-threshold', 'FR', 2000],
  ])
  const small = await order(shop, [{ price: 10_00 }], buyer('DE'), spring)
  expect(await reasons(small)).toEqual([['below-threshold', 'FR', 2000]])
  const over = await order(shop, [{ price: 12_00 }], buyer('DE'), summer)
  expect(await reasons(over)).toEqual([['oss', 'DE', 1900]])
  await refund(first, 5000_00)
  expect((await yearsAbroad(platform.db, shop.sellerId, '2026-08-01'))[0]).toMatchObject({
    isAbove: true,
    passedOn: '2026-07-01',
  })
  expect(await reasons(await order(shop, [{ price: 1_00 }], buyer('IT'), summer))).toEqual([['oss', 'IT', 2200]])
  // In the year after it as well, and not in the one after that.
  const next = new Date('2027-02-01T12:00:00Z')
  expect(await reasons(await order(shop, [{ price: 1_00 }], buyer('IT'), next))).toEqual([['oss', 'IT', 2200]])
  const later = new Date('2028-02-01T12:00:00Z')
  expect((await reasons(await order(shop, [{ price: 1_00 }], buyer('IT'), later)))[0]?.[0]).toBe('below-threshold')
})

test('books in another currency are compared at the rate of the European Central Bank', async () => {
  const shop = await aShop({ country: 'PL', currency: 'PLN', vatNumber: 'PL5260001246' })
  const at = new Date('2026-04-04T12:00:00Z')
  await platform.db.insertInto('euroRates').values({ currency: 'PLN', day: '2026-04-03', rate: '4.25' }).execute()
  // 40,000 złoty before tax are 9,411 euros; unconverted they would be four times the threshold.
  const zloty = { currency: 'PLN' }
  expect((await reasons(await order(shop, [{ ...zloty, price: 49_200_00 }], buyer('DE'), at)))[0]?.[0]).toBe(
    'below-threshold',
  )
  expect((await yearsAbroad(platform.db, shop.sellerId, '2026-04-04'))[0]?.sold).toBe(9411_76)
  expect((await reasons(await order(shop, [{ ...zloty, price: 4_000_00 }], buyer('DE'), at)))[0]?.[0]).toBe('oss')
})

test('the sum is what was sold abroad less what went back, whatever is ordered, given back, told twice and undone', async () => {
  const one = fc.record({
    to: fc.constantFrom('FR', 'DE', 'ES', 'US', 'MC'),
    sentTo: fc.constantFrom('FR', 'DE', 'IT', 'US'),
    download: fc.integer({ min: 0, max: 9999 }),
    vinyl: fc.integer({ min: 0, max: 9999 }),
    back: fc.array(fc.record({ share: fc.double({ min: 0.01, max: 1, noNaN: true }), undone: fc.boolean() }), {
      maxLength: 3,
    }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 4 }), async (orders) => {
      const shop = await aShop()
      await Promise.all(
        orders.map(async ({ to, sentTo, download, vinyl, back }) => {
          const orderId = await order(shop, [{ price: download }, { price: vinyl, weight: 100 }], buyer(to, sentTo))
          for (const { share, undone } of back) {
            const { total, refunded } = await platform.db
              .selectFrom('orders')
              .select(['total', 'refunded'])
              .where('id', '=', orderId)
              .executeTakeFirstOrThrow()
            const [key, amount] = [newId(), Math.round((total - refunded) * share)]
            await refund(orderId, amount, key)
            await refund(orderId, amount, key)
            if (undone && amount > 0)
              await inTx((tx) => undoRefund(tx, { orderId, key, at: platform.now(), problem: 'account closed' }))
          }
        }),
      )
      // What the books hold of other countries of the Union: sales before tax, by where each went.
      const { rows } = await sql<{ abroad: number }>`
        with there as (select o.id, o.country in ('DE', 'ES') as digital, o.address->>'country' in ('DE', 'IT') as parcel, o.code from orders o
          where o.seller_id = ${shop.sellerId})
        select coalesce(-sum(l.amount), 0)::int as abroad
        from ledger_entries e join ledger_lines l on l.entry_id = e.id join ledger_accounts a on a.id = l.account_id join there t on t.code = e.reference
        where e.seller_id = ${shop.sellerId} and (a.kind = 'sales-digital' and t.digital or a.kind in ('sales-goods', 'sales-shipping') and t.parcel)`.execute(
        platform.db,
      )
      const [year] = await yearsAbroad(platform.db, shop.sellerId, platform.now().toISOString().slice(0, 10))
      expect(year?.sold).toBe(rows[0]?.abroad)
    }),
    { numRuns: 12 },
  )
})

test('the lines of orders from before say why they are taxed as they are, and what was sold abroad is counted', async () => {
  const shop = await aShop()
  const mixed = await order(shop, [{ price: 1200 }, { price: 2400, weight: 300 }], buyer('DE', 'US'))
  const german = await order(shop, [{ price: 600 }], { ...buyer('DE'), address: null })
  const before = await yearsAbroad(platform.db, shop.sellerId, '2026-11-26')
  const migration = readMigrations().find(({ name }) => name.includes('20261130-50'))
  const ROLLED_BACK = new Error('rolled back')
  await expect(
    platform.db.transaction().execute(async (tx) => {
      await sql`alter table orders add column tax_reason text`.execute(tx)
      await sql`update orders set tax_reason = case when id = ${mixed} then 'export' else 'below-threshold' end`.execute(
        tx,
      )
      await sql`alter table orders drop column shipping_tax_reason`.execute(tx)
      await sql`alter table order_lines drop column tax_reason`.execute(tx)
      await sql`drop table cross_border_sums`.execute(tx)
      await sql.raw(migration?.sql ?? '').execute(tx)
      const { rows } = await sql<{ reason: string }>`
        select tax_reason as reason from order_lines where order_id in (${mixed}, ${german}) order by order_id = ${german}, position`.execute(
        tx,
      )
      expect(rows.map(({ reason }) => reason)).toEqual(['below-threshold', 'export', 'below-threshold'])
      expect(await yearsAbroad(tx, shop.sellerId, '2026-11-26')).toEqual(before)
      throw ROLLED_BACK
    }),
  ).rejects.toBe(ROLLED_BACK)
})
