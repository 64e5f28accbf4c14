import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  allocate,
  currencyName,
  decimal,
  formatMoney,
  isCurrency,
  LARGEST_AMOUNT,
  minorDigits,
  readMoney,
} from './money.ts'

test('a currency has the decimals of ISO 4217', () => {
  expect(['EUR', 'JPY', 'KWD', 'USD', 'CLP', 'TND'].map(minorDigits)).toEqual([2, 0, 3, 2, 0, 3])
  expect([isCurrency('EUR'), isCurrency('eur'), isCurrency('XYZ')]).toEqual([true, false, false])
})

test('amounts are written as each language does', () => {
  expect(formatMoney({ amount: 123_450, currency: 'EUR' }, 'fr')).toBe('1\u202f234,50\u00a0€')
  expect(formatMoney({ amount: 123_450, currency: 'GBP' }, 'en')).toBe('£1,234.50')
  expect(formatMoney({ amount: 1200, currency: 'JPY' }, 'en')).toContain('1,200')
  expect(decimal({ amount: -5, currency: 'EUR' })).toBe('-0.05')
  expect(decimal({ amount: 1200, currency: 'JPY' })).toBe('1200')
  expect(decimal({ amount: 1, currency: 'KWD' })).toBe('0.001')
})

describe('what a person types', () => {
  test.each([
    ['12', 'EUR', 1200],
    ['12.5', 'EUR', 1250],
    ['12,50', 'EUR', 1250],
    [' 1 234,50 €', 'EUR', 123_450],
    ['1,234.50', 'USD', 123_450],
    ['1.234,50', 'EUR', 123_450],
    ['$7', 'USD', 700],
    ['0', 'EUR', 0],
    [',50', 'EUR', 50],
    ['1200', 'JPY', 1200],
    ['1,200', 'JPY', 1200],
    ['1.234', 'KWD', 1234],
  ])('%s in %s is %i', (text, currency, amount) => {
    expect(readMoney(text, currency)).toEqual({ amount, currency })
  })

  test.each([
    ['', 'EUR'],
    ['-3', 'EUR'],
    ['abc', 'EUR'],
    ['12.505', 'EUR'],
    ['1,200', 'EUR'],
    ['12.', 'EUR'],
    ['.', 'EUR'],
    ['1,23,4.50', 'EUR'],
    ['12.5', 'JPY'],
    ['1e9', 'EUR'],
    ['99999999999999', 'EUR'],
  ])('%s in %s is no amount', (text, currency) => {
    expect(readMoney(text, currency)).toBeNull()
  })

  test('what was written is read back', () => {
    const currency = fc.constantFrom('EUR', 'JPY', 'KWD')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LARGEST_AMOUNT }), currency, (amount, currency) => {
        expect(readMoney(decimal({ amount, currency }), currency)).toEqual({ amount, currency })
      }),
    )
  })
})

test('a currency has a name that people use', () => {
  expect(['EUR', 'USD', 'JPY'].map((code) => currencyName(code, 'fr'))).toEqual([
    'euros',
    'dollars des États-Unis',
    'yens japonais',
  ])
  expect(['EUR', 'USD', 'GBP'].map((code) => currencyName(code, 'en'))).toEqual([
    'euros',
    'US dollars',
    'British pounds',
  ])
})

describe('dividing', () => {
  test('ten cents among three: the first gets the cent that is left', () => {
    expect(allocate(10, [1, 1, 1])).toEqual([4, 3, 3])
    expect(allocate(-10, [1, 1, 1])).toEqual([-4, -3, -3])
    expect(allocate(100, [0, 1])).toEqual([0, 100])
    expect(() => allocate(1, [0, 0])).toThrow()
  })

  test('never makes or loses a cent, and nobody is a whole cent away from their due', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 1_000_000_000 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), weights, (amount, weights) => {
        const sum = weights.reduce((a, b) => a + b, 0)
        fc.pre(sum > 0)
        const parts = allocate(amount, weights)
        expect(parts.reduce((a, b) => a + b, 0)).toBe(amount)
        parts.forEach((part, index) => {
          const twice = BigInt(amount) * BigInt(weights[index] ?? 0) - BigInt(part) * BigInt(sum)
          expect(twice < BigInt(sum) && twice > -BigInt(sum)).toBe(true)
        })
      }),
    )
  })
})
