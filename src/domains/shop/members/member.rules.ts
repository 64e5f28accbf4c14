export type Every = 'month' | 'year'

const DAY_MS = 24 * 3_600_000

/** How long before a period ends the next one is asked for, and how long after its end it is waited for. */
export const ASKED_BEFORE_MS = 7 * DAY_MS
export const WAITED_FOR_MS = 7 * DAY_MS

/** The end of the period that begins then: a month or a year later, on that day of the month or the last one there is. */
export function periodEnd(from: Date, every: Every, day: number): Date {
  const end = new Date(from)
  end.setUTCDate(1)
  end.setUTCMonth(from.getUTCMonth() + (every === 'year' ? 12 : 1))
  const last = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate()
  end.setUTCDate(Math.min(day, last))
  return end
}
