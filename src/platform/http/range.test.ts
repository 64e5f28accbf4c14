import fc from 'fast-check'
import { expect, test } from 'vitest'
import { askedRange, matches } from './range.rules.ts'

test('what Safari asks first, and what players ask later', () => {
  expect(askedRange('bytes=0-1', 1000)).toEqual({ kind: 'part', range: { start: 0, end: 1 } })
  expect(askedRange('bytes=500-', 1000)).toEqual({ kind: 'part', range: { start: 500, end: 999 } })
  expect(askedRange('bytes=-100', 1000)).toEqual({ kind: 'part', range: { start: 900, end: 999 } })
  expect(askedRange('bytes=990-2000', 1000)).toEqual({ kind: 'part', range: { start: 990, end: 999 } })
})

test('what lies beyond the end is refused, nonsense gets the whole file', () => {
  expect(askedRange('bytes=1000-', 1000)).toEqual({ kind: 'unsatisfiable' })
  expect(askedRange('bytes=-0', 1000)).toEqual({ kind: 'unsatisfiable' })
  for (const header of [undefined, '', 'bytes=', 'bytes=-', 'bytes=5-2', 'bytes=0-1,5-6', 'pages=1-2', 'bytes=a-b'])
    expect(askedRange(header, 1000)).toEqual({ kind: 'whole' })
})

test('a part is never empty and never leaves the file', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 10_000 }), (a, b, size) => {
      const asked = askedRange(`bytes=${a}-${b}`, size)
      if (asked.kind !== 'part') return
      expect(asked.range.start).toBeLessThanOrEqual(asked.range.end)
      expect(asked.range.end).toBeLessThan(size)
    }),
  )
})

test('an entity tag is recognised among several', () => {
  expect(matches('"a", W/"b"', '"b"')).toBe(true)
  expect(matches('*', '"b"')).toBe(true)
  expect(matches('"a"', '"b"')).toBe(false)
  expect(matches(undefined, '"b"')).toBe(false)
})
