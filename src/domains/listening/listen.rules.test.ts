import { expect, test } from 'vitest'
import { believable, isListen } from './listen.rules.ts'

const now = new Date('2026-11-23T12:00:00Z')
const ago = (ms: number) => new Date(now.getTime() - ms)

test('half of a track makes a listen, four minutes of a long one do, thirty seconds of sound never', () => {
  expect(isListen(90_000, 180_000)).toBe(true)
  expect(isListen(89_999, 180_000)).toBe(false)
  expect(isListen(240_000, 3_600_000)).toBe(true)
  expect(isListen(30_000, 30_000)).toBe(false)
  expect(isListen(16_000, 31_000)).toBe(true)
})

test('nobody hears more than the time that has passed', () => {
  expect(believable({ startedAt: ago(60_000), playedMs: 10_000_000 }, now)?.playedMs).toBe(660_000)
  expect(believable({ startedAt: ago(200_000), playedMs: 180_000 }, now)?.playedMs).toBe(180_000)
})

test('a clock a little ahead is brought back to now, one far ahead or a month late is not believed', () => {
  expect(believable({ startedAt: ago(-60_000), playedMs: 1 }, now)?.startedAt).toEqual(now)
  expect(believable({ startedAt: ago(-3_600_000), playedMs: 1 }, now)).toBeNull()
  expect(believable({ startedAt: ago(31 * 24 * 3_600_000), playedMs: 1 }, now)).toBeNull()
})
