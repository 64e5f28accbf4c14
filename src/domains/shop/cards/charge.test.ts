import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cardEnd, firstCharge, isForGood, nextCharge, problemOfRefusal, reasonOf } from './charge.rules.ts'

const DAY = 24 * 3_600_000
const day = (n: number) => new Date(Date.UTC(2027, 1, 1) + n * DAY)
const until = day(7)

test('a card is charged when the period is over, and tried again on the first, the third and the sixth day after', () => {
  expect(firstCharge(day(0), day(-7))).toEqual(day(0))
  const tries = [1, 2, 3, 4].map((nth) => nextCharge(day(0), nth, { at: day(0), until }))
  expect(tries).toEqual([day(1), day(3), day(6), null])
})

test('who was told late has three days to read of it; what was tried late does not try twice in a day', () => {
  expect(firstCharge(day(0), day(-1))).toEqual(day(2))
  expect(nextCharge(day(0), 1, { at: day(2), until })).toEqual(day(3))
  expect(nextCharge(day(2), 3, { at: day(6), until })).toBeNull()
})

const refusal = (said: Partial<Parameters<typeof isForGood>[0]>) => ({
  ...{ code: 'card_declined', decline: 'generic_decline', advice: null, network: null },
  ...said,
})
test.each([
  [refusal({}), false, 'declined'],
  [refusal({ decline: 'insufficient_funds', advice: 'try_again_later' }), false, 'funds'],
  [refusal({ decline: 'do_not_honor', advice: 'do_not_try_again' }), true, 'declined'],
  [refusal({ decline: 'do_not_honor', network: '03' }), true, 'declined'],
  [refusal({ decline: 'stolen_card' }), true, 'declined'],
  [refusal({ code: 'expired_card', decline: 'expired_card' }), true, 'expired'],
  [refusal({ code: 'authentication_required', decline: 'authentication_required' }), true, 'authenticate'],
  [refusal({ code: 'processing_error', decline: null }), false, 'declined'],
])('%o is for good: %s, and its owner is told: %s', (said, forGood, reason) => {
  expect(isForGood(said)).toBe(forGood)
  expect(reasonOf(problemOfRefusal(said))).toBe(reason)
})

test('a card is good until the end of its month', () => {
  expect(cardEnd(12, 2027)).toEqual(new Date('2028-01-01T00:00:00Z'))
})

test('whatever is refused when, it is tried again later than now and before the order ends, and not for ever', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 4 * DAY }), { minLength: 8, maxLength: 8 }), (late) => {
      let [at, nth] = [day(0), 1]
      for (const by of late) {
        const next = nextCharge(day(0), nth, { at, until })
        if (!next) return
        expect(next > at && next < until).toBe(true)
        at = new Date(next.getTime() + by)
        nth++
      }
      throw new Error('it is tried for ever')
    }),
  )
})
