import { expect, test } from 'vitest'
import { clock } from './time.rules.ts'

test('lengths read as a clock does, to the second that has begun', () => {
  expect([0, 59.9, 60, 245, 3600, 3729].map(clock)).toEqual(['0:00', '0:59', '1:00', '4:05', '1:00:00', '1:02:09'])
})

test('a length that is not known yet reads as none', () => {
  expect([Number.NaN, Number.POSITIVE_INFINITY, -3].map(clock)).toEqual(['0:00', '0:00', '0:00'])
})
