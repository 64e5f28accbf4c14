import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  creditOf,
  DAY_MS,
  FALLBACK_HALF_LIFE,
  fitHalfLife,
  type History,
  type Reached,
  reasons,
  visitStart,
  WHOLE,
} from './credit.rules.ts'

const MINUTE = 60_000
const NOW = Date.UTC(2026, 10, 1)
const ago = (days: number) => NOW - days * DAY_MS
const mail = (gift: string, days: number): Reached => ({ gift, at: ago(days), own: false })
const page = (gift: string, at: number): Reached => ({ gift, at, own: true })
const chosen = { windowDays: 30, halfLifeDays: 7 }
const back = { at: NOW, broughtBy: null }

test('the gift whose link brought it has it all', () => {
  expect(creditOf({ at: NOW, broughtBy: 'b' }, [mail('a', 1)], chosen)).toEqual([{ gift: 'b', part: WHOLE }])
})

test('without a link it is shared, a touch counting half as much for each half-life, and nothing older than the window', () => {
  expect(creditOf(back, [mail('c', 31), mail('a', 15), mail('b', 8)], chosen)).toEqual([
    { gift: 'a', part: 333_333 },
    { gift: 'b', part: 666_667 },
  ])
  expect(creditOf(back, [mail('c', 31)], { ...chosen, windowDays: 90 })).toEqual([{ gift: 'c', part: WHOLE }])
})

test('what somebody opened in the same visit is the way, not the reason: it came by itself', () => {
  const visit = [page('a', NOW - 50 * MINUTE), page('a', NOW - 25 * MINUTE), page('b', NOW - MINUTE)]
  expect(creditOf(back, visit, chosen)).toEqual([{ gift: null, part: WHOLE }])
  expect(visitStart([NOW - 3 * 60 * MINUTE, NOW - 50 * MINUTE, NOW - 25 * MINUTE], NOW)).toBe(NOW - 50 * MINUTE)
  // A visit of the week before is one touch, however many tracks were begun; a message that has just arrived is a reason.
  const before = [page('a', ago(7) - MINUTE), page('a', ago(7)), ...visit, mail('c', 0)]
  expect(reasons(before, NOW, 30)).toEqual([page('a', ago(7)), mail('c', 0)])
})

test('whatever reached somebody, the parts of a return are whole, above nothing, and sum to exactly one', () => {
  const touch = fc.record({
    gift: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
    at: fc.integer({ min: NOW - 100 * DAY_MS, max: NOW + DAY_MS }),
    own: fc.boolean(),
  })
  fc.assert(
    fc.property(
      fc.array(touch, { maxLength: 40 }).map((all) => all.sort((a, b) => a.at - b.at)),
      fc.constantFrom(7, 14, 30, 90),
      fc.double({ min: 1 / 24, max: 90, noNaN: true }),
      fc.option(fc.constantFrom('a', 'z')),
      (touches, windowDays, halfLifeDays, broughtBy) => {
        const credits = creditOf({ at: NOW, broughtBy }, touches, { windowDays, halfLifeDays })
        expect(credits.reduce((sum, { part }) => sum + part, 0)).toBe(WHOLE)
        expect(credits.every(({ part }) => Number.isSafeInteger(part) && part >= 0)).toBe(true)
        expect(new Set(credits.map(({ gift }) => gift)).size).toBe(credits.length)
      },
    ),
    { numRuns: 1000 },
  )
})

/** A stream of numbers that is the same each time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** People who get a message about every week and answer some of them after a while, and who come by themselves besides. */
function people(n: number, halfLife: number, { led = 0.3, alone = 0.02, days = 90 }, random: () => number): History[] {
  const exponential = (mean: number) => -mean * Math.log(1 - random())
  return Array.from({ length: n }, () => {
    const [touches, answers]: [Reached[], number[]] = [[], []]
    for (let day = exponential(7); day < days; day += exponential(7)) {
      touches.push({ gift: 'a', at: NOW + day * DAY_MS, own: false })
      if (random() < led) answers.push(NOW + (day + exponential(halfLife / Math.LN2)) * DAY_MS)
    }
    for (let day = exponential(1 / alone); day < days; day += exponential(1 / alone)) answers.push(NOW + day * DAY_MS)
    const until = NOW + days * DAY_MS
    return { touches, answers: answers.filter((at) => at <= until).sort((a, b) => a - b), from: NOW, until }
  })
}

test('the half-life is found again in what was made with it, whatever comes by itself', () => {
  for (const [truth, alone] of [
    [0.5, 0.02],
    [3, 0.02],
    [3, 0.1],
    [8, 0.02],
  ] as const) {
    const fit = fitHalfLife(people(800, truth, { alone }, seeded(11)), 90)
    expect(fit.fitted).toBe(true)
    expect(fit.days / truth, `${truth} days, ${alone} by themselves`).toBeGreaterThan(0.85)
    expect(fit.days / truth, `${truth} days, ${alone} by themselves`).toBeLessThan(1.15)
  }
})

test('from too little, or where no touch led to anything, a half-life is not made up', () => {
  expect(fitHalfLife([], 30)).toEqual({ days: FALLBACK_HALF_LIFE, fitted: false, answers: 0 })
  expect(fitHalfLife(people(5, 3, {}, seeded(3)), 30).fitted).toBe(false)
})
