import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { type TestPlatform, testPlatform } from '../../testing/index.ts'
import { WHOLE } from './credit.rules.ts'
import { creditReport } from './credit.views.ts'
import { burstOf } from './momentum.views.ts'
import { recordGift, recordReturn, recordTouches } from './record.store.ts'
import { cameBack, giftReport, giftsWithReturns } from './returns.views.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

const NOW = new Date('2026-11-20T10:00:00Z')
const days = (n: number) => new Date(NOW.getTime() + n * 86_400_000)

async function artist() {
  const artistId = newId()
  const subject = `release:${newId()}` as const
  const about = { artistId, subject, givenAs: subject, referrer: null, token: null }
  const give = (at: Date) =>
    platform.db.transaction().execute((tx) => recordGift(tx, { artistId, kind: 'release', subject, at }))
  const open = (at: Date, personId: string | null = null, key: string = newId()) =>
    recordTouches(platform.db, [{ ...about, key, personId, channel: 'page', at }])
  const back = (at: Date, kind: string, personId: string | null = null, key: string = newId()) =>
    platform.db.transaction().execute((tx) => {
      const money = kind === 'order' ? { money: { amount: 500, currency: 'EUR' } } : {}
      return recordReturn(tx, { ...about, ...money, key, kind, personId, at })
    })
  const report = async (giftId: string, now = NOW) => {
    const found = await giftReport(platform.db, artistId, giftId, now, 'Europe/Paris')
    if (!found) throw new Error('No such gift')
    return found
  }
  const told = async () => {
    const [row] = await giftsWithReturns(platform.db, artistId)
    if (!row) throw new Error('No gift')
    const { touches, listens, money } = row
    return { touches, listens, money: money[0]?.amount ?? 0 }
  }
  return { artistId, give, open, back, report, told }
}

const summed = (report: Awaited<ReturnType<Awaited<ReturnType<typeof artist>>['report']>>) => ({
  touches: report.days.reduce((sum, day) => sum + day.touches, 0),
  listens: report.days.reduce((sum, day) => sum + day.listens, 0),
  money: report.days.reduce((sum, day) => sum + day.money.reduce((all, { amount }) => all + amount, 0), 0),
})

test('of a day on which the clock was wrong nothing is lost: the days sum to what the gift is told to have brought', async () => {
  const { artistId, give, open, back, report, told } = await artist()
  const gift = await give(days(-2))
  // For an hour the machine believed that it was three days earlier, then that it was tomorrow; then it was set right.
  for (const at of [days(-3), days(-1), days(1), days(1), days(0)]) {
    await open(at)
    await back(at, 'listen')
  }
  await back(days(1), 'order')
  const all = { touches: 5, listens: 5, money: 500 }
  expect(await told()).toEqual(all)
  const now = await report(gift)
  expect(now.days.map(({ day, listens }) => [day, listens])).toEqual([
    ['2026-11-18', 1],
    ['2026-11-19', 1],
    ['2026-11-20', 3],
  ])
  expect(summed(now)).toEqual(all)
  expect(now.firstDay + now.later).toBe(5)
  // What bears tomorrow's date is no burst of today, and stands on its own day once that has come.
  expect(await burstOf(platform.db, artistId, NOW, 'Europe/Paris')).toBeNull()
  const later = await report(gift, days(2))
  expect(later.days.map(({ listens }) => listens)).toEqual([1, 1, 1, 2, 0])
  expect(summed(later)).toEqual(all)
})

test('of a gift that a clock running ahead dates tomorrow what came is told today', async () => {
  const { give, open, report, told } = await artist()
  const gift = await give(days(1))
  await open(days(1))
  await open(days(0))
  expect(await told()).toMatchObject({ touches: 2 })
  expect((await report(gift)).days.map(({ day, touches }) => [day, touches])).toEqual([['2026-11-20', 2]])
})

test('what was set right is in no week, and whoever came several times is one', async () => {
  const { artistId, give, open, back } = await artist()
  await give(days(-2))
  const fan = newId()
  for (const person of [fan, fan, newId(), null]) {
    await open(days(-1), person)
    await back(days(-1), 'listen', person)
  }
  const week = () => cameBack(platform.db, artistId, days(-7), NOW)
  expect(await week()).toEqual({ touches: 4, people: 2, listens: 4, downloads: 0 })
  // Twice, as two of us may at the same time.
  for (let n = 0; n < 2; n++)
    await platform.pool.query(
      `insert into returns (id, artist_id, subject, kind, reverses, at) select $1, artist_id, subject, kind, id, at from returns where artist_id = $2 and person_id is null and reverses is null`,
      [newId(), artistId],
    )
  expect(await week()).toEqual({ touches: 4, people: 2, listens: 3, downloads: 0 })
})

test('a campaign that is brought in with its past stands in its own months, once, and moves nothing of today', async () => {
  const { artistId, give, open, back, report, told } = await artist()
  const before = await report(await give(days(-800)))
  expect(before.days).toHaveLength(801)
  const fans = Array.from({ length: 4 }, () => newId())
  const bringIn = async () => {
    for (const [n, fan] of fans.entries()) {
      await open(days(-800 + n), fan, `campaign:open:${n}`)
      for (let listen = 0; listen < 10; listen++) await back(days(-799 + n), 'listen', fan, `campaign:${n}:${listen}`)
      await back(days(-790), 'order', fan, `campaign:order:${n}`)
    }
  }
  await bringIn()
  const all = { touches: 4, listens: 40, money: 2000 }
  expect(await told()).toEqual(all)
  // Brought in again, as whoever is not sure that it worked does.
  await bringIn()
  expect(await told()).toEqual(all)
  const after = await report(before.gift.id)
  expect(summed(after)).toEqual(all)
  expect(after.days.filter(({ listens }) => listens > 0).map(({ day }) => day)).toEqual([
    '2024-09-12',
    '2024-09-13',
    '2024-09-14',
    '2024-09-15',
  ])
  expect(after.reading?.lasting).toMatchObject({ over: true, returns: 40, people: 4 })

  expect(await cameBack(platform.db, artistId, days(-7), days(1))).toEqual({
    touches: 0,
    people: 0,
    listens: 0,
    downloads: 0,
  })
  expect(await burstOf(platform.db, artistId, NOW, 'Europe/Paris')).toBeNull()
  const credited = async (from: Date, to: Date) =>
    (await creditReport(platform.db, artistId, { windowDays: 30, from, to })).rows.map(({ gift, all }) => [
      gift?.id ?? 'itself',
      all / WHOLE,
    ])
  expect(await credited(days(-30), days(1))).toEqual([])
  expect(await credited(days(-800), days(-780))).toEqual([[before.gift.id, 44]])
})
