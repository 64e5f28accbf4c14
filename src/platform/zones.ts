/** Whether this is a time zone of the IANA database that this program knows. */
export function isZone(zone: string): boolean {
  if (!zone) return false
  try {
    formatter(zone)
    return true
  } catch {
    return false
  }
}

/** The moment, its seconds cut off. */
export const toMinute = (at: Date): Date => new Date(Math.floor(at.getTime() / 60_000) * 60_000)

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::\d{2}(?:\.\d+)?)?$/

/**
 * The moment of a local date and time (`2026-11-23T18:30`, as `<input type="datetime-local">` sends it) in a time zone. In the hour that
 * comes twice in autumn it is the first one; an hour that spring skips is read as if the clock had gone on (as Temporal's `compatible`).
 * Null for what is no date.
 */
export function fromLocal(text: string, zone: string): Date | null {
  const parts = LOCAL.exec(text)
  if (!parts || !isZone(zone)) return null
  const [y, mo, d, h, mi] = parts.slice(1).map(Number) as [number, number, number, number, number]
  const asUtc = Date.UTC(y, mo - 1, d, h, mi)
  const back = new Date(asUtc)
  if (back.getUTCMonth() !== mo - 1 || back.getUTCDate() !== d || h > 23 || mi > 59) return null
  const before = offset(asUtc - 86_400_000, zone)
  const after = offset(asUtc + 86_400_000, zone)
  const candidates = [asUtc - before, asUtc - after].filter((at) => at + offset(at, zone) === asUtc)
  return new Date(candidates.length ? Math.min(...candidates) : asUtc - before)
}

/** The local date and time of a moment in a zone, as `<input type="datetime-local">` takes it. */
export function toLocal(at: Date, zone: string): string {
  return new Date(at.getTime() + offset(at.getTime(), zone)).toISOString().slice(0, 16)
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formatters.set(zone, made)
  return made
}

/** How far a zone's clocks are ahead of UTC at a moment, in milliseconds. */
function offset(at: number, zone: string): number {
  const parts = Object.fromEntries(
    formatter(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000
}
