import { expect, test } from 'vitest'
import { type Change, startLines, surround } from './editing.rules.ts'

const done = (text: string, { from, to, text: put, select }: Change) => {
  const made = text.slice(0, from) + put + text.slice(to)
  return [made, made.slice(...select)]
}

test('what is selected becomes bold, and plain again', () => {
  expect(done('a word here', surround('a word here', 2, 6, '**', 'x'))).toEqual(['a **word** here', 'word'])
  expect(done('a **word** here', surround('a **word** here', 4, 8, '**', 'x'))).toEqual(['a word here', 'word'])
  expect(done('', surround('', 0, 0, '*', 'words'))).toEqual(['*words*', 'words'])
})

test('lines become a list, and lines again', () => {
  expect(done('one\ntwo\nthree', startLines('one\ntwo\nthree', 1, 5, '- '))[0]).toBe('- one\n- two\nthree')
  expect(done('- one\n- two', startLines('- one\n- two', 0, 11, '- '))[0]).toBe('one\ntwo')
  expect(done('', startLines('', 0, 0, '## '))[0]).toBe('## ')
})
