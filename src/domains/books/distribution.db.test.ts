import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import { givenSeller, type TestPlatform, testPlatform } from '../../testing/index.ts'
import { type GivenSale, givenPayee, givenSale, givenSplit } from './books.fixtures.ts'
import { distribute, dueSoFar } from './distribute.ts'
import { balances, reverse } from './index.ts'
import { dueTo, type NewOutlay, recordOutlay, takeBackOutlay } from './record-outlay.ts'
import { type Seller, sellerById } from './seller.views.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => platform.db.transaction().execute(work)
const TODAY = '2026-12-31'
const sell = (seller: Seller, said: Omit<GivenSale, 'key'> & { key?: string }) =>
  inTx((tx) => givenSale(tx, seller.id, { key: newId(), ...said }))
const distributeTo = async (seller: Seller, through: string) => {
  const done = await distribute(platform, seller, { through, today: TODAY, by: null })
  if (!done.ok) throw new Error(done.error)
  return done.value
}
const statementOf = async (distributionId: string, payeeId: string) =>
  (
    await platform.db
      .selectFrom('statements')
      .select('content')
      .where('distributionId', '=', distributionId)
      .where('payeeId', '=', payeeId)
      .executeTakeFirstOrThrow()
  ).content

async function scene() {
  const { db } = platform
  const seller = (await sellerById(db, await givenSeller(db))) as Seller
  const [ana, noe, zoe] = [
    await givenPayee(db, seller.id, { name: 'Ana' }),
    await givenPayee(db, seller.id, { name: 'Noé' }),
    await givenPayee(db, seller.id, { name: 'Zoé', language: 'fr' }),
  ]
  const pay = (said: Partial<NewOutlay> & Pick<NewOutlay, 'kind' | 'amount'>) =>
    recordOutlay(platform, seller, {
      ...({ paidOn: '2026-10-15', paidFrom: 'bank', note: '', by: null, ...said } as NewOutlay),
    })
  return { seller, ana, noe, zoe, subject: `release:${newId()}`, pay }
}

describe('three who share a release', () => {
  test('are told what was sold where, and are due what is left after fees, costs and an advance', async () => {
    const { seller, ana, noe, zoe, subject, pay } = await scene()
    await givenSplit(platform.db, seller.id, {
      ...{ subject, from: '2026-01-01', parts: { [ana]: 5000, [noe]: 2500, [zoe]: 2500 } },
    })
    await pay({ kind: 'cost', amount: 3000, subject, title: 'Harbour', paidOn: '2026-01-05' } as NewOutlay)
    await pay({ kind: 'advance', amount: 2000, payeeId: noe } as NewOutlay)
    await sell(seller, { on: '2026-10-02', subject, gross: 12_000, tax: 2000, fee: 500, country: 'FR', quantity: 10 })
    await sell(seller, { on: '2026-10-03', subject, gross: 3501, country: 'DE', quantity: 3 })
    const october = await distributeTo(seller, '2026-10-31')
    // 12,000 - 2,000 - 500 + 3,501 - 3,000 of costs.
    expect(await statementOf(october, ana)).toMatchObject({ earned: 5001, recouped: 0, balanceAfter: 5001 })
    expect(await statementOf(october, noe)).toMatchObject({ earned: 2500, recouped: 2000, balanceAfter: 500 })
    expect(await statementOf(october, zoe)).toMatchObject({
      earned: 2500,
      balanceAfter: 2500,
      subjects: [
        {
          title: 'Harbour',
          share: 2500,
          earned: 13_001,
          costsTaken: 3000,
          pool: 10_001,
          part: 2500,
          sold: [
            { country: 'DE', quantity: 3, gross: 3501, tax: 0, fees: 0 },
            { country: 'FR', quantity: 10, gross: 12_000, tax: 2000, fees: 500 },
          ],
        },
      ],
    })
    expect(await balances(platform.db, seller.id, 'payee')).toHaveLength(3)
    expect(await balances(platform.db, seller.id, 'advances')).toEqual([])
    // Asked for twice, it is the same.
    expect(await distributeTo(seller, '2026-10-31')).toBe(october)
    expect(await distribute(platform, seller, { through: TODAY, today: TODAY, by: null })).toEqual({
      ok: false,
      error: 'not-over',
    })

    const paid = await pay({ kind: 'payout', amount: 5001, payeeId: ana, paidOn: '2026-11-05' } as NewOutlay)
    expect(paid.ok).toBe(true)
    expect(await pay({ kind: 'payout', amount: 1, payeeId: ana } as NewOutlay)).toEqual({
      ok: false,
      error: { problem: 'more-than-due', due: 0 },
    })
    expect((await pay({ kind: 'payout', amount: 1, payeeId: ana, note: 'A cent for luck.' } as NewOutlay)).ok).toBe(
      true,
    )
    const { changes } = await dueSoFar(platform.db, seller.id, TODAY)
    expect(changes.find(({ payeeId }) => payeeId === ana)).toMatchObject({ earned: 0, paid: 5002, balanceAfter: -1 })
  })

  test('a late refund is taken from those who had the sale, by the split of its day', async () => {
    const { seller, ana, noe, subject } = await scene()
    await givenSplit(platform.db, seller.id, { subject, from: '2026-10-01', parts: { [ana]: 10_000 } })
    await givenSplit(platform.db, seller.id, { subject, from: '2026-10-16', parts: { [noe]: 10_000 } })
    await sell(seller, { key: 'first', on: '2026-10-10', subject, gross: 900 })
    await sell(seller, { on: '2026-10-11', subject, gross: 100 })
    await sell(seller, { on: '2026-10-20', subject, gross: 500 })
    await distributeTo(seller, '2026-10-31')
    expect([await dueTo(platform.db, seller.id, ana), await dueTo(platform.db, seller.id, noe)]).toEqual([1000, 500])
    await inTx((tx) => reverse(tx, { sellerId: seller.id, key: 'first', bookedOn: '2026-11-20', at: platform.now() }))
    // A part of another, as the shop tells it.
    await sell(seller, { on: '2026-11-21', earnedOn: '2026-10-11', subject, gross: -40 })
    await sell(seller, { on: '2026-11-22', subject, gross: 7 })
    const november = await distributeTo(seller, '2026-11-30')
    expect([await dueTo(platform.db, seller.id, ana), await dueTo(platform.db, seller.id, noe)]).toEqual([60, 507])
    expect(await statementOf(november, ana)).toMatchObject({
      earned: -940,
      balanceBefore: 1000,
      balanceAfter: 60,
      subjects: [{ sold: [{ country: 'FR', quantity: -2, gross: -940 }] }],
    })
  })

  test('what was taken back of advances and payouts is told and counts again', async () => {
    const { seller, ana, subject, pay } = await scene()
    await givenSplit(platform.db, seller.id, { subject, from: '2026-01-01', parts: { [ana]: 10_000 } })
    await sell(seller, { on: '2026-10-10', subject, gross: 1000 })
    const advance = await pay({ kind: 'advance', amount: 600, payeeId: ana } as NewOutlay)
    await distributeTo(seller, '2026-10-31')
    expect(await dueTo(platform.db, seller.id, ana)).toBe(400)
    if (!advance.ok) throw new Error('no advance')
    platform.pass(1000)
    const back = { id: advance.value, today: TODAY, by: null }
    expect([await takeBackOutlay(platform, seller, back), await takeBackOutlay(platform, seller, back)]).toEqual([
      true,
      false,
    ])
    const november = await distributeTo(seller, '2026-11-30')
    expect(await dueTo(platform.db, seller.id, ana)).toBe(1000)
    expect(await statementOf(november, ana)).toMatchObject({
      recouped: -600,
      payments: [{ kind: 'advance', amount: -600 }],
    })
    expect(await balances(platform.db, seller.id, 'advances')).toEqual([])
  })

  test('two who distribute at once do it once, and nobody changes a statement', async () => {
    const { seller, ana, subject } = await scene()
    await givenSplit(platform.db, seller.id, { subject, from: '2026-01-01', parts: { [ana]: 3333, seller: 6667 } })
    await sell(seller, { on: '2026-10-10', subject, gross: 1000 })
    const both = await Promise.all([1, 2, 3].map(() => distributeTo(seller, '2026-10-31')))
    expect(new Set(both).size).toBe(1)
    expect(await dueTo(platform.db, seller.id, ana)).toBe(333)
    await expect(platform.pool.query(`update statements set content = '{}'`)).rejects.toThrow('stays as it was sent')
    await expect(platform.pool.query('delete from distributions')).rejects.toThrow('append-only')
  })
})

const RATES = [
  { currency: 'USD', base: 92, foreign: 100 },
  { currency: 'JPY', base: 10_000, foreign: 16_327 },
]

test('whatever happens in several currencies, with transactions that die half way: the sum is nothing, and what is due does not depend on when it was distributed', async () => {
  const { seller: first } = await scene()
  const day = fc.integer({ min: 1, max: 90 }).map((n) => new Date(Date.UTC(2026, 8, n)).toISOString().slice(0, 10))
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        does: fc.constant('sell' as const),
        key: fc.nat(30),
        on: day,
        thing: fc.nat(1),
        gross: fc.integer({ min: 1, max: 1e5 }),
        tax: fc.integer({ min: 0, max: 20 }),
        currency: fc.constantFrom('EUR', 'USD', 'JPY'),
        dies: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ does: fc.constant('refund' as const), key: fc.nat(30), on: day, dies: fc.boolean() }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        does: fc.constant('pay' as const),
        kind: fc.constantFrom('cost' as const, 'advance' as const, 'payout' as const),
        who: fc.nat(1),
        thing: fc.nat(1),
        amount: fc.integer({ min: 1, max: 5e4 }),
        back: fc.boolean(),
      }),
    },
    { weight: 2, arbitrary: fc.record({ does: fc.constant('distribute' as const), through: day }) },
  )
  let run = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 4, maxLength: 24 }),
      fc.integer({ min: 0, max: 10_000 }),
      async (steps, share) => {
        run++
        const { db } = platform
        const seller = run === 1 ? first : ((await sellerById(db, await givenSeller(db))) as Seller)
        const people = [await givenPayee(db, seller.id), await givenPayee(db, seller.id)] as [string, string]
        const things = [`release:${newId()}`, `track:${newId()}`] as [string, string]
        const parts = { [people[0]]: share, seller: Math.floor((10_000 - share) / 3) }
        const rest = 10_000 - share - parts['seller']
        await givenSplit(db, seller.id, {
          ...{ subject: things[0], from: '2026-09-01', parts: { ...parts, [people[1]]: rest } },
        })
        await givenSplit(db, seller.id, { subject: things[0], from: '2026-10-10', parts: { [people[1]]: 10_000 } })
        await givenSplit(db, seller.id, {
          ...{ subject: things[1], from: '2026-09-20', recoupsCosts: false },
          parts: { [people[0]]: 6667, [people[1]]: 3333 },
        })
        for (const one of steps) {
          if (one.does === 'distribute') {
            await distribute(platform, seller, { through: one.through, today: TODAY, by: null })
          } else if (one.does === 'pay') {
            const to =
              one.kind === 'cost'
                ? { kind: one.kind, subject: things[one.thing] as string, title: 'x' }
                : { kind: one.kind, payeeId: people[one.who] as string }
            const paid = await recordOutlay(platform, seller, {
              ...{ ...to, amount: one.amount, paidOn: '2026-10-01', paidFrom: 'bank', note: 'x', by: null },
            })
            if (paid.ok && one.back) await takeBackOutlay(platform, seller, { id: paid.value, today: TODAY, by: null })
          } else {
            await inTx(async (tx) => {
              if (one.does === 'sell') {
                const { gross, on, currency } = one
                const tax = Math.floor((gross * one.tax) / 100)
                const about = { subject: things[one.thing] as string, on, gross, tax, fee: gross % 7, currency }
                await givenSale(tx, seller.id, { key: `s${one.key}`, ...about, rates: RATES })
              } else {
                const known = await tx
                  .selectFrom('ledgerEntries')
                  .select('id')
                  .where('sellerId', '=', seller.id)
                  .where('key', '=', `s${one.key}`)
                  .executeTakeFirst()
                if (known)
                  await reverse(tx, { sellerId: seller.id, key: `s${one.key}`, bookedOn: one.on, at: platform.now() })
              }
              if (one.dies) throw new Error('died')
            }).catch((error: Error) => {
              if (error.message !== 'died') throw error
            })
          }
        }
        const before = await dueSoFar(db, seller.id, '2026-12-30')
        await distribute(platform, seller, { through: '2026-12-30', today: TODAY, by: null })
        const { rows } = await sql<{ amount: number; base: number }>`
          select sum(l.amount)::bigint as amount, sum(base_amount)::bigint as base from ledger_lines l
          join ledger_accounts a on a.id = l.account_id where a.seller_id = ${seller.id} group by currency`.execute(db)
        for (const sums of rows) expect(sums).toEqual({ amount: 0, base: 0 })
        // What the ledger says each is due is what the rules say of everything at once, however often was distributed on the way.
        for (const { payeeId, balanceAfter, advancesOpen } of before.changes) {
          expect(await dueTo(db, seller.id, payeeId)).toBe(balanceAfter)
          const open = (await balances(db, seller.id, 'advances')).find(({ of }) => of === payeeId)?.amount ?? 0
          expect(open).toBe(advancesOpen)
        }
        const last = await db
          .selectFrom('statements')
          .select(({ fn }) => fn.sum<string>('earned').as('earned'))
          .where('sellerId', '=', seller.id)
          .executeTakeFirstOrThrow()
        const royalties = (await balances(db, seller.id, 'royalties'))[0]?.amount ?? 0
        expect(Number(last.earned ?? 0)).toBe(royalties)
      },
    ),
    { numRuns: 12 },
  )
})
