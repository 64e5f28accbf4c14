import { fromLocal } from '../../../platform/zones.ts'
import type { Channel } from '../../fans/index.ts'
import { clocksOf, middleClock, nextOpening, type QuietSettings, quietHoursOf } from './quiet.rules.ts'

/** When an announcement shall leave: at once, at a moment, or when each fan's own clock says so (`2026-12-01T18:00`). */
export type When = { localTime: string | null; zone: string }

export type Recipients = { channel: Channel; zone: string | null; country: string | null }

export type Due = { at: Date; notAfter: Date | null }

/**
 * When recipients of one channel, zone and country are told, never before `now`. A clock time that is past there already is now; one that
 * spring skips is read as if the clock had gone on, one that autumn brings twice is the first. Text messages wait for the hours
 * in which they may leave. Null when they never may.
 */
export function dueOf(
  { channel, zone, country }: Recipients,
  when: When,
  now: Date,
  quiet: QuietSettings,
  isHoliday: (country: string, day: string) => boolean,
): Due | null {
  const clocks = clocksOf(zone, country, when.zone)
  const asked = when.localTime ? fromLocal(when.localTime, middleClock(clocks, now)) : null
  const at = new Date(Math.max(now.getTime(), asked?.getTime() ?? 0))
  if (channel !== 'sms') return { at, notAfter: null }
  const hours = quietHoursOf(country, quiet)
  const opening = nextOpening(at, clocks, hours, (day) => country !== null && isHoliday(country, day))
  return opening && { at: opening.from, notAfter: opening.until }
}

/** Where a day begins first: no clock of the world reaches a time before these do. */
const EASTERNMOST = 'Pacific/Kiritimati'

/** When the first of all clocks reaches that time. */
export const firstOfAll = (localTime: string): Date | null => fromLocal(localTime, EASTERNMOST)
