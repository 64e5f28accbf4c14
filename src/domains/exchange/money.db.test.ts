import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { signedIn, type TestPlatform, testApp, testPlatform } from '../../testing/index.ts'
import { createArtist } from '../identity/index.ts'
import { FEWEST_SPENDERS, moneyOf, spentLater } from './money.views.ts'
import { type NewReturn, recordGift, recordReturn } from './record.store.ts'
import { giftReport, giftsWithReturns } from './returns.views.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

const at = (minute: number) => new Date(Date.UTC(2026, 10, 1, 12, minute))

/** A release that was given, with a way to say what came back. */
async function given(artistId: string = newId()) {
  const subject = `release:${newId()}` as const
  const inTx = platform.db.transaction()
  const giftId = await inTx.execute((tx) => recordGift(tx, { artistId, kind: 'release', subject, at: at(0) }))
  const back = (said: Partial<NewReturn> & Pick<NewReturn, 'kind'>) =>
    platform.db
      .transaction()
      .execute((tx) =>
        recordReturn(tx, { artistId, key: newId(), subject, givenAs: subject, personId: null, at: at(1), ...said }),
      )
  return { artistId, subject, giftId, back }
}
const euros = (amount: number) => ({ amount, currency: 'EUR' })

test('money stands beside listens, in each currency, with what went back off, and by the way that brought it', async () => {
  const { artistId, giftId, back } = await given()
  await back({ kind: 'listen', token: 'poster' })
  await back({ kind: 'order', money: euros(1000), token: 'poster' })
  await back({ kind: 'order', money: euros(500), token: 'm.abc' })
  await back({ kind: 'tip', money: euros(200), token: 'm.def' })
  await back({ kind: 'order', money: { amount: 900, currency: 'USD' } })
  await back({ kind: 'refund', money: euros(-400), token: 'poster' })
  await back({ kind: 'acceptance' })

  const [row] = await giftsWithReturns(platform.db, artistId)
  expect(row).toMatchObject({ listens: 1, taken: 1 })
  expect(row?.money).toEqual([euros(1300), { amount: 900, currency: 'USD' }])
  expect(await moneyOf(platform.db, giftId)).toEqual([
    { kind: 'order', count: 2, ...euros(1500) },
    { kind: 'tip', count: 1, ...euros(200) },
    { kind: 'refund', count: 1, ...euros(-400) },
    { kind: 'order', count: 1, amount: 900, currency: 'USD' },
  ])
  const report = await giftReport(platform.db, artistId, giftId, at(60), 'UTC')
  expect(report?.ways.map(({ way, returns, money }) => [way, returns, money])).toEqual([
    ['', 2, [{ amount: 900, currency: 'USD' }]],
    ['m.', 2, [euros(700)]],
    ['poster', 2, [euros(600)]],
  ])
  // What is money is not counted among listens and downloads.
  expect((report?.firstDay ?? 0) + (report?.later ?? 0)).toBe(2)
})

test('what people who took it for nothing later spent is told from five on, and of nobody else', async () => {
  const { artistId, giftId, back } = await given()
  const other = await given(artistId)
  const elsewhere = await given()
  const people = Array.from({ length: FEWEST_SPENDERS + 3 }, () => newId())
  for (const personId of people) await back({ kind: 'download', personId, at: at(10) })
  const spend = (personId: string | undefined, amount: number, minute: number, where = other) =>
    where.back({ kind: 'order', personId: personId ?? null, money: euros(amount), at: at(minute) })
  for (const personId of people.slice(0, FEWEST_SPENDERS - 1)) await spend(personId, 1000, 20)
  // Who got all back spent nothing; what was spent before, or with another artist, is not told.
  await spend(people[5], 700, 20)
  await other.back({ kind: 'refund', personId: people[5] ?? null, money: euros(-700), at: at(30) })
  await spend(people[6], 700, 5)
  await spend(people[7], 700, 20, elsewhere)
  expect(await spentLater(platform.db, artistId, [giftId])).toEqual({ takers: people.length, spenders: null })

  await spend(people[4], 300, 40)
  await other.back({ kind: 'refund', personId: people[0] ?? null, money: euros(-250), at: at(50) })
  expect(await spentLater(platform.db, artistId, [giftId])).toEqual({
    takers: people.length,
    spenders: { people: FEWEST_SPENDERS, money: [euros(4000 - 250 + 300)] },
  })
})

test('who paid for it and then downloaded it did not take it for nothing', async () => {
  const { artistId, giftId, back } = await given()
  const personId = newId()
  await back({ kind: 'order', personId, money: euros(700), at: at(5) })
  await back({ kind: 'download', personId, at: at(6) })
  expect((await spentLater(platform.db, artistId, [giftId])).takers).toBe(0)
})

test('whatever comes back in whatever order: the sum over kinds is that of the table, and that of the days', async () => {
  const one = fc.record({
    kind: fc.constantFrom('listen', 'order', 'tip', 'refund', 'acceptance'),
    amount: fc.integer({ min: 1, max: 5000 }),
    currency: fc.constantFrom('EUR', 'JPY'),
    minute: fc.integer({ min: 1, max: 3000 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(one, { maxLength: 12 }), async (returns) => {
      const { artistId, giftId, back } = await given()
      const sums = new Map<string, number>()
      for (const { kind, amount, currency, minute } of returns) {
        const sign = kind === 'refund' ? -1 : kind === 'order' || kind === 'tip' ? 1 : 0
        if (sign) sums.set(currency, (sums.get(currency) ?? 0) + sign * amount)
        await back({ kind, at: at(minute), ...(sign && { money: { amount: sign * amount, currency } }) })
      }
      const expected = [...sums].filter(([, amount]) => amount !== 0).toSorted()
      const [row] = await giftsWithReturns(platform.db, artistId)
      expect(row?.money.map(({ currency, amount }) => [currency, amount]).toSorted()).toEqual(expected)
      const report = await giftReport(platform.db, artistId, giftId, at(3100), 'UTC')
      const total = (of: readonly { currency: string; amount: number }[] = []) =>
        [...Map.groupBy(of, ({ currency }) => currency)]
          .map(([currency, all]) => [currency, all.reduce((sum, { amount }) => sum + amount, 0)] as const)
          .filter(([, amount]) => amount !== 0)
          .toSorted()
      expect(total(report?.money)).toEqual(expected)
      expect(total(report?.days.flatMap(({ money }) => money))).toEqual(expected)
    }),
    { numRuns: 15 },
  )
})

test('money is looked for by indexes, however many listens there are', async () => {
  const { giftId, artistId } = await given()
  const { rows } = await platform.db.transaction().execute(async (tx) => {
    await sql`set local enable_seqscan = off`.execute(tx)
    return sql<{ 'QUERY PLAN': string }>`
      explain select sum(amount) from returns where gift_id = ${giftId} and amount is not null
      union all select sum(amount) from returns where person_id = ${newId()} and artist_id = ${artistId} and amount is not null`.execute(
      tx,
    )
  })
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).not.toContain('Seq Scan')
})

test('the page and the table of gifts say it', async () => {
  const { id, slug } = await platform.db.transaction().execute((tx) => createArtist(tx, { name: `Ana ${newId()}` }))
  const { giftId, back } = await given(id)
  const people = Array.from({ length: FEWEST_SPENDERS }, () => newId())
  for (const personId of people) {
    await back({ kind: 'acceptance', personId, at: at(1) })
    await back({ kind: 'order', personId, money: euros(1250), at: at(2) })
  }
  const ana = await signedIn(platform, { artistIds: [id] })
  const see = async (path: string) =>
    (await testApp(platform).request(`${path}?desk=${slug}`, { headers: ana.headers })).text()
  expect(await see('/studio/returns')).toContain('€62.50')
  const page = await see(`/studio/returns/${giftId}`)
  expect(page).toContain('5 people took this for nothing. 5 of them later spent €62.50 with you.')
  expect(await see(`/studio/returns/${giftId}.csv`)).toContain('day,touches,listens,downloads,money_EUR')
})
