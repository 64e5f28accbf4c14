import { expect, test } from 'vitest'
import { shareOf } from './proofs.rules.ts'

test('the interval of a share is Wilson’s, and nothing is told of few', () => {
  // Newcombe (1998), table I: 81 of 263, and none of 20.
  expect(shareOf(81, 263)).toMatchObject({ low: expect.closeTo(0.2553, 4), high: expect.closeTo(0.3662, 4) })
  expect(shareOf(0, 20)).toMatchObject({ low: 0, high: expect.closeTo(0.1611, 4) })
  expect(shareOf(19, 19)).toBeNull()
})
