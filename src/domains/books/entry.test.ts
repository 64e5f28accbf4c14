import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bookedLines, bookYear, type Line } from './entry.rules.ts'

const sale = (amount: number, currency: string): Line[] => [
  { account: { kind: 'customers' }, amount, currency },
  { account: { kind: 'sales-digital' }, amount: -amount, currency },
]

test('lines that do not balance are refused, and so is a currency without a rate', () => {
  expect(() => bookedLines([{ account: { kind: 'bank' }, amount: 1, currency: 'EUR' }], 'EUR')).toThrow(
    'do not balance',
  )
  expect(() => bookedLines(sale(100, 'USD'), 'EUR')).toThrow('no rate')
  // Ten euros are not ten dollars.
  const mixed: Line[] = [
    { account: { kind: 'bank' }, amount: 1000, currency: 'EUR' },
    { account: { kind: 'customers' }, amount: -1000, currency: 'USD' },
  ]
  expect(() => bookedLines(mixed, 'EUR', [{ currency: 'USD', base: 1, foreign: 1 }])).toThrow('do not balance')
})

test('what was paid in yen has its worth in euros, to the cent', () => {
  // 1,000 yen at 163.27 yen a euro.
  const rate = { currency: 'JPY', base: 10_000, foreign: 16_327 }
  const lines = bookedLines(
    [
      { account: { kind: 'clearing', of: 'stripe' }, amount: 1000, currency: 'JPY' },
      { account: { kind: 'sales-digital' }, amount: -909, currency: 'JPY' },
      { account: { kind: 'vat-collected', of: 'JP:1000' }, amount: -91, currency: 'JPY' },
    ],
    'EUR',
    [rate],
  )
  expect(lines.map(({ baseAmount }) => baseAmount)).toEqual([612, -556, -56])
})

test('the worth of an entry sums to nothing, whatever the rate and the lines; what no number holds exactly is refused', () => {
  const amounts = fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 8 })
  const rate = fc.record({ base: fc.integer({ min: 1, max: 1e7 }), foreign: fc.integer({ min: 1, max: 1e7 }) })
  fc.assert(
    fc.property(amounts, amounts, rate, (debits, credits, rate) => {
      const sum = (list: number[]) => list.reduce((a, b) => a + b, 0)
      const lines: Line[] = [
        ...debits.map((amount) => ({ account: { kind: 'bank' as const }, amount, currency: 'USD' })),
        ...credits.map((amount) => ({ account: { kind: 'customers' as const }, amount: -amount, currency: 'USD' })),
      ]
      const difference = sum(debits) - sum(credits)
      if (difference !== 0) lines.push({ account: { kind: 'conversion' }, amount: -difference, currency: 'USD' })
      const book = () => bookedLines(lines, 'EUR', [{ currency: 'USD', ...rate }])
      const largest = Math.max(sum(debits), sum(credits))
      if ((BigInt(largest) * BigInt(rate.base)) / BigInt(rate.foreign) >= BigInt(Number.MAX_SAFE_INTEGER)) {
        expect(book).toThrow('too much')
        return
      }
      const booked = book()
      expect(sum(booked.map(({ baseAmount }) => baseAmount))).toBe(0)
      for (const { amount, baseAmount } of booked)
        expect(Math.sign(baseAmount) * Math.sign(amount)).toBeGreaterThanOrEqual(0)
    }),
  )
})

test('a year of the books that begins in October', () => {
  expect([bookYear('2026-09-30', 10), bookYear('2026-10-01', 10), bookYear('2026-01-01', 1)]).toEqual([
    2025, 2026, 2026,
  ])
})
