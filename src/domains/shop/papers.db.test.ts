import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import { addJob } from '../../platform/jobs/index.ts'
import { givenSeller, signedIn, type TestPlatform, testApp, testPlatform, workOff } from '../../testing/index.ts'
import { createArtist } from '../identity/index.ts'
import { type NewOrder, placeOrder, recordRefund, settleOrder } from './index.ts'
import { libraryPath, orderPath } from './links.ts'
import { undoRefund } from './refund-order.ts'
import { anOrder, givenBasket, givenProduct } from './shop.fixtures.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => platform.db.transaction().execute(work)

type Regime = Parameters<typeof givenSeller>[1]
async function aShop(said: Regime = { vatRegime: 'registered', vatNumber: 'FR40303265045' }) {
  const artistId = (await inTx((tx) => createArtist(tx, { name: `Ana ${newId()}` }))).id
  return { artistId, sellerId: await givenSeller(platform.db, { artistId, ...said }) }
}
type Shop = Awaited<ReturnType<typeof aShop>>

async function order({ artistId, sellerId }: Shop, said: Partial<NewOrder> = {}, price = 2200) {
  const vinyl = await givenProduct(platform.db, { artistId, sellerId, title: 'Salt on vinyl', price, weight: 300 })
  const download = await givenProduct(platform.db, { artistId, sellerId, title: 'Salt', price: price && 777 })
  const basketId = await givenBasket(platform.db, sellerId, [
    { variantId: vinyl.variantId, quantity: 3 },
    { variantId: download.variantId },
  ])
  const placed = await placeOrder(platform, anOrder({ basketId, artistId, ...said }))
  if (!placed.ok) throw new Error(JSON.stringify(placed.error))
  return placed.value
}
const pay = (tx: Tx, orderId: string, amount: number) =>
  settleOrder(tx, {
    ...{ orderId, provider: 'manual', reference: `${orderId}:${amount}`, amount, currency: 'EUR', at: platform.now() },
  })
const giveBack = (tx: Tx, orderId: string, key: string, amount: number) =>
  recordRefund(tx, { orderId, key, amount, reason: '', by: null, at: platform.now(), from: 'manual' })

type Row = { key: string; kind: string; series: string; number: number; net: number; tax: number }
async function papersIn(sellerId: string): Promise<Row[]> {
  await addJob(platform.db, 'books.number', {})
  await workOff(platform, ['books.number'])
  const { rows } = await sql<Row>`
    select key, kind, series, number, (select sum((l->>'net')::bigint) from jsonb_array_elements(content->'lines') l)::int as net,
      (select sum((l->>'tax')::bigint) from jsonb_array_elements(content->'lines') l)::int as tax
    from papers where seller_id = ${sellerId} order by series, number`.execute(platform.db)
  return rows
}
const taxInBooks = async (sellerId: string): Promise<number> => {
  const { rows } = await sql<{ tax: number }>`
    select coalesce(-sum(l.amount), 0)::int as tax from ledger_lines l join ledger_accounts a on a.id = l.account_id
    where a.seller_id = ${sellerId} and a.kind = 'vat-collected'`.execute(platform.db)
  return rows[0]?.tax ?? 0
}

type Step = { what: 'pay' | 'pay-wrong' | 'refund' | 'undo'; which: number; key: number; share: number; dies: boolean }

test('whatever is paid, given back, told twice or dies half-way: one invoice an order, one credit note a refund, no gap', async () => {
  const step: fc.Arbitrary<Step> = fc.record({
    what: fc.constantFrom('pay', 'pay', 'pay-wrong', 'refund', 'refund', 'undo'),
    which: fc.nat(2),
    key: fc.nat(2),
    share: fc.double({ min: 0.01, max: 1, noNaN: true }),
    dies: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 3, maxLength: 8 }),
      async (rounds) => {
        const shop = await aShop()
        const orders = [await order(shop), await order(shop, { shipping: 0 }, 333), await order(shop, {}, 1999)]
        for (const round of rounds)
          await Promise.all(
            round.map(({ what, which, key, share, dies }) => {
              const { orderId, total } = orders[which] as (typeof orders)[0]
              const refund = `${orderId}:${key}`
              return inTx(async (tx) => {
                if (what === 'pay') await pay(tx, orderId, total)
                if (what === 'pay-wrong') await pay(tx, orderId, total + 1)
                if (what === 'refund') await giveBack(tx, orderId, refund, Math.max(1, Math.floor(total * share)))
                if (what === 'undo')
                  await undoRefund(tx, { orderId, key: refund, at: platform.now(), problem: 'closed account' })
                if (dies) throw new Error('died')
              }).catch((error) => {
                if (!dies) throw error
              })
            }),
          )
        const papers = await papersIn(shop.sellerId)
        const paid = await platform.db
          .selectFrom('orders')
          .select(['id', 'total', 'refunded'])
          .where('sellerId', '=', shop.sellerId)
          .where('state', '=', 'paid')
          .execute()
        const refunds = await platform.db
          .selectFrom('refunds')
          .innerJoin('orders', 'orders.id', 'refunds.orderId')
          .select(['refunds.key', 'refunds.state'])
          .where('sellerId', '=', shop.sellerId)
          .execute()
        expect(papers.map(({ key }) => key).sort()).toEqual(
          [
            ...paid.map(({ id }) => `order:${id}:invoice`),
            ...refunds.map(({ key }) => `refund:${key}:credit-note`),
            ...refunds.filter(({ state }) => state === 'undone').map(({ key }) => `refund:${key}:undone`),
          ].sort(),
        )
        for (const own of Map.groupBy(papers, ({ series }) => series).values())
          expect(own.map(({ number }) => number)).toEqual(own.map((_, index) => index + 1))
        // To the cent what was kept, and the tax that the books owe.
        expect(papers.reduce((sum, { net, tax }) => sum + net + tax, 0)).toBe(
          paid.reduce((sum, { total, refunded }) => sum + total - refunded, 0),
        )
        expect(papers.reduce((sum, { tax }) => sum + tax, 0)).toBe(await taxInBooks(shop.sellerId))
      },
    ),
    { numRuns: 12 },
  )
}, 120_000)

test('what costs nothing has no invoice', async () => {
  const shop = await aShop()
  const { paid } = await order(shop, { shipping: 0 }, 0)
  expect(paid).toBe(true)
  expect(await papersIn(shop.sellerId)).toEqual([])
})

test('nor has a tip, nor what somebody took at a table without saying who they are', async () => {
  const shop = await aShop()
  const anonymous = await order(shop)
  await platform.db
    .updateTable('orders')
    .set({ mail: '', mailKey: '', name: '' })
    .where('id', '=', anonymous.orderId)
    .execute()
  const tip = await order(shop)
  await platform.db.updateTable('orderLines').set({ kind: 'tip' }).where('orderId', '=', tip.orderId).execute()
  for (const one of [anonymous, tip]) {
    await inTx((tx) => pay(tx, one.orderId, one.total))
    await inTx((tx) => giveBack(tx, one.orderId, newId(), 100))
  }
  expect(await papersIn(shop.sellerId)).toEqual([])
})

test('an order paid before there were invoices gets its own when money goes back', async () => {
  const shop = await aShop()
  const { orderId, total } = await order(shop)
  await inTx((tx) => pay(tx, orderId, total))
  const client = await platform.pool.connect()
  await client.query("begin; set local session_replication_role = 'replica'; delete from papers; commit")
  client.release()
  await inTx((tx) => giveBack(tx, orderId, newId(), 500))
  expect((await papersIn(shop.sellerId)).map(({ kind, number }) => [kind, number])).toEqual([
    ['credit-note', 1],
    ['invoice', 1],
  ])
})

test('the invoice is linked in the receipt, on the order’s page and from the library, and nobody else has it', async () => {
  const shop = await aShop()
  const { orderId, total } = await order(shop, { language: 'en' })
  const app = testApp(platform)
  const get = (path: string) => app.request(path, { headers: { accept: 'text/html' } })
  const path = orderPath(platform.signer, orderId)
  expect((await get(`${path}/papers/1.pdf`)).status).toBe(404)
  await inTx((tx) => pay(tx, orderId, total))
  await workOff(platform, ['shop.mail-order'])
  expect(platform.mails.at(-1)?.text).toContain(`${path}/papers/1.pdf`)
  // It has its number as soon as somebody wants it.
  const pdf = await get(`${path}/papers/1.pdf`)
  expect([pdf.status, pdf.headers.get('content-disposition')]).toEqual([
    200,
    expect.stringMatching(/F-\d{4}-00001\.pdf/),
  ])
  expect(Buffer.from(await pdf.arrayBuffer()).toString('latin1', 0, 5)).toBe('%PDF-')
  expect(await (await get(path)).text()).toMatch(/Invoice F-\d{4}-00001/)
  await inTx((tx) => giveBack(tx, orderId, newId(), 700))
  expect((await get(`${path}/papers/2.pdf`)).headers.get('content-disposition')).toMatch(/A-\d{4}-00001\.pdf/)
  for (const place of ['0.pdf', '3.pdf']) expect((await get(`${path}/papers/${place}`)).status).toBe(404)
  expect((await get(`/order/${orderId}.wrong/papers/1.pdf`)).status).toBe(404)
  expect(await (await get(libraryPath(platform.signer, 'lise@buyers.example'))).text()).toContain(path)
})

test('a paper says why there is no tax of the seller’s country on it', async () => {
  const abroad = {
    address: { name: 'Ann Poe', lines: ['1 Elm St'], postcode: '10001', city: 'New York', region: 'NY', country: 'US' },
    evidence: [
      { kind: 'declared' as const, country: 'US' },
      { kind: 'delivery' as const, country: 'US' },
    ],
  }
  const { sellerId, ...shop } = await aShop()
  const { orderId, total } = await order({ sellerId, ...shop }, abroad)
  await inTx((tx) => pay(tx, orderId, total))
  const { rows } = await sql<{
    taxed: string[]
  }>`select content->'taxed' as taxed from papers where seller_id = ${sellerId}`.execute(platform.db)
  expect(rows).toEqual([{ taxed: ['export'] }])
})

test('a parcel has its label and its packing slip once it is paid, and not for strangers', async () => {
  const shop = await aShop()
  const { orderId, total } = await order(shop)
  const app = testApp(platform)
  const { headers } = await signedIn(platform, { artistIds: [shop.artistId] })
  const get = (file: string, as: Record<string, string> = headers) =>
    app.request(`/studio/orders/${orderId}/${file}`, { headers: as })
  expect((await get('label.pdf')).status).toBe(404)
  await inTx((tx) => pay(tx, orderId, total))
  for (const [file, width, height] of [
    ['label.pdf', 283.46, 425.2],
    ['slip.pdf', 595.28, 841.89],
  ] as const) {
    const given = await get(file)
    expect(given.status).toBe(200)
    const pdf = Buffer.from(await given.arrayBuffer()).toString('latin1')
    const [, wide, high] = pdf.match(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/) ?? []
    expect([Number(wide), Number(high)]).toEqual([expect.closeTo(width, 0), expect.closeTo(height, 0)])
  }
  const { headers: stranger } = await signedIn(platform, { artistIds: [(await aShop()).artistId] })
  expect((await get('label.pdf', stranger)).status).toBe(404)
})
