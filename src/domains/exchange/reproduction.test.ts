import { expect, test } from 'vitest'
import { reproduction } from './reproduction.rules.ts'

/** A stream of numbers that is the same each time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
/** A negative binomial of size 1/2: the rate is that of one squared normal number, so a few bring very many. */
function brought(random: () => number, mean: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const limit = Math.exp(-mean * normal * normal)
  let count = 0
  for (let product = random(); product > limit; product *= random()) count++
  return count
}

test('the interval holds the truth about 95 times in 100, also where a few bring very many', () => {
  const random = seeded(7)
  for (const [people, mean] of [
    [300, 0.4],
    [1000, 0.2],
    [2000, 0.05],
  ] as const) {
    let held = 0
    for (let run = 0; run < 1000; run++) {
      const counts = Array.from({ length: people }, () => brought(random, mean))
      const sum = counts.reduce((all, one) => all + one, 0)
      const squares = counts.reduce((all, one) => all + one * one, 0)
      const { low, high } = reproduction(people, sum, squares) ?? { low: 1, high: 0 }
      if (low <= mean && mean <= high) held++
    }
    expect(held / 1000, `${people} people`).toBeGreaterThan(0.93)
    expect(held / 1000, `${people} people`).toBeLessThan(0.97)
  }
})

test('few people say nothing, and nobody brought has an upper end', () => {
  expect(reproduction(19, 3, 5)).toBeNull()
  expect(reproduction(300, 0, 0)).toEqual({ mean: 0, low: 0, high: 0.01 })
  // Each brought one: nothing varies.
  expect(reproduction(50, 50, 50)).toEqual({ mean: 1, low: 1, high: 1 })
})
