import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minorDigits } from '../../../platform/money.ts'
import { estimate } from './estimate.rules.ts'

const TABLE = new Map([
  ['GBP', 0.86],
  ['USD', 1.1],
  ['JPY', 163.45],
  ['KWD', 0.3351],
])

test('an estimate has three figures, in the decimals that the currency has', () => {
  expect(estimate({ amount: 1234, currency: 'EUR' }, 'GBP', TABLE)).toEqual({ amount: 1060, currency: 'GBP' })
  expect(estimate({ amount: 1234, currency: 'EUR' }, 'JPY', TABLE)).toEqual({ amount: 2020, currency: 'JPY' })
  expect(estimate({ amount: 1234, currency: 'EUR' }, 'KWD', TABLE)).toEqual({ amount: 4140, currency: 'KWD' })
  expect(estimate({ amount: 2000, currency: 'JPY' }, 'EUR', TABLE)).toEqual({ amount: 1220, currency: 'EUR' })
  expect(estimate({ amount: 1500, currency: 'KWD' }, 'USD', TABLE)).toEqual({ amount: 492, currency: 'USD' })
})

test('where no rate is known, or nothing is to be said, there is none', () => {
  expect(estimate({ amount: 1000, currency: 'EUR' }, 'SEK', TABLE)).toBeNull()
  expect(estimate({ amount: 1000, currency: 'SEK' }, 'EUR', TABLE)).toBeNull()
  expect(estimate({ amount: 1000, currency: 'GBP' }, 'GBP', TABLE)).toBeNull()
  expect(estimate({ amount: 0, currency: 'EUR' }, 'GBP', TABLE)).toBeNull()
})

test('it is never further from the exact amount than half of its last figure, or of the smallest coin', () => {
  const codes = fc.constantFrom('EUR', ...TABLE.keys())
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000 }), codes, codes, (amount, currency, to) => {
      const about = estimate({ amount, currency }, to, TABLE)
      if (currency === to) {
        expect(about).toBeNull()
        return
      }
      const units = (amount / 10 ** minorDigits(currency) / (TABLE.get(currency) ?? 1)) * (TABLE.get(to) ?? 1)
      const exact = units * 10 ** minorDigits(to)
      expect(Number.isInteger(about?.amount)).toBe(true)
      expect(Math.abs((about?.amount ?? 0) - exact)).toBeLessThanOrEqual(Math.max(0.500_001, exact * 0.005_001))
    }),
  )
})
