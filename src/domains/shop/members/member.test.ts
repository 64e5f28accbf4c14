import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openingOf, periodEnd } from './member.rules.ts'

test('a month from the last of January is the last of February, and then the last of March', () => {
  const january = new Date('2027-01-31T10:00:00Z')
  const february = periodEnd(january, 'month', 31)
  expect(february.toISOString()).toBe('2027-02-28T10:00:00.000Z')
  expect(periodEnd(february, 'month', 31).toISOString()).toBe('2027-03-31T10:00:00.000Z')
  expect(periodEnd(new Date('2028-02-29T10:00:00Z'), 'year', 29).toISOString()).toBe('2029-02-28T10:00:00.000Z')
})

test('whatever day one begins, twelve months are a year', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('2020-01-01'), max: new Date('2060-01-01'), noInvalidDate: true }), (from) => {
      const day = from.getUTCDate()
      const months = Array.from({ length: 12 }).reduce<Date>((at) => periodEnd(at, 'month', day), from)
      expect(months).toEqual(periodEnd(from, 'year', day))
    }),
  )
})

test('what is not paid opens on no day, whatever was paid for later', () => {
  const [now, from, until, later] = ['01', '02', '03', '04'].map((month) => new Date(`2027-${month}-01`)) as [
    Date,
    Date,
    Date,
    Date,
  ]
  const periods = [
    { from: new Date('2026-12-01'), until: from, closedAt: now },
    { from, until, closedAt: null },
  ]
  expect(openingOf({ paidUntil: now, periods }, now)).toEqual({ isOpen: false, opensAt: null })
  expect(openingOf({ paidUntil: until, periods }, now)).toEqual({ isOpen: false, opensAt: from })
  expect(openingOf({ paidUntil: later, periods }, from)).toEqual({ isOpen: true, opensAt: null })
})
