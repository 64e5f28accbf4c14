import { expect, test } from 'vitest'
import type { Lift } from './lift.rules.ts'
import { byGifts, type Months, together, within } from './more.rules.ts'
import { studentQuantile } from './student.rules.ts'

/** mulberry32. */
const randomOf = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
const monthsOf = (rows: [person: number, month: number, gifts: number, returns: number][]): Months => ({
  person: Int32Array.from(rows, ([one]) => one),
  month: Int32Array.from(rows, ([, one]) => one),
  gifts: Float64Array.from(rows, ([, , one]) => one),
  returns: Float64Array.from(rows, ([, , , one]) => one),
})

/**
 * People as they are: few do most, keen ones are told more, come late and leave early; some months are busy for all. One gift more brings `effect`.
 */
function simulated(seed: number, people: number, effect: number): Months {
  const random = randomOf(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const busy = Array.from({ length: 18 }, () => Math.abs(normal()))
  const rows: [number, number, number, number][] = []
  for (let person = 0; person < people; person++) {
    const keen = Math.exp(normal())
    const first = Math.floor(random() * 10)
    const last = first + 3 + Math.floor(random() * (15 - first))
    for (let month = first; month < Math.min(18, last); month++) {
      const gifts = Math.floor(random() * (1 + Math.min(3, keen) + (busy[month] as number)))
      const noise = random() < 0.1 ? Math.exp(normal() * 1.2) * keen : 0
      rows.push([person, month, gifts, keen + (busy[month] as number) * 2 + noise + effect * gifts * (0.5 + random())])
    }
  }
  return monthsOf(rows)
}

test('the interval of one gift more holds the truth 95 times in 100, whoever is keener and whichever months are busier', () => {
  for (const [people, effect] of [
    [120, 0.4],
    [120, 0],
    [600, 0.4],
  ] as const) {
    let held = 0
    let sum = 0
    const runs = 300
    for (let run = 0; run < runs; run++) {
      const slope = within(simulated(run + 1, people, effect))
      if (!slope) throw new Error('too few')
      if (slope.low <= effect && effect <= slope.high) held++
      sum += slope.effect
    }
    expect(held / runs).toBeGreaterThan(0.925)
    expect(held / runs).toBeLessThan(0.985)
    expect(Math.abs(sum / runs - effect)).toBeLessThan(0.03)
  }
})

test('by hand: two months of each, one with a gift more; what all did more in the second month is not the gift’s', () => {
  // All do 5 more in the second month; the odd ones had their gift in it, and did 2 more still.
  const rows = Array.from({ length: 60 }, (_, n): [number, number, number, number][] => [
    [n, 0, n % 2 ? 0 : 1, n % 2 ? n : n + 2],
    [n, 1, n % 2 ? 1 : 0, n % 2 ? n + 7 : n + 5],
  ]).flat()
  // Exactly so, nothing is left that could vary: a little is needed for an interval.
  const slope = within(monthsOf(rows.map(([a, b, c, d], i) => [a, b, c, d + (i % 8 < 4 ? 0.01 : 0)])))
  expect(slope?.effect).toBeCloseTo(2, 1)
  expect([slope?.people, slope?.months]).toEqual([60, 120])
})

test('too few people, too few who did anything, or months that are all alike tell nothing', () => {
  const few = simulated(1, 25, 1)
  expect(within(few)).toBeNull()
  const alike = Array.from({ length: 200 }, (_, n): [number, number, number, number] => [n >> 1, n & 1, 1, n % 7])
  expect(within(monthsOf(alike))).toBeNull()
  const idle = Array.from({ length: 400 }, (_, n): [number, number, number, number] => [
    n >> 1,
    n & 1,
    (n >> 1) & n & 1,
    0,
  ])
  expect(within(monthsOf(idle))).toBeNull()
  expect(byGifts(monthsOf(idle)).map(({ mean }) => mean)).toEqual([null, null, null, null, null])
  expect(within(monthsOf([]))).toBeNull()
})

test('months by how many gifts reached somebody: a person with many months is one', () => {
  // Fifty who did 1 in their one month, and one who did 3 in each of a hundred.
  const rows = [
    ...Array.from({ length: 50 }, (_, n): [number, number, number, number] => [n, 0, 2, 1]),
    ...Array.from({ length: 100 }, (_, n): [number, number, number, number] => [50, n, 2, 3]),
    [51, 0, 9, 4] as [number, number, number, number],
  ]
  const groups = byGifts(monthsOf(rows))
  expect(groups.map(({ gifts, months, people }) => [gifts, months, people])).toEqual([
    ...[0, 1].map((gifts) => [gifts, 0, 0]),
    [2, 150, 51],
    [3, 0, 0],
    [4, 1, 1],
  ])
  const mean = groups[2]?.mean
  expect(mean?.value).toBeCloseTo(350 / 150, 10)
  // Linearised: what each has beside their part of the mean.
  const rest = 50 * (1 - 350 / 150) ** 2 + (300 - (100 * 350) / 150) ** 2
  expect((mean?.high ?? 0) - (mean?.value ?? 0)).toBeCloseTo(
    (Math.sqrt((rest * 51) / 50) / 150) * studentQuantile(0.05, 50),
    10,
  )
})

test('several draws are one by how many people each compared; those of too few are left out', () => {
  const lift = (effect: number, error: number, n: number): Lift => ({
    ...{ effect, error, low: 0, high: 0, freedom: n - 2, base: 1 },
    ...{ told: n / 2, waiting: n / 2, did: n },
  })
  expect(together([{ tooFew: 'people', told: 3, waiting: 4, did: 2 }], 0.05)).toBeNull()
  const both = together(
    [lift(1, 0.2, 100), lift(3, 0.1, 300), { tooFew: 'doings', told: 50, waiting: 50, did: 1 }],
    0.05,
  )
  expect(both).toMatchObject({ effect: 2.5, base: 1, gifts: 2, people: 400 })
  const error = Math.sqrt((0.25 * 0.2) ** 2 + (0.75 * 0.1) ** 2)
  const freedom = error ** 4 / ((0.25 * 0.2) ** 4 / 98 + (0.75 * 0.1) ** 4 / 298)
  expect((both?.high ?? 0) - 2.5).toBeCloseTo(error * studentQuantile(0.05, freedom), 10)
})
