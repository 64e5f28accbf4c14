import { expect, test } from 'vitest'
import { firstState, readingOf, tidyComment } from './comment.rules.ts'

test('links wait for somebody to look, bait goes where bait goes', () => {
  const of = (text: string, name = 'Léa') => readingOf({ name, text })
  expect(of('This song kept me company all winter.')).toBe('fine')
  expect(of('I made a cover: https://example.org/cover')).toBe('held')
  expect(of('<a href="https://pills.example">pills</a>')).toBe('spam')
  expect(of('[url=https://pills.example]pills[/url]')).toBe('spam')
  expect(of('https://a.example https://b.example www.c.example https://d.example')).toBe('spam')
  expect(of('Nice', 'https://pills.example')).toBe('spam')
})

test('whoever is known and was shown before need not wait', () => {
  const known = { isConfirmed: true, wasShown: true }
  expect(firstState('fine', known)).toBe('shown')
  expect(firstState('held', known)).toBe('waiting')
  expect(firstState('spam', known)).toBe('spam')
  expect(firstState('fine', { isConfirmed: false, wasShown: true })).toBe('waiting')
  expect(firstState('fine', { isConfirmed: true, wasShown: false })).toBe('waiting')
})

test('a text is kept as it was typed, without what one does not see', () => {
  expect(tidyComment(' one\r\ntwo\n\n\n\n\nthree\u202e\u0000 ')).toBe('one\ntwo\n\nthree')
})
