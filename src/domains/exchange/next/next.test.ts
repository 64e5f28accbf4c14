import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bestKind, favouriteOf, type Habit, partOf, rateOf, type Told } from './next.rules.ts'

/** Mulberry32: the same numbers each time. */
function randomly(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
const normal = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** Gifts that differ from one another by more than the people do: each has a rate of its own. */
const gifts = (random: () => number, count: number, rate: number): Told[] =>
  Array.from({ length: count }, () => {
    const own = Math.max(0, rate * (1 + 0.3 * normal(random)))
    return { people: 300, came: Array.from({ length: 300 }).filter(() => random() < own).length }
  })

test('of few gifts, or few people who came, nothing is said', () => {
  expect(
    rateOf([
      { people: 500, came: 50 },
      { people: 500, came: 60 },
    ]),
  ).toBeNull()
  expect(rateOf(Array.from({ length: 5 }, () => ({ people: 100, came: 2 })))).toBeNull()
  expect(bestKind(new Map([['release', gifts(randomly(1), 6, 0.2)]]))).toBeNull()
})

test('the interval of a rate holds the truth 95 times in 100, though gifts differ', () => {
  const random = randomly(7)
  let held = 0
  for (let i = 0; i < 1000; i++) {
    const found = rateOf(gifts(random, 6, 0.15))
    if (found && found.low <= 0.15 && found.high >= 0.15) held++
  }
  expect(held).toBeGreaterThan(920)
  expect(held).toBeLessThan(980)
})

test('of kinds that are alike one is called the best 5 times in 100 at most', () => {
  const random = randomly(11)
  let claimed = 0
  for (let i = 0; i < 600; i++) {
    const kinds = ['release', 'post', 'operation'].map((kind) => [kind, gifts(random, 5, 0.15)] as const)
    if (bestKind(new Map(kinds))) claimed++
  }
  expect(claimed / 600).toBeLessThanOrEqual(0.05)
})

test('a kind that is three times as good is found, and named beside the next', () => {
  const random = randomly(3)
  const found = bestKind(
    new Map([
      ['post', gifts(random, 8, 0.08)],
      ['release', gifts(random, 8, 0.24)],
    ]),
  )
  expect([found?.kind, found?.second.kind]).toEqual(['release', 'post'])
})

/** Twelve weeks of people who do something on some days, by weekday; some are there every day. */
function weeksOf(random: () => number, people: number, likely: number[]): { habits: Habit[]; weeks: number[][] } {
  const weeks = Array.from({ length: 12 }, () => Array.from(likely, () => 0))
  const habits = Array.from({ length: people }, () => {
    const keen = random() < 0.05 ? 6 : random()
    const days = Array.from(likely, () => 0)
    for (const week of weeks)
      likely.forEach((chance, day) => {
        if (random() > chance * keen) return
        days[day] = (days[day] ?? 0) + 1
        week[day] = (week[day] ?? 0) + 1
      })
    return { times: days, persons: 1 }
  })
  return { habits: habits.filter(({ times }) => times.some(Boolean)), weeks }
}

test('of weekdays that are alike one stands out 5 times in 100 at most, and a Sunday that is twice as busy does', () => {
  const random = randomly(5)
  let claimed = 0
  for (let i = 0; i < 400; i++) {
    const { habits, weeks } = weeksOf(
      random,
      80,
      Array.from({ length: 7 }, () => 0.1),
    )
    if (favouriteOf(habits, weeks, 7)) claimed++
  }
  expect(claimed / 400).toBeLessThanOrEqual(0.05)
  const { habits, weeks } = weeksOf(random, 200, [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.25])
  const found = favouriteOf(habits, weeks, 7)
  expect(found?.at).toBe(6)
  expect(found?.low).toBeGreaterThan(1 / 7)
})

test('what all did alike is not certain for that', () => {
  const weeks = Array.from({ length: 8 }, () => [0, 0, 0, 10])
  const found = favouriteOf([{ times: [0, 0, 0, 2], persons: 40 }], weeks, 11)
  expect(found?.share).toBe(1)
  expect(found?.low).toBeLessThan(0.97)
})

test('one person who is there each Sunday makes no favourite of it', () => {
  const { habits, weeks } = weeksOf(
    randomly(9),
    30,
    Array.from({ length: 7 }, () => 0.02),
  )
  habits.push({ times: [0, 0, 0, 0, 0, 0, 12], persons: 1 })
  for (const week of weeks) week[6] = (week[6] ?? 0) + 1
  expect(favouriteOf(habits, weeks, 7)).toBeNull()
  // Nor do many alike count as one: the same habits, told together or one by one, say the same.
  fc.assert(
    fc.property(fc.integer({ min: 20, max: 60 }), (persons) => {
      const days = [1, 2, 0, 0, 1, 0, 3]
      const seven = Array.from({ length: 8 }, () => days.map((one) => one * persons))
      const together = favouriteOf([{ times: days, persons }], seven, 7)
      const apart = favouriteOf(
        Array.from({ length: persons }, () => ({ times: days, persons: 1 })),
        seven,
        7,
      )
      expect(together?.share).toBeCloseTo(apart?.share ?? 0)
    }),
  )
})

test('a part of people lies within what it says, and of few is not told', () => {
  expect(partOf(5, 19)).toBeNull()
  const part = partOf(12, 45)
  expect([part?.low.toFixed(2), part?.high.toFixed(2)]).toEqual(['0.16', '0.41'])
  fc.assert(
    fc.property(fc.integer({ min: 20, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (of, ratio) => {
      const some = Math.round(of * ratio)
      const found = partOf(some, of)
      expect(found && found.low <= found.share && found.share <= found.high && found.low >= 0 && found.high <= 1).toBe(
        true,
      )
    }),
  )
})
