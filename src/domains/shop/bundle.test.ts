import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { BasketLine, BundlePart } from './basket.views.ts'
import { type OrderLine, orderLines } from './order.rules.ts'
import { taxWithin } from './price.rules.ts'

const part = (said: Partial<BundlePart>, index: number): BundlePart => ({
  ...{
    variantId: `v${index}`,
    productId: `p${index}`,
    kind: 'merch',
    subject: null,
    title: `Thing ${index}`,
    variant: '',
  },
  ...{ quantity: 1, price: 0, weight: null, releasedAt: null },
  ...said,
})
const bundle = (price: number, quantity: number, parts: BundlePart[]): BasketLine => ({
  ...{ variantId: 'b', productId: 'b', artistId: 'a', artistName: 'Ana', kind: 'bundle', subject: null },
  ...{
    title: 'All of it',
    variant: '',
    quantity,
    named: null,
    pricing: 'fixed',
    price,
    suggested: null,
    currency: 'EUR',
  },
  ...{ weight: null, left: null, releasedAt: null, offered: true, parts, pictures: [], sleeve: null },
})

const parts = fc
  .array(
    fc.record({
      price: fc.integer({ min: 0, max: 20_000 }),
      quantity: fc.integer({ min: 1, max: 5 }),
      kind: fc.constantFrom('download' as const, 'record' as const, 'merch' as const),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((all) => all.map(part))
const rates = fc.record({ sent: fc.integer({ min: 0, max: 2700 }), digital: fc.integer({ min: 0, max: 2700 }) })

test('the price of a bundle is divided among its parts by what each costs alone, and their taxes with it, exact to the cent', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 100_000 }),
      fc.integer({ min: 1, max: 99 }),
      parts,
      rates,
      (price, quantity, things, { sent, digital }) => {
        const priced = orderLines([bundle(price, quantity, things)], (kind) => ({
          country: 'FR',
          reason: 'home',
          rate: kind === 'download' ? digital : sent,
        }))
        const lines = 'lines' in priced ? priced.lines : []
        expect(lines).toHaveLength(things.length)
        const sum = (of: (line: OrderLine) => number) => lines.reduce((all, line) => all + of(line), 0)
        expect(sum(({ gross }) => gross)).toBe(price * quantity)
        const alone = things.reduce((all, one) => all + one.price * one.quantity, 0)
        for (const [index, line] of lines.entries()) {
          const thing = things[index] as BundlePart
          expect(line.quantity).toBe(thing.quantity * quantity)
          expect(line.rate).toBe(thing.kind === 'download' ? digital : sent)
          expect(line.tax).toBe(taxWithin(line.gross, line.rate))
          // No part is further from its share than the one cent that cannot be cut.
          if (alone > 0)
            expect(Math.abs(line.gross - (price * quantity * thing.price * thing.quantity) / alone)).toBeLessThan(1)
        }
      },
    ),
  )
})

test('a bundle of which nothing is left is none', () => {
  const priced = orderLines([bundle(1000, 1, [])], () => ({ country: 'FR', rate: 2000, reason: 'home' }))
  expect(priced).toEqual({ problems: new Map([['b', { problem: 'gone' }]]) })
})
