import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asJson } from './index.ts'

test('whatever is written as JSON holds no half letter, and is otherwise what it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.integer(), (any, whole, number) => {
      const cut = any.slice(0, 3)
      const read = JSON.parse(asJson([{ cut: [cut], whole, number, none: null, at: new Date(0) }]))
      expect(read).toEqual([
        { cut: [cut.toWellFormed()], whole: whole.toWellFormed(), number, none: null, at: '1970-01-01T00:00:00.000Z' },
      ])
    }),
    { examples: [['ab😀', 'é', 1]] },
  )
})
