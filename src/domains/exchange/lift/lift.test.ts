import fc from 'fast-check'
import { expect, test } from 'vitest'
import { detectable, difference, FEWEST_PEOPLE, type Lift, lift, type Sample, tailsOf } from './lift.rules.ts'
import { studentQuantile, studentTails } from './student.rules.ts'

test('quantiles are those of the printed tables', () => {
  // As SciPy 1.x gives them; those with whole degrees of freedom are printed in every table.
  for (const [tails, freedom, value] of [
    [0.05, 1, 12.7062047],
    [0.05, 10, 2.2281389],
    [0.05, 27.6, 2.0497454],
    [0.01, 5, 4.032143],
    [0.001, 30, 3.6459586],
    [0.0014, 12.3, 4.1002085],
    [0.05, 1e9, 1.959964],
  ] as const)
    expect(studentQuantile(tails, freedom)).toBeCloseTo(value, 5)
  expect(studentTails(0, 7)).toBeCloseTo(1, 12)
  expect(studentTails(2, 2)).toBeCloseTo(1 - 2 / Math.sqrt(6), 10)
})

const sampleOf = (rows: { told: 0 | 1; stratum?: number; y: number; x?: number[] }[]): Sample => ({
  told: Uint8Array.from(rows, ({ told }) => told),
  stratum: Uint8Array.from(rows, ({ stratum = 0 }) => stratum),
  outcome: Float64Array.from(rows, ({ y }) => y),
  past: (rows[0]?.x ?? []).map((_, at) => Float64Array.from(rows, ({ x = [] }) => x[at] ?? 0)),
})

test('without strata and without a past it is Welch’s t-test', () => {
  // SciPy's ttest_ind(second, first, equal_var=False): t = 2.7965117070, 27.8763608788 degrees of freedom.
  const first = [27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4]
  const second = [27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 23.5]
  const { effect, error, freedom, base } = difference(
    sampleOf([...first.map((y) => ({ told: 0 as const, y })), ...second.map((y) => ({ told: 1 as const, y }))]),
  )
  expect(base).toBeCloseTo(20.82, 2)
  expect(effect / error).toBeCloseTo(2.796511707, 8)
  expect(freedom).toBeCloseTo(27.8763608788, 8)
})

test('by hand: two strata, each weighs as many as it holds', () => {
  const rows = [
    ...[1, 3].map((y) => ({ told: 0 as const, stratum: 0, y })),
    ...[4, 6].map((y) => ({ told: 1 as const, stratum: 0, y })),
    ...[10, 12, 14, 16].map((y) => ({ told: 0 as const, stratum: 1, y })),
    ...[20, 22, 24, 26].map((y) => ({ told: 1 as const, stratum: 1, y })),
  ]
  const { effect, error, base } = difference(sampleOf(rows))
  expect(effect).toBeCloseTo((3 * 4 + 10 * 8) / 12, 12)
  expect(base).toBeCloseTo((2 * 4 + 13 * 8) / 12, 12)
  // Variances 2 and 20/3 on each side.
  expect(error ** 2).toBeCloseTo((1 / 9) * (2 / 2 + 2 / 2) + (4 / 9) * (20 / 3 / 4 + 20 / 3 / 4), 12)
})

/** The same by another way: one regression of the outcome on stratum, side within stratum and past, by normal equations. */
function byRegression({ told, stratum, outcome, past }: Sample): number {
  const strata = [...new Set(stratum)].sort()
  const rows = [...outcome.keys()].map((i) => [
    ...strata.map((s) => +(stratum[i] === s)),
    ...strata.map((s) => +(stratum[i] === s && told[i] === 1)),
    ...past.map((column) => column[i] as number),
  ])
  const k = rows[0]?.length ?? 0
  const a = Array.from({ length: k }, (_, p) => [
    ...Array.from({ length: k }, (_, q) => rows.reduce((sum, row) => sum + (row[p] as number) * (row[q] as number), 0)),
    rows.reduce((sum, row, i) => sum + (row[p] as number) * (outcome[i] as number), 0),
  ])
  for (let p = 0; p < k; p++) {
    const best = a
      .slice(p)
      .reduce((at, row, q) => (Math.abs(row[p] as number) > Math.abs(a[at]?.[p] as number) ? p + q : at), p)
    ;[a[p], a[best]] = [a[best] as number[], a[p] as number[]]
    for (let q = 0; q < k; q++) {
      const factor = (a[q]?.[p] as number) / (a[p]?.[p] as number)
      if (q !== p) a[q] = (a[q] as number[]).map((value, at) => value - factor * (a[p]?.[at] as number))
    }
  }
  return strata.reduce((sum, s, at) => {
    const row = strata.length + at
    const share = stratum.filter((one) => one === s).length / stratum.length
    return sum + share * ((a[row]?.[k] as number) / (a[row]?.[row] as number))
  }, 0)
}

const people = fc
  .array(
    fc.record({
      stratum: fc.integer({ min: 0, max: 3 }),
      y: fc.integer({ min: 0, max: 50 }),
      x: fc.tuple(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 9 })),
    }),
    { minLength: 60, maxLength: 120 },
  )
  .map((rows) => {
    const seen = new Map<number, number>()
    return rows.map((row) => {
      const place = seen.get(row.stratum) ?? 0
      seen.set(row.stratum, place + 1)
      return { ...row, told: (place % 2) as 0 | 1 }
    })
  })
  .filter((rows) => [0, 1, 2, 3].every((s) => rows.filter(({ stratum }) => stratum === s).length >= 4))

test('it is what one regression on strata, sides and past says', () => {
  fc.assert(
    fc.property(people, (rows) => {
      const sample = sampleOf(rows)
      expect(difference(sample).effect).toBeCloseTo(byRegression(sample), 7)
    }),
    { numRuns: 60 },
  )
})

test('what is added to whoever was told is found exactly when the past says the rest, whatever the order of people', () => {
  fc.assert(
    fc.property(people, fc.integer({ min: -20, max: 20 }), (rows, added) => {
      const told = rows.map((row) => ({ ...row, y: row.x[0] * 0.5 - row.x[1] + row.told * added }))
      expect(difference(sampleOf(told)).effect).toBeCloseTo(added, 6)
      const turned = difference(sampleOf(told.toReversed()))
      expect(turned.effect).toBeCloseTo(added, 6)
    }),
    { numRuns: 60 },
  )
})

test('a column of the past that says nothing of its own changes nothing', () => {
  fc.assert(
    fc.property(people, (rows) => {
      const once = difference(sampleOf(rows.map((row) => ({ ...row, x: [row.x[0]] }))))
      const twice = difference(sampleOf(rows.map((row) => ({ ...row, x: [row.x[0], row.x[0] * 2, 5] }))))
      expect(twice.effect).toBeCloseTo(once.effect, 6)
      expect(twice.error).toBeCloseTo(once.error, 6)
    }),
    { numRuns: 30 },
  )
})

test('too few people, or too few who did anything, and nothing is claimed', () => {
  const many = (size: number, doing: number) =>
    sampleOf(Array.from({ length: size }, (_, i) => ({ told: (i % 2) as 0 | 1, y: i < doing ? 1 : 0 })))
  expect(lift(many(2 * FEWEST_PEOPLE - 2, 30), 0.05)).toMatchObject({ tooFew: 'people', told: 19 })
  expect(lift(many(400, 19), 0.05)).toMatchObject({ tooFew: 'doings', did: 19 })
  expect(lift(many(400, 400), 0.05)).toMatchObject({ tooFew: 'doings' })
  expect(lift(many(400, 20), 0.05)).toMatchObject({ effect: 0, told: 200, waiting: 200 })
})

test('who was erased may leave a stratum with one side only: its neighbour is read with it', () => {
  const rows = Array.from({ length: 200 }, (_, i) => ({
    told: (i % 2) as 0 | 1,
    stratum: i >> 3,
    y: (i * 7) % 5,
  })).filter(({ told, stratum }) => stratum !== 3 || told === 1)
  const found = lift(sampleOf(rows), 0.05) as Lift
  expect(found.told).toBe(100)
  expect(Number.isFinite(found.low) && found.low < found.effect && found.effect < found.high).toBe(true)
})

test('the more is read at once, the wider each interval; what can be shown is further off than the interval reaches', () => {
  expect(tailsOf({ outcomes: 1, looks: 1 })).toBe(0.05)
  expect(tailsOf({ outcomes: 5, looks: 6 })).toBeCloseTo(0.05 / 30, 12)
  // 1.96 + 0.8416, as in every table of sample sizes.
  expect(detectable({ error: 1, freedom: 1e9 }, 0.05)).toBeCloseTo(2.8016, 3)
})
