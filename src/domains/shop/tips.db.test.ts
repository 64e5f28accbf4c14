import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { givenSeller, type TestPlatform, testPlatform } from '../../testing/index.ts'
import { createArtist } from '../identity/index.ts'
import { type NewOrder, placeOrder, settleOrder } from './index.ts'
import { anOrder, givenBasket, givenProduct } from './shop.fixtures.ts'

let platform: TestPlatform
let artistId: string
let sellerId: string
let tip: { productId: string; variantId: string }
beforeAll(async () => {
  platform = await testPlatform()
  artistId = (await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Ana' }))).id
  sellerId = await givenSeller(platform.db, { artistId, vatRegime: 'registered', vatNumber: 'FR40303265045' })
  tip = await givenProduct(platform.db, {
    artistId,
    sellerId,
    kind: 'tip',
    title: 'A tip',
    pricing: 'named',
    price: 100,
  })
})
afterAll(() => platform.close())

async function paid(lines: { variantId: string; named?: number }[], said: Partial<NewOrder> = {}) {
  const basketId = await givenBasket(platform.db, sellerId, lines)
  const placed = await placeOrder(platform, anOrder({ basketId, artistId, shipping: 0, address: null, ...said }))
  if (!placed.ok) throw new Error(JSON.stringify(placed.error))
  const { orderId, total, currency } = placed.value
  const settlement = { orderId, provider: 'manual', reference: orderId, amount: total, currency, at: platform.now() }
  const tell = () => platform.db.transaction().execute((tx) => settleOrder(tx, settlement))
  expect([await tell(), await tell()]).toEqual(['paid', 'again'])
  return platform.db.selectFrom('orders').selectAll().where('id', '=', orderId).executeTakeFirstOrThrow()
}

const returned = async (kind: string) => {
  const { rows } = await sql<{ subject: string; amount: number }>`
    select subject, amount::int as amount from returns where artist_id = ${artistId} and kind = ${kind}`.execute(
    platform.db,
  )
  return rows
}
const standing = async () => {
  const { rows } = await sql<{ kind: string; amount: number }>`
    select a.kind, sum(l.amount)::int as amount from ledger_accounts a join ledger_lines l on l.account_id = a.id
    where a.seller_id = ${sellerId} group by 1 having sum(l.amount) <> 0 order by 1`.execute(platform.db)
  return Object.fromEntries(rows.map(({ kind, amount }) => [kind, amount]))
}

test('a tip is paid with a word, holds no tax, is in the books once, and comes back as a tip', async () => {
  const order = await paid([{ variantId: tip.variantId, named: 550 }], { note: 'For the song about the rain' })
  expect(order).toMatchObject({ total: 550, tax: 0, note: 'For the song about the rain' })
  expect(await standing()).toEqual({ clearing: 550, 'sales-digital': -550 })
  expect(await returned('tip')).toEqual([{ subject: `product:${tip.productId}`, amount: 550 }])
})

test('beside a download, the tax is in the download alone', async () => {
  const download = await givenProduct(platform.db, { artistId, sellerId, price: 1200 })
  const order = await paid([{ variantId: download.variantId }, { variantId: tip.variantId, named: 300 }])
  expect(order).toMatchObject({ total: 1500, tax: 200 })
  expect(await returned('order')).toMatchObject([{ amount: 1000 }])
})

test('less than the least is no tip, and nothing at all is none', async () => {
  for (const named of [0, 99]) {
    const basketId = await givenBasket(platform.db, sellerId, [{ variantId: tip.variantId, named }])
    expect((await placeOrder(platform, anOrder({ basketId, artistId }))).ok).toBe(false)
  }
})
