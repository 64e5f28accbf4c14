import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import { givenSeller, type TestPlatform, testPlatform } from '../../testing/index.ts'
import type { Line } from './entry.rules.ts'
import { balances, type NewEntry, record, reverse } from './index.ts'

let platform: TestPlatform
let sellerId: string
beforeAll(async () => {
  platform = await testPlatform()
  sellerId = await givenSeller(platform.db)
})
afterAll(() => platform.close())

const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => platform.db.transaction().execute(work)
const AT = new Date('2026-11-25T20:00:00Z')
const sale = (key: string, amount: number, currency = 'EUR'): NewEntry => ({
  sellerId,
  key,
  kind: 'sale',
  bookedOn: '2026-11-25',
  at: AT,
  reference: key,
  rates: [
    { currency: 'USD', base: 92, foreign: 100 },
    { currency: 'JPY', base: 10_000, foreign: 16_327 },
  ],
  lines: [
    { account: { kind: 'clearing', of: 'manual' }, amount, currency },
    {
      account: { kind: 'sales-digital' },
      amount: -amount,
      currency,
      subject: `release:${newId()}`,
      country: 'FR',
      quantity: 1,
    },
  ],
})

const total = async () => {
  const { rows } = await sql<{ currency: string; amount: number; base: number }>`
    select currency, sum(amount)::bigint as amount, sum(base_amount)::bigint as base from ledger_lines group by currency`.execute(
    platform.db,
  )
  return rows
}

describe('an entry', () => {
  test('stands once, however often it is recorded, and taken back leaves nothing on any account', async () => {
    expect(await inTx((tx) => record(tx, sale('once', 1250)))).toBe(true)
    expect(await inTx((tx) => record(tx, sale('once', 1250)))).toBe(false)
    expect(await balances(platform.db, sellerId, 'sales-digital')).toEqual([{ of: '', currency: 'EUR', amount: -1250 }])

    const back = () => inTx((tx) => reverse(tx, { sellerId, key: 'once', bookedOn: '2026-11-26', at: AT }))
    expect([await back(), await back()]).toEqual([true, false])
    expect(await balances(platform.db, sellerId, 'sales-digital')).toEqual([])
    expect(await balances(platform.db, sellerId, 'clearing')).toEqual([])
  })

  test('that is recorded twice at the same moment stands once', async () => {
    const both = await Promise.all([1, 2, 3, 4].map(() => inTx((tx) => record(tx, sale('race', 700, 'USD')))))
    expect(both.filter(Boolean)).toHaveLength(1)
    expect(await balances(platform.db, sellerId, 'clearing')).toEqual([{ of: 'manual', currency: 'USD', amount: 700 }])
  })
})

describe('nobody', () => {
  const entryWith = (tx: Tx, count: number) => {
    const id = newId()
    return tx
      .insertInto('ledgerEntries')
      .values({
        id,
        sellerId,
        key: id,
        kind: 'sale',
        bookedOn: '2026-11-25',
        reverses: null,
        lines: count,
        recordedAt: AT,
      })
      .execute()
      .then(() => id)
  }
  const lines = (entryId: string, accountId: string, amounts: number[]) =>
    amounts.map((amount, index) => ({
      entryId,
      position: index + 1,
      accountId,
      bookedOn: '2026-11-25',
      amount,
      currency: 'EUR',
      baseAmount: amount,
      subject: null,
      country: null,
      quantity: null,
      earnedOn: null,
    }))
  const anAccount = async () =>
    (
      await platform.db
        .selectFrom('ledgerAccounts')
        .select('id')
        .where('sellerId', '=', sellerId)
        .executeTakeFirstOrThrow()
    ).id

  test('writes an entry that does not balance, or only a part of one, not even by hand', async () => {
    const accountId = await anAccount()
    const write = (declared: number, amounts: number[]) =>
      inTx(async (tx) => {
        const id = await entryWith(tx, declared)
        await tx
          .insertInto('ledgerLines')
          .values(lines(id, accountId, amounts))
          .execute()
      })
    await expect(write(2, [5, -4])).rejects.toThrow('does not balance')
    await expect(write(4, [5, -5])).rejects.toThrow('written whole')
    await expect(write(2, [5, -5])).resolves.toBeUndefined()
  })

  test('changes or takes away what is written', async () => {
    await inTx((tx) => record(tx, sale('kept', 300)))
    for (const statement of [
      'update ledger_lines set amount = amount + 1',
      'delete from ledger_lines',
      `update ledger_entries set reference = 'other'`,
      'delete from ledger_entries',
      'truncate ledger_lines',
      'truncate ledger_entries cascade',
    ])
      await expect(platform.pool.query(statement)).rejects.toThrow('append-only')
  })
})

test('whatever happens, at once and with transactions that die half way, the sum is nothing in every currency', async () => {
  type Step = { key: number; amount: number; currency: string; back: boolean; dies: boolean; more: number[] }
  const step: fc.Arbitrary<Step> = fc.record({
    key: fc.integer({ min: 0, max: 15 }),
    amount: fc.integer({ min: 1, max: 1e7 }),
    currency: fc.constantFrom('EUR', 'USD', 'JPY'),
    back: fc.boolean(),
    dies: fc.boolean(),
    more: fc.array(fc.integer({ min: 1, max: 1e5 }), { maxLength: 4 }),
  })
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      run++
      await Promise.all(
        steps.map(({ key, amount, currency, back, dies, more }) =>
          inTx(async (tx) => {
            const name = `run${run}:${key}`
            const entry = sale(name, amount, currency)
            const split: Line[] = more.flatMap((part) => [
              { account: { kind: 'royalties' }, amount: part, currency },
              { account: { kind: 'payee', of: `p${part % 3}` }, amount: -part, currency },
            ])
            await record(tx, { ...entry, lines: [...entry.lines, ...split] })
            if (back) await reverse(tx, { sellerId, key: name, bookedOn: '2026-11-25', at: AT })
            if (dies) throw new Error('died')
          }).catch((error: Error) => {
            if (error.message !== 'died') throw error
          }),
        ),
      )
      for (const { amount, base } of await total()) expect([amount, base]).toEqual([0, 0])
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from ledger_entries e
        where e.lines <> (select count(*) from ledger_lines l where l.entry_id = e.id)`.execute(platform.db)
      expect(rows[0]?.n).toBe(0)
    }),
    { numRuns: 40 },
  )
})
