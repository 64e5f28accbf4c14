import { addDays } from '../../platform/days.ts'

const at = (day: string) => new Date(`${day}T00:00:00Z`)
const dayOf = (date: Date) => date.toISOString().slice(0, 10)

export const dayAfter = (day: string): string => addDays(day, 1)

/** The later of two days, or the only one that there is. */
export const later = (a: string, b: string | null | undefined): string => (b && b > a ? b : a)
/** The last day of the month that came so many months before the one in which the day lies. */
export function monthEnd(day: string, before = 0): string {
  const date = at(day)
  return dayOf(new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1 - before, 0)))
}

/** The first and last day of a year of the books. */
export function yearDays(year: number, yearBegins: number): { from: string; through: string } {
  const first = (of: number) => `${of}-${String(yearBegins).padStart(2, '0')}-01`
  return { from: first(year), through: addDays(first(year + 1), -1) }
}
