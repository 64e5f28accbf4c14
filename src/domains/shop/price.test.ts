import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Priced, priceOf, shareRefund, startsAt, type Taxed, taxWithin } from './price.rules.ts'

const named = (price: number, suggested: number | null): Priced => ({ pricing: 'named', price, suggested })

describe('a price', () => {
  test('that the buyer names begins at the suggestion, else at the least, and nothing is enough where nothing is asked', () => {
    expect([startsAt(named(0, null)), startsAt(named(300, null)), startsAt(named(300, 800))]).toEqual([0, 300, 800])
    expect(priceOf(named(0, null), 0)).toEqual({ each: 0 })
    expect(priceOf(named(300, 800), 300)).toEqual({ each: 300 })
    expect(priceOf(named(300, 800), 299)).toEqual({ problem: 'too-little', least: 300 })
    expect(priceOf(named(300, 800), null)).toEqual({ problem: 'missing', least: 300 })
  })

  test('that is fixed does not listen', () => {
    expect(priceOf({ pricing: 'fixed', price: 900, suggested: null }, 1)).toEqual({ each: 900 })
    expect(priceOf({ pricing: 'free', price: 0, suggested: null }, 500)).toEqual({ each: 0 })
  })
})

test('the tax within twelve euros at 20 % is two, and rounding is to the nearest cent', () => {
  expect(taxWithin(1200, 2000)).toBe(200)
  expect(taxWithin(700, 2550)).toBe(142)
  expect(taxWithin(999, 0)).toBe(0)
  expect(taxWithin(1000, 810)).toBe(75)
})

test('refunds of any sizes, some of which never arrive, give back each part and its tax exactly, never more', () => {
  const part: fc.Arbitrary<Taxed> = fc
    .record({ gross: fc.integer({ min: 0, max: 1e7 }), rate: fc.constantFrom(0, 550, 2000, 2550) })
    .map(({ gross, rate }) => ({ gross, tax: taxWithin(gross, rate) }))
  const run = fc.record({
    parts: fc.array(part, { minLength: 1, maxLength: 8 }),
    cuts: fc.array(
      fc.record({
        cut: fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 1, noNaN: true })),
        undone: fc.option(fc.nat(4)),
      }),
      { maxLength: 12 },
    ),
  })
  fc.assert(
    fc.property(run, ({ parts, cuts }) => {
      const sum = (list: number[]) => list.reduce((a, b) => a + b, 0)
      const total = sum(parts.map(({ gross }) => gross))
      fc.pre(total > 0)
      const back = parts.map(() => ({ gross: 0, tax: 0 }))
      const made: Taxed[][] = []
      const refund = (amount: number) => {
        const shares = shareRefund(amount, parts, back)
        expect(sum(shares.map(({ gross }) => gross))).toBe(amount)
        shares.forEach((share, index) => {
          expect(share.gross).toBeGreaterThanOrEqual(0)
          expect(share.tax).toBeGreaterThanOrEqual(0)
          const own = back[index] as Taxed
          own.gross += share.gross
          own.tax += share.tax
          expect(share.tax).toBeLessThanOrEqual(share.gross)
          expect(own.gross).toBeLessThanOrEqual(parts[index]?.gross ?? 0)
        })
        made.push(shares)
      }
      /** One of them never arrived. */
      const undo = (at: number) => {
        const [shares = []] = made.splice(at, 1)
        for (const [index, share] of shares.entries()) {
          const own = back[index] as Taxed
          own.gross -= share.gross
          own.tax -= share.tax
        }
      }
      for (const { cut, undone } of cuts) {
        const left = total - sum(back.map(({ gross }) => gross))
        if (left > 0) refund(Math.max(1, Math.floor(left * cut)))
        if (undone !== null && undone < made.length) undo(undone)
      }
      const left = total - sum(back.map(({ gross }) => gross))
      if (left > 0) refund(left)
      expect(back).toEqual(parts)
    }),
  )
})
