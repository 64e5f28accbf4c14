import { isZone, toLocal } from '../../../platform/zones.ts'

/** When text messages may leave, on the recipient's clock: from `from` o'clock up to, and not at, `to`. */
export type QuietHours = { from: number; to: number; sundays: boolean; holidays: boolean }

export const EVERYWHERE: QuietHours = { from: 8, to: 21, sundays: true, holidays: true }
/** France and where its law holds: none on Sundays and public holidays. */
export const FRENCH: QuietHours = { ...EVERYWHERE, sundays: false, holidays: false }
const FRENCH_COUNTRIES = ['FR', 'GP', 'MQ', 'GF', 'RE', 'YT'] as const

/** What an artist set, by country; 'FR' is France and its overseas departments, '*' everywhere else. */
export type QuietSettings = Record<string, QuietHours>

export function quietHoursOf(country: string | null, settings: QuietSettings): QuietHours {
  if ((FRENCH_COUNTRIES as readonly (string | null)[]).includes(country)) return settings['FR'] ?? FRENCH
  return (country === null ? undefined : settings[country]) ?? settings['*'] ?? EVERYWHERE
}

/** The zones of a country, as this program's time zone database has them; none for what is no country. */
export function zonesOfCountry(country: string | null): string[] {
  if (!country || !/^[A-Z]{2}$/.test(country)) return []
  const locale = new Intl.Locale(`und-${country}`) as Intl.Locale & { getTimeZones?(): string[] | undefined }
  return (locale.getTimeZones?.() ?? []).filter(isZone)
}

/** All clocks that a recipient may live by: their own when it is known, else every one of their country, else the sender's. */
export function clocksOf(zone: string | null, country: string | null, sender: string): string[] {
  if (zone && isZone(zone)) return [zone]
  const zones = zonesOfCountry(country)
  return zones.length ? zones : [isZone(sender) ? sender : 'UTC']
}

/** One clock for them all: the one in the middle, from west to east. */
export function middleClock(zones: string[], at: Date): string {
  const fromWest = zones.toSorted((a, b) => toLocal(at, a).localeCompare(toLocal(at, b)))
  return fromWest[fromWest.length >> 1] ?? 'UTC'
}

const STEP_MS = 15 * 60_000
const MOST_STEPS = 14 * 96

type IsHoliday = (day: string) => boolean

/** Whether a text may leave at this moment on this clock. */
export function mayLeave(at: Date, zone: string, hours: QuietHours, isHoliday: IsHoliday): boolean {
  const local = toLocal(at, zone)
  const [day = '', time = ''] = local.split('T')
  const hour = Number(time.slice(0, 2))
  if (hour < hours.from || hour >= hours.to) return false
  if (!hours.sundays && new Date(`${day}T12:00:00Z`).getUTCDay() === 0) return false
  return hours.holidays || !isHoliday(day)
}

/**
 * The first moment from `at` on when a text may leave on all of these clocks, and when that ends. Clocks so far apart that no moment of two
 * weeks serves them all: the one in their middle decides. Null for hours that never open.
 */
export function nextOpening(
  at: Date,
  zones: string[],
  hours: QuietHours,
  isHoliday: IsHoliday,
): { from: Date; until: Date } | null {
  const open = (moment: number) => zones.every((zone) => mayLeave(new Date(moment), zone, hours, isHoliday))
  const quarter = (moment: number) => Math.floor(moment / STEP_MS) * STEP_MS
  let from = at.getTime()
  for (let step = 0; !open(from); step++) {
    if (step === MOST_STEPS)
      return zones.length > 1 ? nextOpening(at, [middleClock(zones, at)], hours, isHoliday) : null
    from = quarter(from) + STEP_MS
  }
  let until = quarter(from) + STEP_MS
  for (let step = 0; step < 96 && open(until); step++) until += STEP_MS
  return { from: new Date(from), until: new Date(until) }
}
