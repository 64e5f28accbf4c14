import { addDays, isDay } from '../../platform/days.ts'
import { toLocal } from '../../platform/zones.ts'

/** What the rules need of something that has its day. */
type Dated = {
  kind: string
  id: string
  number?: number
  at: Date | null
  day: string | null
  given: boolean
  empty?: string | null
  about?: string | null
}

/** On a day of the calendar's zone, at a time of it (`18:00`), or all day. */
export type Placed<D> = D & { key: string; on: string; time: string | null }

/** Kinds that give something to somebody: the others are dates to know of. */
const GIVING: ReadonlySet<string> = new Set(['release', 'post', 'announcement', 'wave', 'opens', 'occurrence'])

export const isGift = ({ kind, empty }: Pick<Dated, 'kind' | 'empty'>): boolean => GIVING.has(kind) && !empty

export const keyOf = ({ kind, id, number }: Pick<Dated, 'kind' | 'id' | 'number'>): string =>
  [kind, id, ...(number === undefined ? [] : [number])].join('-')

/** Everything on its day, in order. What a series gave or gives stands there as one of it, and not a second time as what was published. */
export function place<D extends Dated>(dated: readonly D[], zone: string): Placed<D>[] {
  const given = new Set(dated.flatMap(({ kind, about }) => (kind === 'occurrence' && about ? [about] : [])))
  return dated
    .filter(({ kind, id }) => !given.has(`${kind === 'meant' ? 'release' : kind}:${id}`))
    .flatMap((one) => {
      const clock = one.at && toLocal(one.at, zone)
      const on = clock?.slice(0, 10) ?? one.day
      return on ? [{ ...one, key: keyOf(one), on, time: clock?.slice(11) ?? null }] : []
    })
    .sort((a, b) => `${a.on} ${a.time ?? ''}`.localeCompare(`${b.on} ${b.time ?? ''}`) || a.key.localeCompare(b.key))
}

/** The Monday on which the week of a day begins (ISO 8601). */
export const mondayOf = (day: string): string => addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7))

export const isMonth = (text: string | undefined): text is string => text !== undefined && isDay(`${text}-01`)

/** The month so many months later, YYYY-MM. */
export function monthAfter(month: string, months: number): string {
  const [year, number] = month.split('-').map(Number) as [number, number]
  return new Date(Date.UTC(year, number - 1 + months, 1)).toISOString().slice(0, 7)
}

/** The Mondays of the weeks that a month has part in. */
export function weeksOf(month: string): string[] {
  const weeks: string[] = []
  for (let monday = mondayOf(`${month}-01`); monday < `${monthAfter(month, 1)}-01`; monday = addDays(monday, 7))
    weeks.push(monday)
  return weeks
}

/** A week with nothing given: it is over, it is this one, or it is to come and nothing is planned. */
export type Hole = 'past' | 'now' | 'coming'

/** Whether a week is a hole. Before the first gift there was nothing to leave out; `firstGift` is its day, null when there was none. */
export function holeOf(
  monday: string,
  placed: readonly Pick<Placed<Dated>, 'kind' | 'on' | 'empty'>[],
  { today, firstGift }: { today: string; firstGift: string | null },
): Hole | null {
  const next = addDays(monday, 7)
  if (placed.some((one) => isGift(one) && one.on >= monday && one.on < next)) return null
  if (next <= today) return firstGift !== null && firstGift < monday ? 'past' : null
  return monday <= today ? 'now' : 'coming'
}

/** The first day from today's week on of a week in which nothing is given: where the next thing could go. */
export function nextHole(
  placed: readonly Pick<Placed<Dated>, 'kind' | 'on' | 'empty'>[],
  { today, firstGift, weeks }: { today: string; firstGift: string | null; weeks: number },
): string | null {
  const first = mondayOf(today)
  const mondays = Array.from({ length: weeks }, (_, at) => addDays(first, at * 7))
  return mondays.find((monday) => holeOf(monday, placed, { today, firstGift })) ?? null
}
