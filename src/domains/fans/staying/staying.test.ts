import { expect, test } from 'vitest'
import { type Cohort, longest, shown } from './staying.rules.ts'

const cohort = (month: string, arrived: number, after: (number | null)[]): Cohort => ({
  month,
  arrived,
  after,
  now: arrived,
  active: 1,
})

test('of very many months the oldest are one row, and what is not known of one is not known of them', () => {
  const months = Array.from({ length: 39 }, (_, at) => cohort(`m${at}`, 2, [1, 1, 1, at === 38 ? null : 0]))
  const rows = shown(months)
  expect(rows).toHaveLength(37)
  expect(rows.at(-1)).toEqual({ month: null, arrived: 6, after: [3, 3, 3, null], now: 6, active: 3 })
  expect(shown(months.slice(0, 36))).toHaveLength(36)
})

test('the sentence speaks of the longest time that twenty people have had', () => {
  const [old, recent] = [cohort('a', 12, [12, 10, 9, 6]), cohort('b', 8, [8, 4, null, null])]
  expect(longest([recent, old])).toEqual({ days: 91, arrived: 20, there: 14 })
  expect(longest([recent])).toBeNull()
  expect(longest([])).toBeNull()
})
