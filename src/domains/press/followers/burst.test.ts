import { expect, test } from 'vitest'
import { isSameBurst } from './burst.rules.ts'

test('days out of the ordinary with less than a week between them are one burst', () => {
  expect(isSameBurst('2026-11-18', '2026-11-18')).toBe(true)
  expect(isSameBurst('2026-11-18', '2026-11-24')).toBe(true)
  expect(isSameBurst('2026-11-18', '2026-11-25')).toBe(false)
  // What was counted anew since may move the day back.
  expect(isSameBurst('2026-11-18', '2026-11-17')).toBe(true)
})
