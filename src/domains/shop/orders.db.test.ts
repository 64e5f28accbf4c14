import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import {
  bySomebodyElse,
  givenSeller,
  howManyWait,
  type TestPlatform,
  testPlatform,
  untilOneWaits,
} from '../../testing/index.ts'
import { balances } from '../books/index.ts'
import { recordGift } from '../exchange/index.ts'
import { createArtist } from '../identity/index.ts'
import { setLine } from './basket.store.ts'
import { expireOrders, giveUpOrder, type NewOrder, placeOrder, recordRefund, settleOrder } from './index.ts'
import { linesOf } from './order.store.ts'
import { studioProducts } from './product.views.ts'
import { undoRefund } from './refund-order.ts'
import { anOrder, givenBasket, givenProduct } from './shop.fixtures.ts'
import { holdStock, recountHeld } from './stock.store.ts'

let platform: TestPlatform
let artistId: string
let sellerId: string
beforeAll(async () => {
  platform = await testPlatform()
})
beforeEach(async () => {
  artistId = (await inTx((tx) => createArtist(tx, { name: `Ana ${newId()}` }))).id
  sellerId = await givenSeller(platform.db, { artistId, vatRegime: 'registered', vatNumber: 'FR40303265045' })
})
afterAll(() => platform.close())

const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => platform.db.transaction().execute(work)
const product = (said: Partial<Parameters<typeof givenProduct>[1]> = {}) =>
  givenProduct(platform.db, { artistId, sellerId, ...said })
const basket = (...lines: { variantId: string; quantity?: number; named?: number }[]) =>
  givenBasket(platform.db, sellerId, lines)

async function order(basketId: string, said: Partial<NewOrder> = {}) {
  const placed = await placeOrder(platform, anOrder({ basketId, artistId, ...said }))
  if (!placed.ok) throw new Error(JSON.stringify(placed.error))
  return placed.value
}
const pay = (orderId: string, amount: number, said: Partial<Parameters<typeof settleOrder>[1]> = {}) =>
  inTx((tx) =>
    settleOrder(tx, {
      orderId,
      provider: 'manual',
      reference: orderId,
      amount,
      currency: 'EUR',
      at: platform.now(),
      ...said,
    }),
  )
const waiting = () => howManyWait(platform.pool)
const stateOf = (id: string) =>
  platform.db.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const stockOf = async (variantId: string) => {
  const { stock, held } = await platform.db
    .selectFrom('variants')
    .select(['stock', 'held'])
    .where('id', '=', variantId)
    .executeTakeFirstOrThrow()
  return { stock, held }
}
const standing = async () => {
  const { rows } = await sql<{ kind: string; amount: number }>`
    select a.kind || case when a.of = '' then '' else ' ' || a.of end as kind, sum(l.amount)::bigint as amount
    from ledger_accounts a join ledger_lines l on l.account_id = a.id
    where a.seller_id = ${sellerId} group by 1 having sum(l.amount) <> 0 order by 1`.execute(platform.db)
  return Object.fromEntries(rows.map(({ kind, amount }) => [kind, amount]))
}

describe('an order', () => {
  test('freezes prices and tax, keeps what it wants, and is in the books to the cent when it is paid', async () => {
    const download = await product({ price: 700 })
    const vinyl = await product({ title: 'Vinyl', price: 2200, weight: 350, stock: 3 })
    const { orderId, total } = await order(
      await basket({ variantId: download.variantId }, { variantId: vinyl.variantId, quantity: 2 }),
    )
    expect(total).toBe(700 + 4400 + 450)
    expect(await stockOf(vinyl.variantId)).toEqual({ stock: 3, held: 2 })

    // What changes afterwards changes nothing of it.
    await platform.db.updateTable('products').set({ price: 9900 }).where('id', '=', vinyl.productId).execute()
    expect(await pay(orderId, total)).toBe('paid')
    expect(await stockOf(vinyl.variantId)).toEqual({ stock: 1, held: 0 })
    expect(await standing()).toEqual({
      'clearing manual': 5550,
      'sales-digital': -583,
      'sales-goods': -3667,
      'sales-shipping': -375,
      'vat-collected FR:2000': -925,
    })
    const owned = await platform.db.selectFrom('holdings').selectAll().where('orderId', '=', orderId).execute()
    expect(owned).toHaveLength(1)
    const { rows } = await sql<{ kind: string; amount: number; subject: string }>`
      select kind, amount, subject from returns where artist_id = ${artistId} order by amount`.execute(platform.db)
    expect(rows.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['order', 583],
      ['order', 3667],
    ])
  })

  test('sent twice by one form is one order, and paid twice is paid once', async () => {
    const { variantId } = await product({ stock: 5, weight: 100 })
    const form = { formKey: newId() }
    const basketId = await basket({ variantId })
    const twice = await Promise.all([order(basketId, form), order(basketId, form)])
    expect(twice[0]?.orderId).toBe(twice[1]?.orderId)
    expect(await stockOf(variantId)).toEqual({ stock: 5, held: 1 })

    const { orderId, total } = twice[0] as (typeof twice)[0]
    const told = await Promise.all([1, 2, 3, 4].map(() => pay(orderId, total)))
    expect(told.toSorted()).toEqual(['again', 'again', 'again', 'paid'])
    expect(await stockOf(variantId)).toEqual({ stock: 4, held: 0 })
    expect(await balances(platform.db, sellerId, 'clearing')).toEqual([
      { of: 'manual', currency: 'EUR', amount: total },
    ])
  })

  test('from one basket by two forms at once takes what lay in it once; the other finds it empty', async () => {
    const { variantId } = await product({ stock: 5, weight: 100 })
    const basketId = await basket({ variantId })
    const both = await Promise.all(
      [1, 2].map(() => placeOrder(platform, anOrder({ basketId, artistId, formKey: newId() }))),
    )
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    expect(both.find(({ ok }) => !ok)).toMatchObject({ error: { problem: 'empty' } })
    expect(await stockOf(variantId)).toEqual({ stock: 5, held: 1 })
  })

  test('of a basket that changes while it is waited for takes what lies in it then, and loses nothing', async () => {
    const one = await product({ stock: 9, weight: 100 })
    const named = await product({ pricing: 'named', price: 0 })
    for (const change of [
      { variantId: one.variantId, quantity: 2, named: null },
      { variantId: named.variantId, quantity: 1, named: 900 },
    ]) {
      const basketId = await basket({ variantId: one.variantId }, { variantId: named.variantId, named: 500 })
      const first = await platform.pool.connect()
      await first.query('begin')
      await first.query('select from baskets where id = $1 for update', [basketId])
      const placed = bySomebodyElse(() => order(basketId))
      await expect.poll(waiting).toBe(1)
      await setLine(platform.db, basketId, change)
      await first.query('commit')
      first.release()
      const { orderId } = await placed
      const lines = await linesOf(platform.db, orderId)
      const line = lines.find(({ variantId }) => variantId === change.variantId)
      expect(change.named ?? line?.quantity).toBe(change.named === null ? 2 : line?.each)
    }
  })

  test('whose words end in half an emoji is an order all the same', async () => {
    const half = 'Léa 😀'.slice(0, 5)
    const { variantId } = await product({ title: half, pricing: 'named', price: 0 })
    const { orderId, total } = await order(await basket({ variantId, named: 500 }), { name: half })
    expect(await pay(orderId, total, { reference: half })).toBe('paid')
    const [line] = await linesOf(platform.db, orderId)
    expect(line?.title).toBe('Léa \ufffd')
  })

  test('of nothing is paid as it is placed, and is an acceptance', async () => {
    const { variantId } = await product({ pricing: 'named', price: 0 })
    const { orderId, paid } = await order(await basket({ variantId, named: 0 }))
    expect(paid).toBe(true)
    expect((await stateOf(orderId)).provider).toBe('free')
    expect(await standing()).toEqual({})
    const { rows } = await sql<{ kind: string }>`select kind from returns where artist_id = ${artistId}`.execute(
      platform.db,
    )
    expect(rows).toEqual([{ kind: 'acceptance' }])
  })

  test('of a bundle is an order of its parts, and its price is divided among them to the cent', async () => {
    const shirt = await product({ title: 'Shirt', price: 2000, weight: 200, stock: 10 })
    const album = await product({ title: 'Album', price: 1000 })
    const bundle = await product({ kind: 'bundle', title: 'Both', price: 2500, subject: null })
    await platform.db
      .insertInto('bundleParts')
      .values([
        { bundleId: bundle.productId, variantId: shirt.variantId },
        { bundleId: bundle.productId, variantId: album.variantId },
      ])
      .execute()
    const { orderId } = await order(await basket({ variantId: bundle.variantId, quantity: 3 }), { shipping: 0 })
    const lines = await platform.db
      .selectFrom('orderLines')
      .selectAll()
      .where('orderId', '=', orderId)
      .orderBy('gross')
      .execute()
    expect(lines.map(({ title, bundle, quantity, gross }) => [title, bundle, quantity, gross])).toEqual([
      ['Album', 'Both', 3, 2500],
      ['Shirt', 'Both', 3, 5000],
    ])
    expect(await stockOf(shirt.variantId)).toEqual({ stock: 10, held: 3 })
  })

  test('says of each line what stands in its way, and then keeps nothing', async () => {
    const few = await product({ stock: 2, weight: 10 })
    const gone = await product()
    const named = await product({ pricing: 'named', price: 500 })
    await platform.db.updateTable('products').set({ state: 'withdrawn' }).where('id', '=', gone.productId).execute()
    const basketId = await basket(
      { variantId: few.variantId, quantity: 3 },
      { variantId: gone.variantId },
      { variantId: named.variantId, named: 499 },
    )
    const placed = await placeOrder(platform, anOrder({ basketId, artistId }))
    expect(placed.ok ? null : placed.error).toEqual({
      problem: 'lines',
      lines: new Map<string, unknown>([
        [few.variantId, { problem: 'sold-out', left: 2 }],
        [gone.variantId, { problem: 'gone' }],
        [named.variantId, { problem: 'too-little', least: 500 }],
      ]),
    })
    expect(await stockOf(few.variantId)).toEqual({ stock: 2, held: 0 })
    const sent = await placeOrder(
      platform,
      anOrder({ basketId: await basket({ variantId: few.variantId }), artistId, address: null }),
    )
    expect(sent.ok ? null : sent.error).toEqual({ problem: 'no-address' })
  })
})

test('what goes back of an order answers the gift that the order answered', async () => {
  const { variantId } = await product({ price: 1200 })
  const announcement = `given:${newId()}` as const
  const giftId = await inTx((tx) =>
    recordGift(tx, { artistId, kind: 'announcement', subject: announcement, at: platform.now() }),
  )
  const way = { token: 'm.one', givenAs: announcement }
  const { orderId, total } = await order(await basket({ variantId }), { way, address: null })
  await pay(orderId, total)
  await inTx((tx) =>
    recordRefund(tx, { orderId, key: newId(), amount: 600, reason: '', by: null, at: platform.now(), from: 'manual' }),
  )
  const { rows } = await sql<{ kind: string; amount: number; token: string }>`
    select kind, amount::int as amount, token from returns where gift_id = ${giftId} order by kind`.execute(platform.db)
  expect(rows).toEqual([
    { kind: 'order', amount: 1000, token: 'm.one' },
    { kind: 'refund', amount: -500, token: 'm.one' },
  ])
})

test('the last copy, wanted by many at once, is one person’s', async () => {
  const { variantId } = await product({ stock: 1, weight: 300, price: 1000 })
  const baskets = await Promise.all(Array.from({ length: 60 }, () => basket({ variantId })))
  const outcomes = await Promise.all(baskets.map((basketId) => placeOrder(platform, anOrder({ basketId, artistId }))))
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
  for (const outcome of outcomes)
    if (!outcome.ok)
      expect(outcome.error).toEqual({
        problem: 'lines',
        lines: new Map([[variantId, { problem: 'sold-out', left: 0 }]]),
      })
  expect(await stockOf(variantId)).toEqual({ stock: 1, held: 1 })
})

test('buyers of one moment share a transaction, and each has an answer of their own', async () => {
  const song = await product({ pricing: 'free', price: 0 })
  const vinyl = await product({ price: 2000, weight: 300, stock: 9 })
  const gone = await product()
  const named = await product({ pricing: 'named', price: 500 })
  await platform.db.updateTable('products').set({ state: 'withdrawn' }).where('id', '=', gone.productId).execute()
  const wanted = [song, vinyl, gone, named].flatMap((thing) => [thing, thing, thing, thing])
  const baskets = await Promise.all(wanted.map(({ variantId }) => basket({ variantId, quantity: 2, named: 499 })))
  const outcomes = await Promise.all(baskets.map((basketId) => placeOrder(platform, anOrder({ basketId, artistId }))))

  const placed = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : []))
  expect(placed.map(({ paid }) => paid)).toEqual([true, true, true, true, false, false, false, false])
  expect(outcomes.slice(8).map((outcome) => !outcome.ok && outcome.error)).toEqual([
    ...Array(4).fill({ problem: 'lines', lines: new Map([[gone.variantId, { problem: 'gone' }]]) }),
    ...Array(4).fill({ problem: 'lines', lines: new Map([[named.variantId, { problem: 'too-little', least: 500 }]]) }),
  ])
  expect(await stockOf(vinyl.variantId)).toEqual({ stock: 9, held: 8 })
  const { rows } = await sql<{ transactions: number; told: number; given: number; returns: number }>`
    select count(distinct o.xmin::text)::int as transactions,
      (select count(distinct j.payload ->> 'orderId')::int from graphile_worker._private_jobs j join orders t on t.id::text = j.payload ->> 'orderId' where t.seller_id = ${sellerId}) as told,
      (select count(*)::int from holdings h where h.artist_id = ${artistId}) as given,
      (select count(*)::int from returns r where r.artist_id = ${artistId}) as returns
    from orders o where o.seller_id = ${sellerId}`.execute(platform.db)
  expect(rows[0]?.transactions).toBeLessThan(8)
  expect(rows[0]).toMatchObject({ told: 8, given: 4, returns: 4 })
  for (const { orderId } of placed) expect(await linesOf(platform.db, orderId)).toHaveLength(1)
})

test('what was counted twice is counted again: not what is kept or given back at that moment', async () => {
  const { variantId } = await product({ stock: 20, weight: 100 })
  const [kept, given] = [
    await order(await basket({ variantId, quantity: 2 })),
    await order(await basket({ variantId })),
  ]
  await platform.pool.query('update variants set held = held + 5 where id = $1', [variantId])
  const [keeping, giving] = [await platform.pool.connect(), await platform.pool.connect()]
  await keeping.query('begin')
  await keeping.query('insert into stock_holds (order_id, variant_id, quantity) values ($1, $2, 4)', [
    (await order(await basket({ variantId: (await product()).variantId }))).orderId,
    variantId,
  ])
  expect(await recountHeld(platform)).toBe(1)
  expect(await stockOf(variantId)).toEqual({ stock: 20, held: 3 })
  await keeping.query('commit')
  keeping.release()
  expect(await stockOf(variantId)).toEqual({ stock: 20, held: 7 })

  // It is given back while it is counted: the thing is waited for, and what is kept of it read only then.
  await platform.pool.query('update variants set held = held + 5 where id = $1', [variantId])
  await giving.query('begin')
  await giving.query(
    `with gone as (delete from stock_holds where order_id = $1 returning variant_id, quantity)
     update variants v set held = held - gone.quantity from gone where v.id = gone.variant_id`,
    [given.orderId],
  )
  const mended = bySomebodyElse(() => recountHeld(platform))
  await expect.poll(waiting).toBe(1)
  await giving.query('commit')
  giving.release()
  expect(await mended).toBe(1)
  expect(await stockOf(variantId)).toEqual({ stock: 20, held: 6 })
  expect(await recountHeld(platform)).toBe(0)
  await pay(kept.orderId, kept.total)
  expect(await stockOf(variantId)).toEqual({ stock: 18, held: 4 })
})

test('what is sold is what was paid, of each thing by itself: not what waits, or ended unpaid; what was given back was sold', async () => {
  const [song, shirt] = [await product(), await product({ weight: 100, title: 'A shirt' })]
  const both = () => basket({ variantId: song.variantId }, { variantId: shirt.variantId, quantity: 2 })
  const [paid, back, waits, ended] = [await both(), await both(), await both(), await both()]
  for (const basketId of [paid, back]) {
    const { orderId, total } = await order(basketId)
    await pay(orderId, total)
    if (basketId === back)
      await inTx((tx) =>
        recordRefund(tx, {
          ...{ orderId, key: orderId, amount: total, reason: '', by: null, at: platform.now(), from: 'manual' },
        }),
      )
  }
  await order(waits)
  const { orderId } = await order(ended)
  await inTx((tx) => giveUpOrder(tx, orderId, 'cancelled', platform.now()))
  const rows = await studioProducts(platform.db, artistId)
  const of = ({ productId }: { productId: string }) => rows.find(({ id }) => id === productId)
  expect([of(song)?.sold, of(shirt)?.sold, of(song)?.promised, of(shirt)?.promised]).toEqual([2, 4, 0, 2])
})

test('of refunds one of which never arrived, the tax is all given back once all is, and the books keep none of it', async () => {
  const { variantId } = await product({ price: 700 })
  const { orderId, total } = await order(await basket({ variantId }), { shipping: 0, address: null })
  await pay(orderId, total)
  const refund = (key: string, amount: number) =>
    inTx((tx) => recordRefund(tx, { orderId, key, amount, reason: '', by: null, at: platform.now(), from: 'manual' }))
  await refund(`${orderId}:a`, 100)
  await refund(`${orderId}:b`, 100)
  await inTx((tx) => undoRefund(tx, { orderId, key: `${orderId}:a`, at: platform.now(), problem: 'closed' }))
  expect((await refund(`${orderId}:c`, 600)).ok).toBe(true)
  const { rows } = await sql<{ kind: string; amount: number }>`
    select a.kind, sum(l.amount)::int as amount from ledger_accounts a join ledger_lines l on l.account_id = a.id
    where a.seller_id = ${sellerId} group by 1 having sum(l.amount) <> 0`.execute(platform.db)
  expect(rows).toEqual([])
})

test('what is ordered and paid changes pages only where they say how few there are, in a bundle too', async () => {
  const shirt = await product({ title: 'Shirt', price: 2000, weight: 200, stock: 20 })
  const patch = await product({ title: 'Patch', price: 300, weight: 5, stock: 30 })
  const bundle = await product({ kind: 'bundle', title: 'Three patches', price: 800, subject: null })
  await platform.db
    .insertInto('bundleParts')
    .values({ bundleId: bundle.productId, variantId: patch.variantId, quantity: 3 })
    .execute()
  const ear = await platform.pool.connect()
  const heard: string[] = []
  ear.on('notification', ({ payload = '' }) => heard.push(payload))
  await ear.query('listen pages_changed')
  const isSaid = async (act: () => Promise<unknown>) => {
    await act()
    const end = newId()
    await platform.pool.query(`select pg_notify('pages_changed', $1)`, [end])
    await expect.poll(() => heard).toContain(end)
    return heard.splice(0).length > 1
  }
  const bought = async ({ variantId }: typeof shirt, quantity: number) => order(await basket({ variantId, quantity }))

  expect(await isSaid(() => bought(shirt, 10))).toBe(false)
  const five = bought(shirt, 5)
  expect(await isSaid(() => five)).toBe(true)
  expect(await isSaid(async () => pay((await five).orderId, (await five).total))).toBe(false)
  const one = bought(shirt, 1)
  expect(await isSaid(() => one)).toBe(true)
  const { orderId } = await one
  expect(await isSaid(() => inTx((tx) => giveUpOrder(tx, orderId, 'cancelled', platform.now())))).toBe(true)

  expect(await isSaid(() => bought(patch, 12))).toBe(false)
  expect(await isSaid(() => bought(patch, 1))).toBe(true)
  await ear.query('unlisten pages_changed')
  ear.release()
})

test('of what there is without end, nobody waits for another buyer', async () => {
  const song = await product({ pricing: 'free', price: 0 })
  const first = await order(await basket(song))
  await inTx(async (tx) => {
    expect(await holdStock(tx, first.orderId, [{ variantId: song.variantId, quantity: 1 }])).toEqual([])
    // From its first statement to its end, while the other has not ended.
    const other = await bySomebodyElse(async () => order(await basket(song)))
    expect(other.paid).toBe(true)
  })
})

describe('money that comes late', () => {
  test('takes the order up again while there is what it wanted', async () => {
    const { variantId } = await product({ stock: 1, weight: 300, price: 1000 })
    const { orderId, total } = await order(await basket({ variantId }), { hold: { seconds: -1 } })
    expect(await expireOrders(platform)).toBe(1)
    expect([(await stateOf(orderId)).state, await stockOf(variantId)]).toEqual(['expired', { stock: 1, held: 0 }])
    expect(await pay(orderId, total)).toBe('paid')
    expect(await stockOf(variantId)).toEqual({ stock: 0, held: 0 })
  })

  test('of the same thing as what is paid in time, in the same moment and before anything was sold, stands in nobody’s way', async () => {
    const { variantId } = await product({ stock: 2, weight: 300, price: 1000 })
    const late = await order(await basket({ variantId }))
    await inTx((tx) => giveUpOrder(tx, late.orderId, 'cancelled', platform.now()))
    const other = await order(await basket({ variantId }))
    const how = { provider: 'manual', currency: 'EUR', at: platform.now() }
    let paid: Promise<unknown> | undefined
    await inTx(async (tx) => {
      await settleOrder(tx, { ...how, orderId: other.orderId, reference: other.orderId, amount: other.total })
      paid = bySomebodyElse(() => pay(late.orderId, late.total))
      await untilOneWaits(platform.pool)
    })
    expect(await paid).toBe('paid')
    expect(await stockOf(variantId)).toEqual({ stock: 0, held: 0 })
  })

  test('and neither where both go abroad, whose sums are counted in the same place', async () => {
    const { variantId } = await product({ stock: 200, weight: 300, price: 1000 })
    const address = { name: 'Jo', lines: ['Hafen 1'], postcode: '20457', city: 'Hamburg', region: '', country: 'DE' }
    const abroad = { address, evidence: [{ kind: 'declared' as const, country: 'DE' }] }
    const late = await order(await basket({ variantId }), abroad)
    await inTx((tx) => giveUpOrder(tx, late.orderId, 'cancelled', platform.now()))
    const sold = await order(await basket({ variantId }), abroad)
    expect(await pay(sold.orderId, sold.total)).toBe('paid')
    let other = sold
    // One of sixteen places, by the order's id.
    do other = await order(await basket({ variantId }), abroad)
    while (other.orderId.at(-1) !== late.orderId.at(-1))
    let paid: Promise<unknown> | undefined
    await inTx(async (tx) => {
      const how = { provider: 'manual', currency: 'EUR', at: platform.now() }
      await settleOrder(tx, { ...how, orderId: other.orderId, reference: other.orderId, amount: other.total })
      paid = bySomebodyElse(() => pay(late.orderId, late.total))
      await untilOneWaits(platform.pool)
    })
    expect(await paid).toBe('paid')
    expect((await stockOf(variantId)).stock).toBe(197)
  })

  test('else is owed to whoever sent it, and nothing is handed over', async () => {
    const { variantId } = await product({ stock: 1, weight: 300, price: 1000 })
    const late = await order(await basket({ variantId }))
    await inTx((tx) => giveUpOrder(tx, late.orderId, 'cancelled', platform.now()))
    const other = await order(await basket({ variantId }))
    expect(await pay(other.orderId, other.total)).toBe('paid')
    expect(await pay(late.orderId, late.total)).toBe('too-late')
    expect((await stateOf(late.orderId)).state).toBe('cancelled')
    // A customer who stands below zero is owed money.
    expect((await standing())['customers']).toBe(-late.total)
  })

  test('of another sum is in the books, and the order still waits', async () => {
    const { variantId } = await product()
    const { orderId, total } = await order(await basket({ variantId }))
    expect(await pay(orderId, total - 100)).toBe('wrong-amount')
    expect((await stateOf(orderId)).state).toBe('placed')
    expect(await standing()).toEqual({ 'clearing manual': total - 100, customers: 100 - total })
  })
})

test('whatever is ordered, paid, given up and given back, in any order and at once: the books balance, stock is what was not sold, nobody gets back more', async () => {
  type Step = {
    what: 'order' | 'pay' | 'give-up' | 'refund' | 'pay-wrong'
    which: number
    share: number
    variant: number
    quantity: number
  }
  const step: fc.Arbitrary<Step> = fc.record({
    what: fc.constantFrom('order', 'order', 'pay', 'pay', 'give-up', 'refund', 'pay-wrong'),
    which: fc.nat(5),
    share: fc.double({ min: 0.01, max: 1, noNaN: true }),
    variant: fc.nat(2),
    quantity: fc.integer({ min: 1, max: 4 }),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 }),
      async (rounds) => {
        const things = await Promise.all([
          product({ price: 1999, weight: 250, stock: 6 }),
          product({ price: 333 }),
          product({ pricing: 'named', price: 0, weight: 20, stock: 9 }),
        ])
        const orders: { orderId: string; total: number }[] = []
        for (const round of rounds)
          await Promise.all(
            round.map(async ({ what, which, share, variant, quantity }) => {
              const target = orders[which % Math.max(1, orders.length)]
              if (what === 'order') {
                const { variantId } = things[variant] as (typeof things)[0]
                const placed = await placeOrder(
                  platform,
                  anOrder({ basketId: await basket({ variantId, quantity, named: which * 101 }), artistId }),
                )
                if (placed.ok) orders.push(placed.value)
              } else if (!target || target.total === 0) return
              else if (what === 'pay') await pay(target.orderId, target.total)
              else if (what === 'pay-wrong')
                await pay(target.orderId, target.total + 1, { reference: `wrong:${target.orderId}` })
              else if (what === 'give-up')
                await inTx((tx) => giveUpOrder(tx, target.orderId, 'cancelled', platform.now()))
              else
                await inTx((tx) =>
                  recordRefund(tx, {
                    orderId: target.orderId,
                    key: newId(),
                    amount: Math.max(1, Math.floor(target.total * share)),
                    ...{ reason: '', by: null, at: platform.now(), from: 'manual' },
                  }),
                )
            }),
          )
        const { rows: odd } = await sql<{ id: string }>`
        select o.id from orders o where o.refunded <> o.shipping_refunded + coalesce((select sum(refunded) from order_lines l where l.order_id = o.id), 0)
          or o.total <> o.shipping + (select sum(gross) from order_lines l where l.order_id = o.id)`.execute(
          platform.db,
        )
        expect(odd).toEqual([])
        for (const { variantId } of things) {
          const { rows } = await sql<{ sold: number; held: number }>`
          select coalesce(sum(l.quantity) filter (where o.state = 'paid'), 0)::int as sold,
            coalesce(sum(l.quantity) filter (where o.state = 'placed'), 0)::int as held
          from order_lines l join orders o on o.id = l.order_id where l.variant_id = ${variantId}`.execute(platform.db)
          const { stock, held } = await stockOf(variantId)
          if (stock === null) continue
          expect(held).toBe(rows[0]?.held)
          expect(stock).toBe((variantId === things[0]?.variantId ? 6 : 9) - (rows[0]?.sold ?? 0))
        }
        const { rows: money } = await sql<{ paid: number; back: number }>`
        select coalesce((select sum(amount) from payments p join orders o on o.id = p.order_id where o.seller_id = ${sellerId} and p.state = 'paid'), 0)::int as paid,
          coalesce((select sum(refunded) from orders where seller_id = ${sellerId}), 0)::int as back`.execute(
          platform.db,
        )
        expect((await standing())['clearing manual'] ?? 0).toBe((money[0]?.paid ?? 0) - (money[0]?.back ?? 0))
        const { rows: sums } = await sql<{ sum: number }>`
        select sum(base_amount)::bigint as sum from ledger_lines l join ledger_entries e on e.id = l.entry_id where e.seller_id = ${sellerId}`.execute(
          platform.db,
        )
        expect(sums[0]?.sum ?? 0).toBe(0)
      },
    ),
    { numRuns: 25 },
  )
})
