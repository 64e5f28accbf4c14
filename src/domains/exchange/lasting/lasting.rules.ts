import { studentQuantile } from '../lift/student.rules.ts'

export const DAY_HOURS = 24
const WEEK_HOURS = 168
/** The first twelve weeks, in hours since it was given. */
export const LASTING_HOURS = 12 * WEEK_HOURS
/** The weeks after them that are looked at, to say what was still coming. */
export const WEEKS_AFTER = 4
export const AFTER_HOURS = LASTING_HOURS + WEEKS_AFTER * WEEK_HOURS

const times = (count: number, of: number, from = 0) => Array.from({ length: count }, (_, at) => from + (at + 1) * of)

/** Where the ages end that returns are told by, in hours: parts of the first day, the days of the first week, twelve weeks, and four more. */
export const AGES: readonly number[] = [
  ...[1, 3, 6, 12],
  ...times(7, DAY_HOURS),
  ...times(11, WEEK_HOURS, WEEK_HOURS),
  ...times(WEEKS_AFTER, WEEK_HOURS, LASTING_HOURS),
]
export const AGES_OF_TWELVE_WEEKS = AGES.filter((age) => age <= LASTING_HOURS)

/**
 * What came in one hour since a gift was given, of the first twelve weeks. The sums over people let squares of what each had done by then be told hour by hour without
 * holding anybody: who had done k things has added 1 + 3 + … + (2k − 1) to `odd`.
 */
export type Hour = { hour: number; returns: number; odd: number; ofPeople: number }

export type Half = { hours: number; low: number; high: number }

/** Fewer people, or a few who did most of it (people as many as would tell as much, were each to do the same: Kish 1965), and nothing is said. */
export const FEWEST_PEOPLE = 20
export const FEWEST_ALIKE = 10

/**
 * The hour by which half of what came back had come, and within what it lies, 95 times in 100. Somebody who comes back ten times tells less than ten people, so the
 * interval takes what one person did together: each age at which a sign test clustered by person (Larocque 2005; Datta and Satten 2008) does not
 * refuse that half had come, with Student's t at as many degrees of freedom as there are people alike, less one. `hours` in their order; an hour ends after it.
 * Null when it would rest on too few.
 */
export function halfOf(hours: readonly Hour[], people: number): Half | null {
  const all = hours.reduce((sum, { returns }) => sum + returns, 0)
  const squares = hours.reduce((sum, { ofPeople }) => sum + ofPeople, 0)
  const alike = squares ? (all * all) / squares : 0
  if (people < FEWEST_PEOPLE || alike < FEWEST_ALIKE) return null
  const reach = studentQuantile(0.05, alike - 1)
  const half: Partial<Half> = {}
  let [came, odd, ofPeople] = [0, 0, 0]
  for (const { hour, ...row } of hours) {
    came += row.returns
    odd += row.odd
    ofPeople += row.ofPeople
    // For each person what had come less half of all: their sum, and the sum of their squares.
    const ahead = came - all / 2
    const error = reach * Math.sqrt(Math.max(0, odd - ofPeople + squares / 4))
    if (ahead >= 0) half.hours ??= hour + 1
    if (ahead >= -error) half.low ??= hour + 1
    if (ahead <= error) delete half.high
    else half.high ??= hour + 1
  }
  return half as Half
}

/** The middle one; of an even number, the mean of the two in the middle. Null of none. */
export function middle(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const at = sorted.length >> 1
  if (!sorted.length) return null
  return sorted.length % 2 ? (sorted[at] as number) : ((sorted[at - 1] as number) + (sorted[at] as number)) / 2
}
