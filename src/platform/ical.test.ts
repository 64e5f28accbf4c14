import fc from 'fast-check'
import ICAL from 'ical.js'
import { expect, test } from 'vitest'
import { type CalendarEvent, writeCalendar } from './ical.ts'

const CHANGED = new Date('2026-11-20T08:00:00Z')
const event = (more: Partial<CalendarEvent>): CalendarEvent => ({
  uid: 'post-1@music.example',
  title: 'A post',
  when: { day: '2026-12-04' },
  changed: CHANGED,
  sequence: 3,
  ...more,
})
const written = (...events: CalendarEvent[]) => writeCalendar({ name: 'Ana, the dates', isPrivate: true, events })

/** As another program reads it: ical.js, with the zones that the file brings and no others. */
function read(file: string) {
  const calendar = new ICAL.Component(ICAL.parse(file))
  ICAL.TimezoneService.reset()
  for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(new ICAL.Timezone(zone))
  return calendar.getAllSubcomponents('vevent').map((component) => new ICAL.Event(component))
}

test('a day is a whole day, a moment is by the clocks of its zone', () => {
  const [day, moment] = read(
    written(
      event({}),
      event({ uid: '2@x.example', when: { at: new Date('2026-12-04T17:30:00Z'), zone: 'Europe/Paris' } }),
    ),
  )
  expect(day?.startDate.isDate).toBe(true)
  expect(day?.startDate.toString()).toBe('2026-12-04')
  expect(day?.endDate.toString()).toBe('2026-12-05')
  expect(moment?.startDate.isDate).toBe(false)
  expect(moment?.startDate.toString()).toBe('2026-12-04T18:30:00')
  expect(moment?.startDate.zone.tzid).toBe('Europe/Paris')
  expect(moment?.component.getFirstPropertyValue('last-modified')?.toString()).toBe('2026-11-20T08:00:00Z')
  expect(moment?.sequence).toBe(3)
})

test('the hour that autumn brings twice is told both times', () => {
  const twice = ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'].map((at) =>
    event({ uid: at, when: { at: new Date(at), zone: 'Europe/Paris' } }),
  )
  expect(read(written(...twice)).map(({ startDate }) => startDate.toJSDate().toISOString())).toEqual([
    '2026-10-25T00:30:00.000Z',
    '2026-10-25T01:30:00.000Z',
  ])
})

const ZONES = ['UTC', 'Europe/Paris', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Kiritimati']
const moment = fc
  .oneof(
    fc.integer({ min: Date.parse('2024-01-01') / 60_000, max: Date.parse('2032-01-01') / 60_000 }),
    // Around the nights in which clocks are set.
    fc.integer({ min: Date.parse('2026-10-24T12:00Z') / 60_000, max: Date.parse('2026-10-25T12:00Z') / 60_000 }),
    fc.integer({ min: Date.parse('2027-03-28T00:00Z') / 60_000, max: Date.parse('2027-03-28T04:00Z') / 60_000 }),
  )
  .map((minutes) => new Date(minutes * 60_000))

test('another program reads every moment of every zone as it was', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(moment, fc.constantFrom(...ZONES)), { minLength: 1, maxLength: 6 }), (moments) => {
      const events = moments.map(([at, zone], index) => event({ uid: String(index), when: { at, zone } }))
      expect(read(written(...events)).map(({ startDate }) => startDate.toJSDate().getTime())).toEqual(
        moments.map(([at]) => at.getTime()),
      )
    }),
    { numRuns: 200 },
  )
})

test('another program reads every text as it was, and no line is longer than 75 octets', () => {
  const words = fc.string({ unit: 'grapheme', maxLength: 200 }).filter((one) => !/\p{Cc}/u.test(one))
  const lines = fc.array(words, { maxLength: 4 }).map((some) => some.join('\n'))
  fc.assert(
    fc.property(words, lines, (title, description) => {
      const file = written(event({ title, description }))
      for (const line of file.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
      expect(file).not.toMatch(/[^\r]\n/)
      const [one] = read(file)
      expect(one?.summary).toBe(title)
      expect(one?.description ?? '').toBe(description)
    }),
  )
})

test('a title cannot begin a line of its own', () => {
  const [one, ...others] = read(written(event({ title: 'A\r\nEND:VEVENT\u0000\r\nBEGIN:VEVENT' })))
  expect(others).toEqual([])
  expect(one?.summary).toBe('A\nEND:VEVENT\nBEGIN:VEVENT')
})

test('a calendar without events is one', () => {
  expect(read(written())).toEqual([])
})
