import { fromLocal, toLocal } from '../../../platform/zones.ts'

/** The last moment not after `now` at which the week's news was due: that weekday and hour on that clock. */
export function lastDigest(now: Date, { day, hour, zone }: { day: number; hour: number; zone: string }): Date {
  const today = new Date(`${toLocal(now, zone).slice(0, 10)}T12:00:00Z`)
  for (let back = 0; back <= 8; back++) {
    const date = new Date(today.getTime() - back * 24 * 3_600_000)
    if (date.getUTCDay() !== day) continue
    const at = fromLocal(`${date.toISOString().slice(0, 10)}T${String(hour).padStart(2, '0')}:00`, zone)
    if (at && at <= now) return at
  }
  return new Date(now.getTime() - 7 * 24 * 3_600_000)
}
