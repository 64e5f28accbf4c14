import { expect, test } from 'vitest'
import { momentum, PAST_DAYS } from './momentum.rules.ts'

/** Chance that is the same each time (mulberry32). */
function chanceFrom(seed: number) {
  let s = seed
  const next = () => {
    s = (s + 0x6d2b79f5) | 0
    let t = Math.imul(s ^ (s >>> 15), 1 | s)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  /** Marsaglia and Tsang (2000), for shapes from 1 on. */
  const gamma = (shape: number): number => {
    const d = shape - 1 / 3
    const c = 1 / Math.sqrt(9 * d)
    for (;;) {
      const x = normal()
      const v = (1 + c * x) ** 3
      if (v > 0 && Math.log(1 - next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
    }
  }
  const poisson = (mean: number): number => {
    if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()))
    const limit = Math.exp(-mean)
    let n = 0
    for (let p = 1 - next(); p > limit; p *= 1 - next()) n++
    return n
  }
  /** A negative binomial count; `shape` Infinity is Poisson. */
  return (mean: number, shape: number) => poisson(shape === Infinity ? mean : (mean * gamma(shape)) / shape)
}

const WEEK = [0.8, 0.8, 0.9, 1, 1.3, 1.3, 0.9]

/** How often in a year an artist to whom nothing happens would be told of a burst. */
function alarmsAYear(mean: number, shape: number, week: number[]): number {
  const draw = chanceFrom(2026)
  const days = 5_000
  let alarms = 0
  for (let n = 0; n < days; n++) {
    const count = (i: number) => draw(mean * (week[(i + n) % 7] ?? 1), shape)
    const past = Array.from({ length: PAST_DAYS }, (_, i) => count(i))
    if (momentum(past, count(PAST_DAYS)).isBurst) alarms++
  }
  return (alarms / days) * 365
}

test('by chance alone a burst is told about once a year at most', () => {
  const flat = WEEK.map(() => 1)
  // A weekly show: one day is always five times the others.
  const show = flat.with(4, 5)
  // One a year is 13.7 of 5000 days; what chance leaves of that stays under 1.6.
  for (const [mean, shape, week] of [
    [1, Infinity, flat],
    [20, Infinity, WEEK],
    [20, 5, WEEK],
    [100, 2, WEEK],
    [1000, 20, WEEK],
    [200, Infinity, show],
    [200, 5, show],
  ] as const)
    expect(alarmsAYear(mean, shape, week), `${mean} a day, shape ${shape}`).toBeLessThan(1.6)
})

test('five times what is usual is seen, and three times often, also after a burst of the past; a quiet day and a few listens are not', () => {
  const draw = chanceFrom(7)
  const seen = { three: 0, five: 0 }
  for (let n = 0; n < 200; n++) {
    const past = Array.from({ length: PAST_DAYS }, (_, i) => (i >= 40 && i < 47 ? 200 : draw(20, 20)))
    if (momentum(past, draw(60, 20)).isBurst) seen.three++
    if (momentum(past, draw(100, 20)).isBurst) seen.five++
    expect(momentum(past, 18).isBurst).toBe(false)
  }
  expect(seen.three).toBeGreaterThan(60)
  expect(seen.five).toBeGreaterThan(180)
  const nothing = Array.from({ length: PAST_DAYS }, () => 0)
  expect(momentum(nothing, 11).isBurst).toBe(false)
  expect(momentum(nothing, 12)).toMatchObject({ isBurst: true, usual: 0 })
  // Of a past that is not twelve weeks long nothing is said.
  expect(momentum(nothing.slice(1), 500).isBurst).toBe(false)
})

test('a weekday is compared with its own kind', () => {
  const past = Array.from({ length: PAST_DAYS }, (_, i) => (i % 7 === 0 ? 90 : 20 + (i % 3)))
  expect(momentum(past, 90)).toMatchObject({ isBurst: false })
  const quiet = [...past.slice(1), 90]
  expect(momentum(quiet, 90).isBurst).toBe(true)
})
