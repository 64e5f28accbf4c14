import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromStripe, toStripe } from './amounts.rules.ts'

test.each([
  ['EUR', 1234, 1234],
  ['JPY', 500, 500],
  ['KWD', 5120, 5120],
  // The króna has no decimals, and is written with two all the same; nobody here counts parts of a forint, and Stripe does.
  ['ISK', 5, 500],
  ['HUF', 1045, 104_500],
  ['MGA', 700, 700],
])('%s: %i is %i at Stripe, there and back', (currency, ours, theirs) => {
  expect(toStripe(ours, currency)).toBe(theirs)
  expect(fromStripe(theirs, currency)).toBe(ours)
})

test('what Stripe cannot charge to the unit is not charged: a thousandth of a dinar, a currency of which its page says two things', () => {
  expect([toStripe(5124, 'KWD'), toStripe(500, 'UGX')]).toEqual([null, null])
})

test('a fee that is finer than our unit is rounded, away from nothing', () => {
  expect([fromStripe(4550, 'HUF'), fromStripe(-4549, 'HUF')]).toEqual([46, -45])
})

test('whatever can be charged comes back as it was', () => {
  const currency = fc.constantFrom('EUR', 'USD', 'JPY', 'KRW', 'KWD', 'BHD', 'ISK', 'MGA', 'HUF', 'TWD')
  fc.assert(
    fc.property(currency, fc.integer({ min: -1e12, max: 1e12 }), (code, amount) => {
      const theirs = toStripe(amount, code)
      if (theirs !== null) expect(fromStripe(theirs, code)).toBe(amount || 0)
    }),
  )
})
