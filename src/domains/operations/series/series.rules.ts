import { addDays } from '../../../platform/days.ts'
import { fromLocal, toLocal } from '../../../platform/zones.ts'

/** When a series gives: by the clock on the wall of its zone, so its hour stays when clocks are set. */
export type Rhythm = {
  unit: 'week' | 'month'
  every: number
  /** YYYY-MM-DD; its weekday, or its day of the month, is that of all. */
  firstDay: string
  /** HH:MM. */
  hour: string
  /** IANA. */
  timeZone: string
  /** How many there will be; null: no end is known. */
  count: number | null
}

/** Fewer than these laid in, and the artist is told. */
export const LOW_STOCK = 2
const DAY = 24 * 3_600_000

const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / DAY)

/** The day of the number-th (from 1), YYYY-MM-DD. The 31st is the last day of a month that is shorter, and the 31st again after it. */
export function dayOf({ unit, every, firstDay }: Rhythm, number: number): string {
  const steps = (number - 1) * every
  if (unit === 'week') return addDays(firstDay, steps * 7)
  const [year, month, day] = firstDay.split('-').map(Number) as [number, number, number]
  const last = new Date(Date.UTC(year, month + steps, 0))
  last.setUTCDate(Math.min(day, last.getUTCDate()))
  return last.toISOString().slice(0, 10)
}

/** The moment of the number-th (from 1). In the hour that autumn repeats the first one; an hour that spring skips is the one after. */
export function momentOf(rhythm: Rhythm, number: number): Date {
  const at = fromLocal(`${dayOf(rhythm, number)}T${rhythm.hour}`, rhythm.timeZone)
  if (!at) throw new Error(`No such moment: ${JSON.stringify(rhythm)}, ${number}`)
  return at
}

/** How many have had their hour until now; 0 before the first. */
export function dueBy(rhythm: Rhythm, now: Date): number {
  const today = toLocal(now, rhythm.timeZone).slice(0, 10)
  const months = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7))
  const steps =
    rhythm.unit === 'week'
      ? daysBetween(rhythm.firstDay, today) / 7
      : // A month later at most, since days of a month differ.
        months(today) - months(rhythm.firstDay)
  let number = Math.min(Math.max(0, Math.floor(steps / rhythm.every) + 2), rhythm.count ?? Number.POSITIVE_INFINITY)
  while (number > 0 && momentOf(rhythm, number) > now) number--
  return number
}

/** The first after now that was not given already; null when there is none to come. */
export function nextOf(rhythm: Rhythm, now: Date, given: ReadonlySet<number>): { number: number; at: Date } | null {
  let number = dueBy(rhythm, now) + 1
  while (given.has(number)) number++
  if (rhythm.count !== null && number > rhythm.count) return null
  return { number, at: momentOf(rhythm, number) }
}

/** On time is until a day after its hour. */
export const isOnTime = (rhythm: Rhythm, number: number, givenAt: Date): boolean =>
  givenAt.getTime() <= momentOf(rhythm, number).getTime() + DAY

/** How many came on time one after the other until now. What had its hour within the day and has not come yet breaks nothing. */
export function streakOf(rhythm: Rhythm, given: ReadonlyMap<number, Date>, now: Date): number {
  const came = (number: number) => {
    const at = given.get(number)
    return at !== undefined && isOnTime(rhythm, number, at)
  }
  let number = dueBy(rhythm, now)
  if (number > 0 && !given.has(number) && isOnTime(rhythm, number, now)) number--
  let streak = 0
  while (number > 0 && came(number)) {
    streak++
    number--
  }
  return streak
}

/** Whether what is laid in will not last: fewer than two, and more are to come than are there. */
export function isRunningLow(rhythm: Rhythm, now: Date, laidIn: number): boolean {
  const left = rhythm.count === null ? Number.POSITIVE_INFINITY : rhythm.count - dueBy(rhythm, now)
  return laidIn < Math.min(LOW_STOCK, left)
}
