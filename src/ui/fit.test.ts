import { expect, test } from 'vitest'
import { fitTitle } from './fit.ts'

test('short titles are set at full size, long ones shrink, none disappears', () => {
  expect(fitTitle('Étude in Wood')).toBe(1)
  expect(fitTitle('Twelve Small Pieces for a Large Room, and One for the Corridor')).toBeCloseTo(0.7, 1)
  expect(fitTitle('Donaudampfschifffahrtsgesellschaft')).toBe(0.55)
  expect(fitTitle('a '.repeat(400))).toBe(0.4)
  expect(fitTitle('')).toBe(1)
})

test('scripts without spaces are not taken for one long word', () => {
  expect(fitTitle('木の練習曲集第四番')).toBe(1)
})
