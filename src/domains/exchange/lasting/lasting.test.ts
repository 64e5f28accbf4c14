import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AGES, AGES_OF_TWELVE_WEEKS, type Hour, halfOf, middle } from './lasting.rules.ts'

/** The rows of what people did, each in the hours given. */
function told(people: number[][]): [Hour[], number] {
  const rows = new Map<number, Hour>()
  for (const doings of people)
    for (const [at, hour] of doings.toSorted((a, b) => a - b).entries()) {
      const row = rows.get(hour) ?? { hour, returns: 0, odd: 0, ofPeople: 0 }
      rows.set(hour, row)
      row.returns++
      row.odd += 2 * at + 1
      row.ofPeople += doings.length
    }
  return [[...rows.values()].sort((a, b) => a.hour - b.hour), people.length]
}

test('the ages are twelve weeks and four, each ending later than the one before', () => {
  expect(AGES).toEqual([...new Set(AGES)].sort((a, b) => a - b))
  expect(AGES_OF_TWELVE_WEEKS).toHaveLength(22)
  expect(AGES.slice(3, 6)).toEqual([12, 24, 48])
  expect([AGES_OF_TWELVE_WEEKS.at(-1), AGES.at(-1)]).toEqual([2016, 2688])
})

test('half is where half had come; one return each, its interval is that of the sign test', () => {
  const people = Array.from({ length: 100 }, (_, hour) => [hour])
  // Of 100 each in an hour of its own: 50 ± 1.984 · √25, the ends being the hours in which the test begins and ceases to allow it.
  expect(halfOf(...told(people))).toEqual({ hours: 50, low: 41, high: 60 })
})

test('who comes back ten times tells less than ten people: the interval is as wide as that of the people', () => {
  const alone = Array.from({ length: 40 }, (_, hour) => [hour * 10])
  const often = alone.map(([hour = 0]) => Array.from({ length: 10 }, () => hour))
  expect(halfOf(...told(often))).toEqual(halfOf(...told(alone)))
})

test('nothing is said of fewer than twenty people, nor where a few did most', () => {
  const people = Array.from({ length: 20 }, (_, hour) => [hour])
  expect(halfOf(...told(people))).not.toBeNull()
  expect(halfOf(...told(people.slice(1)))).toBeNull()
  expect(halfOf(...told([...people, Array.from({ length: 60 }, () => 3)]))).toBeNull()
  expect(halfOf([], 0)).toBeNull()
})

test('whatever came, half lies within its interval, and at an hour in which something came', () => {
  const doings = fc.array(fc.integer({ min: 0, max: 2015 }), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(fc.array(doings, { minLength: 20, maxLength: 80 }), (people) => {
      const [hours, count] = told(people)
      const half = halfOf(hours, count)
      if (!half) return
      const all = people.flat().sort((a, b) => a - b)
      expect(half.hours).toBe((all[Math.ceil(all.length / 2) - 1] as number) + 1)
      expect(half.low).toBeLessThanOrEqual(half.hours)
      expect(half.high).toBeGreaterThanOrEqual(half.hours)
    }),
  )
})

test('the middle one', () => {
  expect([middle([]), middle([3]), middle([9, 1, 2]), middle([4, 1, 2, 9])]).toEqual([null, 3, 2, 3])
})
