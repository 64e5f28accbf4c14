/** After how many days it is asked who is still there: a month, a quarter, half a year, a year. */
export const AFTER_DAYS = [30, 91, 182, 365] as const
/** Who did something within so many days. */
export const ACTIVE_DAYS = 90

export type Cohort = {
  /** '2026-11'; null: all that came before those that are shown. */
  month: string | null
  arrived: number
  /** Still there so many days after each came, in the order of `AFTER_DAYS`; null while somebody of them has not been here so long, or may still arrive. */
  after: (number | null)[]
  now: number
  active: number
}

/** More months than this are not compared: those before are one row. */
const MOST_MONTHS = 36
/** Fewer people, and no share of them is said. */
const FEWEST_ARRIVED = 20

/** The newest first, as many as can be compared. What is not known of one month is not known of those before either, taken together. */
export function shown(newestFirst: readonly Cohort[]): Cohort[] {
  const [seen, old] = [newestFirst.slice(0, MOST_MONTHS), newestFirst.slice(MOST_MONTHS)]
  const first = old[0]
  if (!first) return seen
  const together = old.slice(1).reduce(
    (sum, { arrived, after, now, active }) => ({
      month: null,
      arrived: sum.arrived + arrived,
      after: sum.after.map((count, at) => plus(count, after[at] ?? null)),
      now: sum.now + now,
      active: sum.active + active,
    }),
    { ...first, month: null },
  )
  return [...seen, together]
}

const plus = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b)

/** How many of all who came long enough ago were still there: after the longest of the times that enough people have had. Null of too few. */
export function longest(cohorts: readonly Cohort[]): { days: number; arrived: number; there: number } | null {
  for (const [at, days] of [...AFTER_DAYS.entries()].reverse()) {
    const known = cohorts.filter(({ after }) => after[at] !== null)
    const arrived = known.reduce((sum, cohort) => sum + cohort.arrived, 0)
    if (arrived >= FEWEST_ARRIVED)
      return { days, arrived, there: known.reduce((sum, { after }) => sum + (after[at] ?? 0), 0) }
  }
  return null
}
