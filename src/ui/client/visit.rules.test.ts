import { expect, test } from 'vitest'
import { outsideReferrer, takeToken } from './visit.rules.ts'

test("a gift's token leaves the address, the rest of it stays", () => {
  expect(takeToken('https://music.example/a?x=1&via=abc#t=3')).toEqual({
    token: 'abc',
    href: 'https://music.example/a?x=1#t=3',
  })
})

test('an empty token is none, and an address without one is untouched, to the letter', () => {
  expect(takeToken('https://music.example/a?via=')).toEqual({ token: null, href: 'https://music.example/a' })
  expect(takeToken('https://music.example/a?q=%20')).toEqual({ token: null, href: 'https://music.example/a?q=%20' })
})

test('of where somebody came from, the site and the page are kept, not what they searched', () => {
  expect(outsideReferrer('https://blog.example/post?reader=jo#x', 'https://music.example')).toBe(
    'https://blog.example/post',
  )
})

test('our own pages, apps and nothing at all are no referrer', () => {
  for (const from of ['https://music.example/b', '', 'android-app://com.example', 'nonsense'])
    expect(outsideReferrer(from, 'https://music.example')).toBeNull()
})
