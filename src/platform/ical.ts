import { addDays } from './days.ts'
import { toLocal } from './zones.ts'

/** When something is: all of a day (`YYYY-MM-DD`), or a moment by the clocks of a zone (IANA). */
export type When = { day: string } | { at: Date; zone: string }

export type CalendarEvent = {
  /** The same for as long as the thing is, wherever it is moved; unique in the world. */
  uid: string
  title: string
  when: When
  /** Of the last change, and a number that only grows with changes. */
  changed: Date
  sequence: number
  description?: string | undefined
  url?: string | undefined
}

export type Calendar = { name: string; isPrivate: boolean; events: CalendarEvent[] }

/**
 * A calendar to subscribe to (RFC 5545, with the names of RFC 7986). The same events make the same text, since without a METHOD a DTSTAMP says when an event was
 * changed. Times are those of their zone, whose VTIMEZONE goes with them; in UTC where a wall clock cannot tell them.
 */
export function writeCalendar({ name, isPrivate, events }: Calendar): string {
  const byZone = new Map<string, Date[]>()
  for (const { when } of events)
    if ('at' in when && isTold(when)) byZone.set(when.zone, [...(byZone.get(when.zone) ?? []), when.at])
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Ritornello//Calendar//EN',
    'CALSCALE:GREGORIAN',
    `NAME:${text(name)}`,
    `X-WR-CALNAME:${text(name)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
    'X-PUBLISHED-TTL:PT1H',
    ...[...byZone].flatMap(([zone, moments]) => zoneLines(zone, moments)),
    // A calendar holds something (RFC 5545, 3.6).
    ...(events.length ? [] : zoneLines('UTC', [new Date(0)])),
    ...events.flatMap((event) => eventLines(event, isPrivate)),
    'END:VCALENDAR',
  ]
  return lines.map((line) => `${fold(line)}\r\n`).join('')
}

function eventLines({ uid, title, when, changed, sequence, description, url }: CalendarEvent, isPrivate: boolean) {
  return [
    'BEGIN:VEVENT',
    `UID:${text(uid)}`,
    `DTSTAMP:${utc(changed)}`,
    `LAST-MODIFIED:${utc(changed)}`,
    `SEQUENCE:${sequence}`,
    ...times(when),
    `SUMMARY:${text(title)}`,
    ...(description ? [`DESCRIPTION:${text(description)}`] : []),
    ...(url ? [`URL:${url}`] : []),
    // Nobody is busy for it.
    'TRANSP:TRANSPARENT',
    `CLASS:${isPrivate ? 'PRIVATE' : 'PUBLIC'}`,
    'END:VEVENT',
  ]
}

function times(when: When): string[] {
  if ('day' in when)
    return [`DTSTART;VALUE=DATE:${compact(when.day)}`, `DTEND;VALUE=DATE:${compact(addDays(when.day, 1))}`]
  return [isTold(when) ? `DTSTART;TZID=${when.zone}:${local(when.at, when.zone)}` : `DTSTART:${utc(when.at)}`]
}

/** Whether the clock on the wall tells this moment: not within the hour that comes twice in autumn, which programs read one way or the other. */
function isTold({ at, zone }: { at: Date; zone: string }): boolean {
  if (zone === 'UTC') return false
  const clock = toLocal(at, zone)
  const here = ahead(at.getTime(), zone)
  return [-DAY_MS, DAY_MS].every((days) => {
    const other = new Date(at.getTime() + (here - ahead(at.getTime() + days, zone)) * MINUTE_MS)
    return other.getTime() === at.getTime() || toLocal(other, zone) !== clock
  })
}

const compact = (text: string) => text.replace(/[-:]|\.\d+/g, '')
const utc = (at: Date) => `${compact(at.toISOString().slice(0, 19))}Z`
const local = (at: Date, zone: string) => `${compact(toLocal(at, zone))}00`

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** How far a zone's clocks are ahead of UTC, in minutes. */
const ahead = (at: number, zone: string): number =>
  (Date.parse(`${toLocal(new Date(at), zone)}Z`) - Math.floor(at / MINUTE_MS) * MINUTE_MS) / MINUTE_MS

/** What clocks did around these moments: how they stood before, and each time that they were set. */
function zoneLines(zone: string, moments: Date[]): string[] {
  const times = moments.map((at) => at.getTime())
  const [first, last] = [Math.min(...times) - 2 * DAY_MS, Math.max(...times) + 2 * DAY_MS]
  let before = ahead(first, zone)
  const lines = observance('STANDARD', first, before, before)
  for (let at = first; at < last; at += DAY_MS) {
    if (ahead(at + DAY_MS, zone) === before) continue
    let [still, since] = [at, at + DAY_MS]
    while (since - still > MINUTE_MS) {
      const middle = Math.floor((still + since) / 2 / MINUTE_MS) * MINUTE_MS
      if (ahead(middle, zone) === before) still = middle
      else since = middle
    }
    const after = ahead(since, zone)
    lines.push(...observance(after > before ? 'DAYLIGHT' : 'STANDARD', since, before, after))
    before = after
  }
  return ['BEGIN:VTIMEZONE', `TZID:${zone}`, ...lines, 'END:VTIMEZONE']
}

function observance(kind: 'STANDARD' | 'DAYLIGHT', at: number, before: number, after: number): string[] {
  const clock = new Date(Math.floor(at / MINUTE_MS) * MINUTE_MS + before * MINUTE_MS)
  return [
    `BEGIN:${kind}`,
    `DTSTART:${compact(clock.toISOString().slice(0, 19))}`,
    `TZOFFSETFROM:${offset(before)}`,
    `TZOFFSETTO:${offset(after)}`,
    `END:${kind}`,
  ]
}

function offset(minutes: number): string {
  const size = Math.abs(minutes)
  const two = (number: number) => String(number).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`
}

/** A TEXT: what separates is escaped, what no text may hold is left out. */
const text = (value: string): string =>
  value
    .replace(/\r\n?/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 5545 lets none but the tab into a text.
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
    .replace(/[\\;,]/g, '\\$&')
    .replaceAll('\n', '\\n')

const LONGEST = 75
const OCTETS = new TextEncoder()

/** No line longer than 75 octets; what goes on begins with a space. No letter is cut in two. */
function fold(line: string): string {
  let folded = ''
  let length = 0
  for (const letter of line) {
    const size = OCTETS.encode(letter).length
    if (length + size > LONGEST) {
      folded += '\r\n '
      length = 1
    }
    folded += letter
    length += size
  }
  return folded
}
