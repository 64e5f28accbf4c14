export type Every = 'month' | 'year'

const DAY_MS = 24 * 3_600_000

/** How long before a period ends the next one is asked for, and how long after its end it is waited for. */
export const ASKED_BEFORE_MS = 7 * DAY_MS
export const WAITED_FOR_MS = 7 * DAY_MS

type Period = { from: Date; until: Date; closedAt: Date | null }

/**
 * Whether what is for members is open at that moment: it is paid, and the period that runs was not given back or lost. `opensAt`: where that one was, and a later one is
 * paid, when it opens again.
 */
export function openingOf(
  { paidUntil, periods }: { paidUntil: Date; periods: Period[] },
  now: Date,
): { isOpen: boolean; opensAt: Date | null } {
  const isPaid = paidUntil > now
  const isClosed = periods.some(({ from, until, closedAt }) => closedAt !== null && from <= now && until > now)
  const later = periods.flatMap(({ from, closedAt }) => (closedAt === null && from > now ? [from.getTime()] : []))
  return {
    isOpen: isPaid && !isClosed,
    opensAt: isPaid && isClosed && later.length > 0 ? new Date(Math.min(...later)) : null,
  }
}

/** The end of the period that begins then: a month or a year later, on that day of the month or the last one there is. */
export function periodEnd(from: Date, every: Every, day: number): Date {
  const end = new Date(from)
  end.setUTCDate(1)
  end.setUTCMonth(from.getUTCMonth() + (every === 'year' ? 12 : 1))
  const last = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate()
  end.setUTCDate(Math.min(day, last))
  return end
}
