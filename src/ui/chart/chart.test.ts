import fc from 'fast-check'
import { expect, test } from 'vitest'
import { spread } from './line-chart.tsx'
import { ticks } from './scale.ts'

test('an axis has few, round steps and reaches the top', () => {
  expect(ticks(7)).toEqual([0, 2, 4, 6, 8])
  expect(ticks(0)).toEqual([0, 1])
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000 }), (top) => {
      const steps = ticks(top)
      expect(steps.at(-1)).toBeGreaterThanOrEqual(top)
      expect(steps.length).toBeLessThanOrEqual(6)
      expect(steps.every(Number.isInteger)).toBe(true)
    }),
  )
})

test('labels never cover one another', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 14, max: 230, noNaN: true }), { minLength: 1, maxLength: 5 }), (places) => {
      const apart = spread(places, 16, 14, 230).sort((a, b) => a - b)
      for (let i = 1; i < apart.length; i++)
        expect((apart[i] as number) - (apart[i - 1] as number)).toBeGreaterThanOrEqual(15.999)
    }),
  )
})
