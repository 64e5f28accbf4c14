import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { type TestPlatform, testPlatform } from '../../testing/index.ts'
import { type NewReturn, type NewTouch, recordGift, recordReturn, recordTouches, wayOf } from './record.store.ts'
import { giftReport, giftsWithReturns } from './returns.views.ts'
import { visitorOfTheDay } from './visitors.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

const inTx = <T>(work: Parameters<ReturnType<TestPlatform['db']['transaction']>['execute']>[0]) =>
  platform.db.transaction().execute(work) as Promise<T>

function listen(artistId: string, over: Partial<NewReturn> = {}): NewReturn {
  const subject = `track:${newId()}` as const
  return { artistId, key: newId(), kind: 'listen', subject, givenAs: subject, personId: null, at: new Date(), ...over }
}

test('a release is given once, however often it is published', async () => {
  const artistId = newId()
  const subject = `release:${newId()}` as const
  const first = await inTx<string>((tx) =>
    recordGift(tx, { artistId, kind: 'release', subject, at: new Date('2026-11-01T10:00:00Z') }),
  )
  const again = await inTx<string>((tx) =>
    recordGift(tx, { artistId, kind: 'release', subject, at: new Date('2026-11-20T10:00:00Z') }),
  )
  expect(again).toBe(first)
  expect(await giftsWithReturns(platform.db, artistId)).toHaveLength(1)
})

test('a return that arrives several times, at once and on both sides of midnight, counts once', async () => {
  const artistId = newId()
  const same = listen(artistId)
  const arrivals = ['2026-11-30T23:59:59Z', '2026-12-01T00:00:01Z', '2026-12-01T00:00:02Z'].map((at) => ({
    ...same,
    at: new Date(at),
  }))
  const counted = await Promise.all(arrivals.map((entry) => inTx<boolean>((tx) => recordReturn(tx, entry))))
  expect(counted.filter(Boolean)).toHaveLength(1)
  const rows = await platform.db.selectFrom('returns').select('id').where('artistId', '=', artistId).execute()
  expect(rows).toHaveLength(1)
})

test('whatever the order and the repeats, each fact stands once, in the month it happened', async () => {
  const days = fc.date({ min: new Date('2024-01-01'), max: new Date('2026-12-31'), noInvalidDate: true })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ key: fc.integer({ min: 0, max: 6 }), at: days }), { maxLength: 25 }),
      async (arrivals) => {
        const artistId = newId()
        const subject = `release:${newId()}` as const
        const touch = ({ key, at }: { key: number; at: Date }): NewTouch => ({
          key: String(key),
          at,
          artistId,
          subject,
          givenAs: subject,
          personId: null,
          channel: 'page',
          referrer: null,
          token: null,
        })
        const half = Math.ceil(arrivals.length / 2)
        await Promise.all(
          [arrivals.slice(0, half), arrivals.slice(half)].map((part) => recordTouches(platform.db, part.map(touch))),
        )
        const rows = await platform.db
          .selectFrom('touches')
          .select(['id', 'at'])
          .where('artistId', '=', artistId)
          .execute()
        expect(rows).toHaveLength(new Set(arrivals.map((arrival) => arrival.key)).size)
      },
    ),
    { numRuns: 25 },
  )
})

test('a touch and a return belong to the publication of what they are about', async () => {
  const artistId = newId()
  const release = `release:${newId()}` as const
  const track = `track:${newId()}` as const
  const personId = newId()
  const at = new Date('2026-11-10T12:00:00Z')
  const giftId = await inTx<string>((tx) => recordGift(tx, { artistId, kind: 'release', subject: release, at }))
  const later = new Date('2026-11-12T12:00:00Z')
  const touch = { artistId, givenAs: release, personId, token: null }
  await recordTouches(platform.db, [
    { ...touch, key: 'a', channel: 'page', subject: release, referrer: 'blog.example', at },
    { ...touch, key: 'b', channel: 'start', subject: track, referrer: null, at: later },
  ])
  expect(await wayOf(platform.db, personId, artistId, new Date(at.getTime() + 1))).toEqual({
    referrer: 'blog.example',
    token: null,
  })
  await inTx((tx) =>
    recordReturn(
      tx,
      listen(artistId, { subject: track, givenAs: release, personId, at: later, referrer: 'blog.example' }),
    ),
  )
  const report = await giftReport(platform.db, artistId, giftId, new Date('2026-11-13T12:00:00Z'), 'UTC')
  expect(report?.days.map((day) => [day.day, day.touches, day.listens])).toEqual([
    ['2026-11-10', 1, 0],
    ['2026-11-11', 0, 0],
    ['2026-11-12', 1, 1],
    ['2026-11-13', 0, 0],
  ])
  expect(report?.ways).toEqual([{ way: 'blog.example', token: false, host: null, money: [], touches: 1, returns: 1 }])
  expect(report?.subjects[0]).toEqual({ subject: track, starts: 1, listens: 1, downloads: 0 })
  expect(report).toMatchObject({ firstDay: 0, later: 1 })
})

test('a visitor without a cookie is the same one for a day, and nobody’s address can be read from it', async () => {
  const today = await visitorOfTheDay(platform, '203.0.113.7', 'Firefox')
  expect(await visitorOfTheDay(platform, '203.0.113.7', 'Firefox')).toBe(today)
  expect(await visitorOfTheDay(platform, '203.0.113.8', 'Firefox')).not.toBe(today)
  platform.pass(24 * 3_600_000)
  expect(await visitorOfTheDay(platform, '203.0.113.7', 'Firefox')).not.toBe(today)
})
