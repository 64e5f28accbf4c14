import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toLocal } from '../../platform/zones.ts'
import type { Condition, Give, Plan, Step } from './plan.rules.ts'
import { newTally, tryOne, weeksOf } from './try.rules.ts'
import { DAY_MS, type Life, type Run, triggersOf, type World, waitEnd, walk, whenAllowed } from './walk.rules.ts'

const HOUR = 3_600_000
const start = Date.UTC(2026, 8, 1, 10)
let made = 0
const id = () => `step-${++made}`
const give = (title = 'A song'): Give => ({
  ...{ id: id(), kind: 'give', giveId: id(), channels: ['mail', 'sms', 'push'], subject: null, letterId: null },
  texts: { en: { title, body: '' } },
})
const wait = (count: number, hour: string | null = null): Step => ({ id: id(), kind: 'wait', count, unit: 'day', hour })
const asks = (test: Condition['test'], more: Partial<Condition> = {}): Condition => ({
  ...{ id: id(), kind: 'condition', not: false, test, otherwise: 'stop' },
  ...more,
})
const plan = (steps: Step[], more: Partial<Plan> = {}): Plan => ({
  ...{ when: { is: 'joined' }, again: false, timeZone: 'Europe/Paris', steps },
  ...more,
})
const life = (more: Partial<Life> = {}): Life => ({
  ...{ fanId: 'fan', deeds: [], knownSince: null, places: [] },
  ways: [{ channel: 'mail', from: start, until: null, pausedUntil: null, brought: false }],
  ...more,
})
const world = (more: Partial<World> = {}): World => ({
  ...{ limit: { most: 2, days: 7 }, parts: new Map(), hours: (_, at) => at },
  ...more,
})
const entering: Run = { step: 0, entered: start, due: start, waitsFor: null }
const listened = { is: 'listened' as const, subject: null, since: 'entered' as const }

/** Takes somebody to the end, each time as late after their time as `late` says. */
function toTheEnd(of: Plan, who: Life, within: World, told: number[] = [], late: (n: number) => number = () => 0) {
  const given: { at: number; title: string }[] = []
  let run = entering
  for (let n = 0; n < 500; n++) {
    const walked = walk(of, run, who, run.due + late(n), told, within)
    given.push(...walked.given.map(({ at, give: one }) => ({ at, title: one.texts.en?.title ?? '' })))
    if (walked.ended) return { given, ended: walked.ended, told, last: walked.run }
    run = walked.run
  }
  throw new Error('They never come to an end')
}

test('somebody gets one thing after the other, at the hour on the artist’s clock, whatever spring does to it', () => {
  const at = Date.UTC(2026, 2, 27, 21)
  const steps = plan([wait(2, '18:00'), give('One'), wait(7), give('Two')])
  let run: Run = { step: 0, entered: at, due: at, waitsFor: null }
  const who = life({ ways: [{ channel: 'mail', from: at, until: null, pausedUntil: null, brought: false }] })
  run = walk(steps, run, who, at, [], world()).run
  expect(toLocal(new Date(run.due), 'Europe/Paris')).toBe('2026-03-29T18:00')
  const first = walk(steps, run, who, run.due, [], world())
  expect(first.given.map(({ give: one }) => one.texts.en?.title)).toEqual(['One'])
  expect(first.run.due - run.due).toBe(7 * DAY_MS)
})

test('a wait is over in its own hour of a later day, or a day later when that hour is past', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 700 * 24 * 60 }),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 0, max: 23 }),
      (minutes, count, hour) => {
        const from = start + minutes * 60_000
        const of = {
          id: 'w',
          kind: 'wait' as const,
          count,
          unit: 'day' as const,
          hour: `${String(hour).padStart(2, '0')}:30`,
        }
        const end = waitEnd(of, from, 'Europe/Paris')
        expect(end).toBeGreaterThan(from)
        expect(end - from).toBeLessThan((count + 1) * DAY_MS + 2 * HOUR)
        // The hour that spring skips is an hour later.
        expect([of.hour, '03:30']).toContain(toLocal(new Date(end), 'Europe/Paris').slice(11))
      },
    ),
  )
})

test('a condition sends them off, or past what is given next', () => {
  const two = [give('One'), wait(3), asks(listened), give('Two')]
  const heard = { deed: 'listened' as const, subject: 'track:1', at: start + DAY_MS }
  expect(toTheEnd(plan(two), life(), world())).toMatchObject({ ended: 'stopped', given: [{ title: 'One' }] })
  expect(toTheEnd(plan(two), life({ deeds: [heard] }), world()).given).toHaveLength(2)
  // What they heard before they came in is no answer.
  expect(toTheEnd(plan(two), life({ deeds: [{ ...heard, at: start }] }), world()).ended).toBe('stopped')
  const not = [asks(listened, { not: true, otherwise: 'skip' }), wait(1), give('Who did not'), give('Everybody')]
  const later = (deeds: Life['deeds']) =>
    toTheEnd(plan([wait(3), ...not]), life({ deeds }), world()).given.map(({ title }) => title)
  expect(later([])).toEqual(['Who did not', 'Everybody'])
  expect(later([heard])).toEqual(['Everybody'])
  const whole = { ...listened, subject: 'release:1' as const }
  const parts = new Map([['release:1', ['track:1']]])
  const of = plan([wait(3), asks(whole), give()])
  expect(toTheEnd(of, life({ deeds: [heard] }), world({ parts })).given).toHaveLength(1)
  expect(toTheEnd(of, life({ deeds: [heard] }), world()).given).toHaveLength(0)
})

test('who is told by none of its channels is passed over, who leaves is out, who is left in peace is waited for', () => {
  const mailOnly = { ...give('Mail'), channels: ['mail' as const] }
  const texts = life({ ways: [{ channel: 'sms', from: start, until: null, pausedUntil: null, brought: false }] })
  expect(toTheEnd(plan([mailOnly, give('Any')]), texts, world()).given.map(({ title }) => title)).toEqual(['Any'])
  const leaving = life({
    ways: [{ channel: 'mail', from: start, until: start + DAY_MS, pausedUntil: null, brought: false }],
  })
  expect(toTheEnd(plan([give('One'), wait(2), give('Two')]), leaving, world())).toMatchObject({
    ended: 'left',
    given: [{ title: 'One' }],
  })
  const peace = start + 5 * DAY_MS
  const paused = life({ ways: [{ channel: 'mail', from: start, until: null, pausedUntil: peace, brought: false }] })
  expect(toTheEnd(plan([give()]), paused, world()).given).toMatchObject([{ at: peace }])
})

const limits = fc.record({ most: fc.integer({ min: 1, max: 4 }), days: fc.integer({ min: 1, max: 14 }) })
const most = (times: number[], days: number) =>
  Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at - from < days * DAY_MS).length))

test('one more is allowed at the first moment that keeps the limit, before and after what is planned', () => {
  fc.assert(
    fc.property(limits, fc.array(fc.integer({ min: 0, max: 30 * 24 }), { maxLength: 12 }), (limit, hours) => {
      const told: number[] = []
      for (const hour of hours) {
        const asked = start + hour * HOUR
        const at = whenAllowed(told, asked, limit)
        expect(at).toBeGreaterThanOrEqual(asked)
        // Not a moment later than it must be.
        if (at > asked)
          for (const sooner of [asked, at - 1]) expect(most([...told, sooner], limit.days)).toBeGreaterThan(limit.most)
        told.push(at)
        expect(most(told, limit.days)).toBeLessThanOrEqual(limit.most)
      }
    }),
  )
})

const steps = fc.array(
  fc.oneof(
    fc.integer({ min: 1, max: 9 }).map((n) => wait(n)),
    fc.integer({ min: 0, max: 23 }).map((n) => wait(1, `${String(n).padStart(2, '0')}:00`)),
    fc.constant(0).map(() => give()),
    fc.constant(0).map(() => give()),
    fc
      .record({ not: fc.boolean(), otherwise: fc.constantFrom('stop' as const, 'skip' as const) })
      .map((of) => asks(listened, of)),
    fc.constant(0).map((): Step => ({ id: id(), kind: 'stop' })),
  ),
  { maxLength: 12 },
)
const moments = (n: number) =>
  fc
    .array(fc.integer({ min: 0, max: 60 * 24 }), { maxLength: n })
    .map((all) => all.sort((a, b) => a - b).map((hour) => start + hour * HOUR))

test('whatever is laid down, and however late it runs: nothing is given twice, the limit holds over all sequences, and everybody comes to an end', () => {
  fc.assert(
    fc.property(
      fc.array(steps, { minLength: 1, maxLength: 3 }),
      limits,
      moments(8),
      fc.option(fc.integer({ min: 1, max: 90 })),
      fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 10 }),
      (sequences, limit, heard, leavesAfter, delays) => {
        const until = leavesAfter === null ? null : start + leavesAfter * DAY_MS
        const who = life({
          deeds: heard.map((at) => ({ deed: 'listened', subject: 'track:1', at })),
          ways: [{ channel: 'mail', from: start, until, pausedUntil: null, brought: false }],
        })
        const told: number[] = []
        const runs = sequences.map((one) => ({ plan: plan(one), run: entering as Run | null, given: [] as string[] }))
        for (let n = 0; runs.some(({ run }) => run); n++) {
          expect(n).toBeLessThan(2_000)
          const next = runs
            .filter(({ run }) => run)
            .sort((a, b) => (a.run as Run).due - (b.run as Run).due)[0] as (typeof runs)[number]
          const run = next.run as Run
          // A clock that stood still for hours.
          const now =
            Math.max(run.due, ...told.filter((at) => at <= run.due)) + (delays[n % delays.length] as number) * HOUR
          const walked = walk(next.plan, run, who, now, told, world({ limit }))
          for (const one of walked.given) {
            expect(one.at).toBe(now)
            expect(until === null || now < until).toBe(true)
            next.given.push(one.give.id)
          }
          if (!walked.ended) expect(walked.run.due).toBeGreaterThan(now)
          next.run = walked.ended ? null : walked.run
        }
        for (const { given } of runs) expect(new Set(given).size).toBe(given.length)
        expect(most(told, limit.days)).toBeLessThanOrEqual(limit.most)
      },
    ),
  )
})

test('what lets somebody in: each thing once, after the moment that it is asked about', () => {
  const span = { from: start - 1, until: start + 100 * DAY_MS }
  const way = life().ways[0] as Life['ways'][number]
  expect(triggersOf({ is: 'joined' }, life(), span, world())).toEqual([{ key: 'joined', at: start }])
  expect(triggersOf({ is: 'joined' }, life(), { ...span, from: start }, world())).toEqual([])
  expect(triggersOf({ is: 'joined' }, life({ ways: [{ ...way, brought: true }] }), span, world())).toEqual([])
  // A second address is no second joining.
  const later = { ...way, channel: 'sms' as const, from: start + DAY_MS }
  expect(triggersOf({ is: 'joined' }, life({ ways: [way, later] }), { ...span, from: start }, world())).toEqual([])
  const deed = (at: number, subject = 'track:1') => ({ deed: 'bought' as const, subject, at })
  const bought = life({ deeds: [deed(start + 1), deed(start + 1, 'track:2'), deed(start + 2, 'track:2')] })
  expect(triggersOf({ is: 'bought', subject: null }, bought, span, world())).toHaveLength(2)
  expect(triggersOf({ is: 'bought', subject: 'track:1' }, bought, span, world())).toHaveLength(1)
  expect(triggersOf({ is: 'took', subject: null }, bought, span, world())).toEqual([])
})

test('nobody is called silent of whom nobody knows, nor while they do something', () => {
  const weeks = 4
  const span = { from: start, until: start + 200 * DAY_MS }
  const deeds = [10, 20, 70].map((day) => ({ deed: 'listened' as const, subject: 'track:1', at: start + day * DAY_MS }))
  const silent = (more: Partial<Life>) =>
    triggersOf({ is: 'silent', weeks }, life({ deeds, ...more }), span, world()).map(({ at }) => (at - start) / DAY_MS)
  expect(silent({})).toEqual([])
  expect(silent({ knownSince: start })).toEqual([48, 98])
  expect(silent({ knownSince: start + 60 * DAY_MS })).toEqual([98])
})

test('a try tells how many it would have reached, how often in a week at most, and why the others not', () => {
  const tally = newTally()
  const until = start + 60 * DAY_MS
  const of = plan([give('One'), wait(1), give('Two'), wait(1), asks({ is: 'place', place: 'Lyon' }), give('Three')])
  const trial = { plan: of, from: start - 1, until, world: world(), zone: 'UTC' }
  tryOne(trial, life({ places: ['Lyon'] }), [], tally)
  tryOne(trial, life(), [start - DAY_MS], tally)
  tryOne(trial, life({ ways: [{ ...(life().ways[0] as Life['ways'][number]), brought: true }] }), [], tally)
  tryOne({ ...trial, plan: plan([asks({ is: 'place', place: 'Lyon' }), give()]) }, life(), [], tally)
  expect(tally).toMatchObject({ reached: 2, messages: 5, mostInWeek: 2, held: 2, out: { stopped: 1 } })
  const weeks = weeksOf(tally, { from: start - 1, until, zone: 'UTC' })
  expect(weeks[0]).toEqual({ monday: '2026-08-31', entered: 3, messages: 3 })
  expect(weeks.reduce((sum, { messages }) => sum + messages, 0)).toBe(5)
  expect(weeks.every(({ monday }) => new Date(monday).getUTCDay() === 1)).toBe(true)
})

test('what may not be given just now is passed over, takes no place in the limit, and does not come after all', () => {
  const [lent, own] = [give('Lent'), give('Own')]
  const steps = plan([lent, own, wait(1), give('After')])
  const within = world({ limit: { most: 2, days: 7 }, mayGive: (one) => one !== lent })
  const { given, ended } = toTheEnd(steps, life(), within)
  expect(given.map(({ title }) => title)).toEqual(['Own', 'After'])
  expect(given[1]?.at).toBe(start + DAY_MS)
  expect(ended).toBe('finished')
})
