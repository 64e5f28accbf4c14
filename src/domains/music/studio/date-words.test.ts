import { expect, test } from 'vitest'
import { dateWords } from './date-words.ts'

test('a date is said as precisely as it is known', () => {
  expect(dateWords('2026', 'fr')).toBe('2026')
  expect(dateWords('2026-11', 'fr')).toBe('novembre 2026')
  expect(dateWords('2026-11-23', 'fr')).toBe('23 novembre 2026')
  expect(dateWords(null, 'en')).toBeNull()
})
