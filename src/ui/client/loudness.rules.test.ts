import { expect, test } from 'vitest'
import { volumeFor } from './loudness.rules.ts'

test('a loud record comes down by its distance to -16 LUFS', () => {
  expect(volumeFor(1, -6)).toBeCloseTo(0.501, 3)
  expect(volumeFor(1, 0)).toBe(1)
})

test('a quiet one is lifted only where the listener left room, and never past what was recorded', () => {
  expect(volumeFor(1, 8)).toBe(1)
  expect(volumeFor(0.5, 6)).toBeCloseTo(0.499, 3)
})

test('silence stays silence', () => {
  expect(volumeFor(0, 12)).toBe(0)
})
