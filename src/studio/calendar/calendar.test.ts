import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays } from '../../platform/days.ts'
import { holeOf, mondayOf, monthAfter, nextHole, place, weeksOf } from './calendar.rules.ts'

const thing = (kind: string, at: string, more = {}) => ({
  ...{ kind, id: `${kind}-${at}`, at: new Date(at), day: null, given: true },
  ...more,
})

test('a thing stands on the day of the calendar’s own zone', () => {
  const [late] = place([thing('post', '2026-12-04T23:30:00Z')], 'Europe/Paris')
  expect([late?.on, late?.time]).toEqual(['2026-12-05', '00:30'])
  const [task] = place(
    [{ ...thing('task', '2026-12-04T00:00:00Z'), at: null, day: '2026-12-04' }],
    'Pacific/Kiritimati',
  )
  expect([task?.on, task?.time]).toEqual(['2026-12-04', null])
})

test('what a series gave stands there once', () => {
  const post = thing('post', '2026-12-04T17:00:00Z', { id: 'a' })
  const other = thing('post', '2026-12-04T17:00:00Z', { id: 'b' })
  const third = thing('occurrence', '2026-12-04T17:00:00Z', { number: 3, about: 'post:a' })
  expect(place([post, other, third], 'UTC').map(({ kind, id }) => `${kind} ${id}`)).toEqual([
    'occurrence occurrence-2026-12-04T17:00:00Z',
    'post b',
  ])
})

test('a week is a hole when nothing is given in it, and dates give nothing', () => {
  const when = { today: '2026-12-09', firstGift: '2026-11-02' }
  const on = (day: string, kind: string, empty: string | null = null) => ({ kind, on: day, empty })
  expect(holeOf('2026-11-30', [on('2026-12-03', 'post')], when)).toBeNull()
  expect(holeOf('2026-11-30', [on('2026-12-03', 'votes-until'), on('2026-12-03', 'task')], when)).toBe('past')
  expect(holeOf('2026-12-07', [on('2026-12-10', 'occurrence', 'to-come')], when)).toBe('now')
  expect(holeOf('2026-12-14', [on('2026-12-21', 'release')], when)).toBe('coming')
  // Nobody left out what was before the first gift.
  expect(holeOf('2026-10-26', [], when)).toBeNull()
  expect(holeOf('2026-11-30', [], { ...when, firstGift: null })).toBeNull()
  expect(nextHole([on('2026-12-10', 'post'), on('2026-12-20', 'wave')], { ...when, weeks: 8 })).toBe('2026-12-21')
  expect(nextHole([on('2026-12-10', 'post')], { ...when, weeks: 1 })).toBeNull()
})

test('the weeks of any month are whole, in order, and hold every day of it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2000, max: 2100 }), fc.integer({ min: 1, max: 12 }), (year, number) => {
      const month = `${year}-${String(number).padStart(2, '0')}`
      const weeks = weeksOf(month)
      expect(
        weeks.every((monday, at) => mondayOf(monday) === monday && (!at || monday === addDays(weeks[at - 1] ?? '', 7))),
      ).toBe(true)
      const last = addDays(`${monthAfter(month, 1)}-01`, -1)
      expect([mondayOf(`${month}-01`), mondayOf(last)]).toEqual([weeks[0], weeks.at(-1)])
      expect(monthAfter(monthAfter(month, 13), -13)).toBe(month)
    }),
  )
})
