import { expect, test } from 'vitest'
import { keep, without } from './outbox.rules.ts'

test('a later report of a play takes the place of the earlier', () => {
  expect(
    keep(
      [
        { play: 'a', ms: 1 },
        { play: 'b', ms: 2 },
      ],
      { play: 'a', ms: 9 },
      200,
    ),
  ).toEqual([
    { play: 'a', ms: 9 },
    { play: 'b', ms: 2 },
  ])
})

test('past the limit the oldest is let go', () => {
  expect(keep([{ play: 'a' }, { play: 'b' }], { play: 'c' }, 2)).toEqual([{ play: 'b' }, { play: 'c' }])
})

test('what was sent waits no more', () => {
  expect(without([{ play: 'a' }, { play: 'b' }], 'a')).toEqual([{ play: 'b' }])
})
