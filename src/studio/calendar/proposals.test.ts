import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Given, type Known, proposalsOf } from './proposals.rules.ts'

const DAY = '2026-12-09'
const given = (kind: string, title: string): Given => ({
  ...{ subject: `${kind}:${title}`, kind, title },
  publicAt: new Date('2026-11-01T12:00:00Z'),
})
const group = (people: number, segment: string) => ({ people, segment })
const rate = (share: number) => ({ rate: share, low: share / 2, high: share * 2, gifts: 4, people: 900 })

/** An artist of whom nothing is known yet. */
const NOTHING: Known<string> = {
  ...{ today: DAY, given: [], untold: [], everyone: group(0, 'all'), best: null, onward: null },
  ...{
    silent: group(0, 'silent'),
    newcomers: group(0, 'new'),
    faded: null,
    favourite: { day: null, part: null },
    empty: null,
    hole: null,
  },
}
const song = given('release', 'Tides')
const older = given('release', 'Harbour')
const post = given('post', 'A letter')

test('with nothing known, three things are proposed that claim nothing and need nobody', () => {
  const found = proposalsOf(NOTHING)
  expect(found.map(({ rule, claims, to }) => [rule, claims, to])).toEqual([
    ['hole', false, null],
    ['song', false, null],
    ['begin', false, null],
  ])
})

test('what the figures speak for comes first, then those who wait', () => {
  const found = proposalsOf({
    ...NOTHING,
    given: [song, post, older],
    untold: [post, song],
    everyone: group(400, 'all'),
    best: { kind: 'release', rate: rate(0.2), second: { kind: 'post', rate: rate(0.05) } },
    onward: {
      from: older,
      to: song,
      waiting: group(31, 'onward'),
      took: 45,
      went: 14,
      part: { share: 0.31, low: 0.19, high: 0.46 },
    },
    silent: group(60, 'silent'),
    newcomers: group(9, 'new'),
  })
  expect(found.map(({ rule, claims, to, what }) => [rule, claims, to?.people, what?.title])).toEqual([
    ['kind', true, 400, 'Tides'],
    ['silent', false, 60, 'A letter'],
    ['newcomers', false, 9, 'Harbour'],
  ])
  // Those who wait for the same thing are among all.
  expect(found[0]?.also.map(({ rule }) => rule)).toEqual(['onward'])
})

test('of a kind that is best and of which all was told, another one is to be made', () => {
  const best = { kind: 'post', rate: rate(0.2), second: { kind: 'release', rate: rate(0.05) } }
  const [first] = proposalsOf({ ...NOTHING, given: [song], untold: [song], everyone: group(400, 'all'), best })
  expect([first?.rule, first?.what, first?.href]).toEqual(['kind', null, '/studio/journal'])
})

test('a gift that still brings something is waited for, one that is spent is followed', () => {
  const faded = (days: number) => ({
    ...{ title: 'Harbour', half: { hours: 72, low: 48, high: 120 }, people: 80, last: new Date(0), days },
  })
  const rules = (days: number) =>
    proposalsOf({ ...NOTHING, given: [song], everyone: group(400, 'all'), faded: faded(days) }).map(({ rule }) => rule)
  expect(rules(5)).not.toContain('faded')
  expect(rules(6)[0]).toBe('faded')
})

test('a weekday is that of the days to come', () => {
  const day = { at: 2, share: 0.3, low: 0.2, high: 0.4, even: 1 / 7, people: 80 }
  const on = (today: string) => {
    const [first] = proposalsOf({
      ...NOTHING,
      today,
      given: [song],
      everyone: group(4, 'all'),
      favourite: { day, part: null },
    })
    return first?.rule === 'favourite' && first.on
  }
  // The 9th is a Wednesday.
  expect(['2026-12-08', '2026-12-09', '2026-12-10'].map(on)).toEqual(['2026-12-09', '2026-12-16', '2026-12-16'])
})

test('two people are not spoken to apart', () => {
  const known = { ...NOTHING, given: [song], silent: group(2, 'silent'), newcomers: group(2, 'new') }
  expect(proposalsOf(known).some(({ to }) => to !== null)).toBe(false)
})

test('whatever is known there are three, none twice, and none claims without a figure', () => {
  const people = fc.integer({ min: 0, max: 50 })
  const favourite = (most: number) =>
    fc.nat(most).map((at) => ({ at, share: 0.3, low: 0.2, high: 0.4, even: 1 / 7, people: 80 }))
  const known = fc.record({
    today: fc.constant(DAY),
    given: fc.subarray([song, post, older]),
    untold: fc.subarray([song, post, older]),
    everyone: people.map((n) => group(n, 'all')),
    best: fc.option(fc.constant({ kind: 'release', rate: rate(0.2), second: { kind: 'post', rate: rate(0.05) } })),
    onward: fc.option(
      people.map((n) => ({ from: older, to: song, waiting: group(n, 'onward'), took: n + 3, went: 3, part: null })),
    ),
    silent: people.map((n) => group(n, 'silent')),
    newcomers: people.map((n) => group(n, 'new')),
    faded: fc.option(
      fc.nat(60).map((days) => ({
        ...{ title: 'Harbour', half: { hours: 72, low: 48, high: 120 }, people: 80, last: new Date(0), days },
      })),
    ),
    favourite: fc.record({ day: fc.option(favourite(6)), part: fc.option(favourite(3)) }),
    empty: fc.option(fc.constant({ href: '/studio/series/1', of: 'Songs', number: 5, on: DAY })),
    hole: fc.option(fc.constant('2026-12-21')),
  })
  fc.assert(
    fc.property(known, (one) => {
      const found = proposalsOf(one)
      expect(found).toHaveLength(3)
      expect(new Set(found.map(({ what, to, href }) => href ?? `${what?.subject} ${to?.segment}`)).size).toBe(3)
      const subjects = found.flatMap(({ what }) => what?.subject ?? [])
      expect(new Set(subjects).size).toBe(subjects.length)
      for (const { rule, claims, to, href } of found) {
        if (claims) expect(['kind', 'faded', 'favourite']).toContain(rule)
        if (to && rule !== 'kind' && rule !== 'faded' && rule !== 'favourite' && rule !== 'untold')
          expect(to.people).toBeGreaterThanOrEqual(3)
        // Each can be begun: as an announcement to somebody, or where it is made.
        expect(href !== null || (to !== null && to.people > 0)).toBe(true)
      }
    }),
  )
})
