import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toLocal } from '../../../platform/zones.ts'
import { dayOf, dueBy, isRunningLow, momentOf, nextOf, type Rhythm, streakOf } from './series.rules.ts'

const DAY = 24 * 3_600_000
const weekly: Rhythm = {
  ...{ unit: 'week', every: 1, firstDay: '2026-10-16', hour: '18:00', timeZone: 'Europe/Paris', count: null },
}
const monthly: Rhythm = { ...weekly, unit: 'month', firstDay: '2027-10-31', hour: '02:30' }

const rhythms: fc.Arbitrary<Rhythm> = fc.record({
  unit: fc.constantFrom('week' as const, 'month' as const),
  every: fc.integer({ min: 1, max: 12 }),
  firstDay: fc
    .date({ min: new Date('2020-01-01'), max: new Date('2035-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  hour: fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':')),
  timeZone: fc.constantFrom('Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC'),
  count: fc.option(fc.integer({ min: 1, max: 60 })),
})

describe('the rhythm', () => {
  it('keeps its hour on the wall when clocks are set, and the last day of a month that is shorter', () => {
    expect([1, 2, 3].map((number) => momentOf(weekly, number).toISOString())).toEqual([
      '2026-10-16T16:00:00.000Z',
      '2026-10-23T16:00:00.000Z',
      '2026-10-30T17:00:00.000Z',
    ])
    expect([1, 2, 3, 4, 5, 6].map((number) => dayOf(monthly, number))).toEqual([
      '2027-10-31',
      '2027-11-30',
      '2027-12-31',
      '2028-01-31',
      '2028-02-29',
      '2028-03-31',
    ])
    // 02:30 came twice that night: the first is meant.
    expect(momentOf(monthly, 1).toISOString()).toBe('2027-10-31T00:30:00.000Z')
  })

  it('counts what is due so that it agrees with the moments themselves, whatever the rhythm', () => {
    fc.assert(
      fc.property(rhythms, fc.integer({ min: 1, max: 59 }), fc.integer({ min: -40, max: 40 }), (rhythm, n, hours) => {
        const number = Math.min(n, rhythm.count ?? n)
        const at = momentOf(rhythm, number)
        expect(dueBy(rhythm, at)).toBe(number)
        expect(dueBy(rhythm, new Date(at.getTime() - 1))).toBe(number - 1)
        expect(momentOf(rhythm, number + 1).getTime()).toBeGreaterThan(at.getTime() + 6 * DAY)
        const near = new Date(at.getTime() + hours * 3_600_000)
        const next = nextOf(rhythm, near, new Set())
        if (next) expect([next.at > near, next.number]).toEqual([true, dueBy(rhythm, near) + 1])
        else expect(dueBy(rhythm, near)).toBe(rhythm.count)
        // On the wall it says what was typed, or, in the hour that spring skips, one after it.
        const wall = toLocal(at, rhythm.timeZone)
        expect(wall.slice(0, 10)).toBe(dayOf(rhythm, number))
        if (wall.slice(11) !== rhythm.hour) expect(wall.slice(11) > rhythm.hour).toBe(true)
        if (rhythm.unit === 'month') expect(Number(dayOf(rhythm, number).slice(8))).toBeLessThanOrEqual(31)
      }),
    )
  })
})

describe('the streak', () => {
  const given = (...numbers: number[]) => new Map(numbers.map((number) => [number, momentOf(weekly, number)]))
  const past = (number: number, ms: number) => new Date(momentOf(weekly, number).getTime() + ms)

  it('is what came on time, one after the other, until now', () => {
    expect(streakOf(weekly, given(), past(1, -1))).toBe(0)
    expect(streakOf(weekly, given(1, 2, 3), past(3, DAY))).toBe(3)
    expect(streakOf(weekly, given(1, 3), past(3, DAY))).toBe(1)
  })

  it('does not break before the day is over, and does then', () => {
    expect(streakOf(weekly, given(1, 2), past(3, DAY - 1))).toBe(2)
    expect(streakOf(weekly, given(1, 2), past(3, DAY + 1))).toBe(0)
    expect(streakOf(weekly, new Map([...given(1), [2, past(2, DAY + 1)]]), past(2, 2 * DAY))).toBe(0)
  })
})

it('tells that little is laid in, but not for what will never come', () => {
  const three = { ...weekly, count: 3 }
  expect([0, 1, 2].map((laid) => isRunningLow(weekly, momentOf(weekly, 5), laid))).toEqual([true, true, false])
  expect([0, 1].map((laid) => isRunningLow(three, momentOf(weekly, 2), laid))).toEqual([true, false])
  expect(isRunningLow(three, momentOf(weekly, 3), 0)).toBe(false)
})

it('passes over what was given ahead of its hour by a clock that was wrong', () => {
  expect(nextOf(weekly, momentOf(weekly, 1), new Set([1, 2]))?.number).toBe(3)
})
