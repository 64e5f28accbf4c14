import fc from 'fast-check'
import { expect, test } from 'vitest'
import { safeName, trackFileName } from './names.rules.ts'

test('names stay readable and can be unpacked anywhere', () => {
  expect(safeName('Vol. 2')).toBe('Vol. 2')
  expect(safeName('What?!…')).toBe('What!…')
  expect(safeName('AC/DC: "Live".')).toBe('AC-DC - ’Live’')
  expect(safeName('...')).toBe('_')
  expect(safeName('con')).toBe('_con')
  expect(trackFileName({ disc: 1, number: 3, title: 'Été' }, 1, 'flac')).toBe('03 - Été.flac')
  expect(trackFileName({ disc: 2, number: 11, title: 'B' }, 2, 'mp3')).toBe('2-11 - B.mp3')
})

test('whatever the title, the name is safe', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (title) => {
      const name = safeName(title)
      expect(name).not.toMatch(/[/\\:*?"<>|\p{Cc}]|[. ]$|^[. ]/u)
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(121)
      expect(name.length).toBeGreaterThan(0)
    }),
  )
})
