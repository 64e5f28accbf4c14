import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import { givenSeller, type TestPlatform, testPlatform } from '../../../testing/index.ts'
import { sellerOf } from '../../books/index.ts'
import { createArtist } from '../../identity/index.ts'
import { recordRefund } from '../index.ts'
import { givenProduct } from '../shop.fixtures.ts'
import { closeTill } from './close-till.ts'
import { openTill } from './open-till.ts'
import { type ArrivedSale, takeSale } from './take-sale.ts'
import { boxOf } from './till.rules.ts'
import { salesOf, tillById } from './till.views.ts'

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

async function evening(begunWith = 5000): Promise<string> {
  const seller = await sellerOf(platform.db, { artistId })
  if (!seller) throw new Error('nobody sells')
  return openTill(platform, {
    ...{ artistId, seller, place: 'Le Bikini', begunWith, fromAccount: 'owner', isConfirmed: true, by: null },
  })
}
const vinyl = (stock: number | null = 10) =>
  givenProduct(platform.db, { artistId, sellerId, kind: 'record', title: 'Vinyl', price: 2000, weight: 300, stock })
const sale = (variantId: string, said: Partial<ArrivedSale & { quantity: number; each: number }> = {}): ArrivedSale => {
  const { quantity = 1, each = 2000, ...rest } = said
  return {
    ...{ id: newId(), lines: [{ variantId, quantity, each }], paidWith: 'cash', soldAt: new Date().toISOString() },
    ...{ mail: null, language: 'fr', ...rest },
  }
}
const take = async (tillId: string, sold: ArrivedSale) => {
  const taken = await takeSale(platform, tillId, sold)
  if (!taken.ok) throw new Error(taken.error)
  return taken.value
}
const standing = async () => {
  const { rows } = await sql<{ kind: string; amount: number }>`
    select a.kind || case when a.of = '' then '' else ' ' || a.of end as kind, sum(l.amount)::bigint as amount
    from ledger_accounts a join ledger_lines l on l.account_id = a.id
    where a.seller_id = ${sellerId} group by 1 having sum(l.amount) <> 0 order by 1`.execute(platform.db)
  return Object.fromEntries(rows.map(({ kind, amount }) => [kind, amount]))
}
const stockOf = async (id: string) =>
  platform.db.selectFrom('variants').select(['stock', 'held']).where('id', '=', id).executeTakeFirstOrThrow()

describe('an evening at the table', () => {
  test('a sale has its whole effect once, however often and at once the device sends it', async () => {
    const { variantId } = await vinyl()
    const till = await evening(0)
    const sold = sale(variantId, { quantity: 2 })
    const taken = await Promise.all([1, 2, 3].map(() => take(till, sold)))
    expect(taken.map(({ again }) => again).toSorted()).toEqual([false, true, true])
    expect(new Set(taken.map(({ code }) => code)).size).toBe(1)
    expect(await stockOf(variantId)).toEqual({ stock: 8, held: 0 })
    expect(await standing()).toEqual({
      'clearing till-cash': 4000,
      'sales-goods': -3333,
      'vat-collected FR:2000': -667,
    })
    const { rows } = await sql<{ kind: string }>`select kind from returns where artist_id = ${artistId}`.execute(
      platform.db,
    )
    expect(rows).toEqual([{ kind: 'order' }])
  })

  test('the last copy sold at two tables is sold twice, and one of them is said to be short', async () => {
    const { variantId } = await vinyl(1)
    const till = await evening()
    const both = await Promise.all([take(till, sale(variantId)), take(till, sale(variantId))])
    expect(both.flatMap(({ short }) => short)).toEqual([{ title: 'Vinyl', missing: 1 }])
    expect(await stockOf(variantId)).toEqual({ stock: 0, held: 0 })
    expect((await tillById(platform.db, till))?.cash).toBe(4000)
  })

  test('what was paid otherwise is not looked for in the box; what is missing in it is in the books', async () => {
    const { variantId } = await vinyl()
    const till = await evening(5000)
    await take(till, sale(variantId))
    await take(till, sale(variantId, { paidWith: 'other' }))
    expect(await closeTill(platform, { tillId: till, counted: 6900, note: '', by: null })).toBe(true)
    expect(await closeTill(platform, { tillId: till, counted: 1, note: '', by: null })).toBe(false)
    expect(await standing()).toMatchObject({
      cash: 6900,
      'clearing till-other': 2000,
      owner: -5000,
      'till-differences': 100,
    })
  })

  test('a sale is of the artist whose table it is, and one id is one sale', async () => {
    const { variantId } = await vinyl()
    const till = await evening()
    const sold = sale(variantId)
    await take(till, sold)
    expect(await takeSale(platform, await evening(), sold)).toEqual({ ok: false, error: 'taken' })
    expect(await takeSale(platform, till, sale(newId()))).toEqual({ ok: false, error: 'unknown' })
    expect(await salesOf(platform.db, till)).toHaveLength(1)
  })

  test('a buyer who leaves an address has the download that comes with the record', async () => {
    const subject = `release:${newId()}`
    const { variantId } = await givenProduct(platform.db, {
      ...{ artistId, sellerId, kind: 'record', title: 'Vinyl', subject, price: 2000, weight: 300, stock: 3 },
    })
    const till = await evening()
    const { orderId } = await take(
      till,
      sale(variantId, { mail: { address: 'Lise@fans.example', key: 'lise@fans.example' } }),
    )
    await take(till, sale(variantId))
    const owned = await platform.db
      .selectFrom('holdings')
      .select(['mailKey', 'orderId'])
      .where('subject', '=', subject)
      .execute()
    expect(owned).toEqual([{ mailKey: 'lise@fans.example', orderId }])
  })

  test('whatever is sold, given back, sent again, late: the box accounts for every cent, and nothing of it hangs over', async () => {
    const step = fc.oneof(
      fc.record({
        do: fc.constant('sell' as const),
        quantity: fc.integer({ min: 1, max: 3 }),
        each: fc.integer({ min: 0, max: 3000 }),
        paidWith: fc.constantFrom('cash' as const, 'other' as const),
      }),
      fc.record({ do: fc.constant('again' as const) }),
      fc.record({ do: fc.constant('refund' as const) }),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 8 }),
        fc.array(step, { maxLength: 4 }),
        fc.integer({ min: 0, max: 9000 }),
        fc.integer({ min: 0, max: 9000 }),
        async (before, after, begunWith, counted) => {
          artistId = (await inTx((tx) => createArtist(tx, { name: `Ana ${newId()}` }))).id
          sellerId = await givenSeller(platform.db, { artistId, vatRegime: 'registered', vatNumber: 'FR40303265045' })
          const { variantId } = await vinyl(4)
          const till = await evening(begunWith)
          const sold: { sale: ArrivedSale; orderId: string; total: number; back: boolean }[] = []
          const run = async (steps: typeof before) => {
            for (const said of steps) {
              const last = sold.at(-1)
              if (said.do === 'sell') {
                const one = sale(variantId, said)
                sold.push({ sale: one, back: false, ...(await take(till, one)) })
              } else if (said.do === 'again' && last) await take(till, last.sale)
              else if (said.do === 'refund' && last && !last.back && last.total > 0) {
                last.back = true
                const from = `till-${last.sale.paidWith}`
                const key = newId()
                await inTx((tx) =>
                  recordRefund(tx, {
                    ...{ orderId: last.orderId, key, amount: last.total, reason: '', by: null, from },
                    at: platform.now(),
                  }),
                )
              }
            }
          }
          const cash = (only: (one: (typeof sold)[number]) => boolean = () => true) =>
            sold.filter((one) => one.sale.paidWith === 'cash' && only(one)).reduce((sum, { total }) => sum + total, 0)
          await run(before)
          const backBefore = cash(({ back }) => back)
          await closeTill(platform, { tillId: till, counted, note: '', by: null })
          await run(after)
          const books: Record<string, number> = await standing()
          expect(books['clearing till-cash'] ?? 0).toBe(0)
          expect(books['cash'] ?? 0).toBe(counted + backBefore - cash(({ back }) => back))
          const row = await tillById(platform.db, till)
          const { difference } = boxOf({ begunWith, sold: row?.cash ?? 0, givenBack: row?.givenBack ?? 0, counted })
          expect(books['till-differences'] ?? 0).toBe(-difference || 0)
          expect(row?.cash).toBe(cash())
        },
      ),
      { numRuns: 15 },
    )
  })
})
