import { expect, test } from 'vitest'
import { type Click, decideLink, isOurs } from './link.rules.ts'

const click = (some: Partial<Click>): Click => ({
  href: 'https://music.example/artist/record',
  base: 'https://music.example/artist',
  button: 0,
  modified: false,
  prevented: false,
  target: '',
  download: false,
  reload: false,
  ...some,
})

test('a plain click on a page of ours keeps the music playing', () => {
  expect(decideLink(click({}))).toBe('visit')
  expect(decideLink(click({ target: '_self' }))).toBe('visit')
  expect(decideLink(click({ href: 'https://music.example/artist' }))).toBe('visit')
  expect(decideLink(click({ href: 'https://music.example/artist/record#credits' }))).toBe('visit')
})

test.each<[string, Partial<Click>]>([
  ['another site', { href: 'https://elsewhere.example/' }],
  ['another protocol', { href: 'mailto:someone@music.example' }],
  ['a new tab', { target: '_blank' }],
  ['a click with a key held', { modified: true }],
  ['the middle button', { button: 1 }],
  ['a download', { download: true }],
  ['a file', { href: 'https://music.example/media/cover.jpg' }],
  ['a link that asks for it', { reload: true }],
  ['a click that somebody else handled', { prevented: true }],
  ['an anchor on this page', { href: 'https://music.example/artist#bio' }],
  ['the top of this page', { href: 'https://music.example/artist#' }],
])('%s is left to the browser', (_what, some) => {
  expect(decideLink(click(some))).toBe('browser')
})

test('a query makes another page, a dot in a name does not make a file', () => {
  expect(decideLink(click({ href: 'https://music.example/artist?lang=fr#bio' }))).toBe('visit')
  expect(isOurs('/artist/vol.2', 'https://music.example/')).toBe(true)
  expect(isOurs('/old/page.html', 'https://music.example/')).toBe(true)
  expect(isOurs('/artist/record.zip', 'https://music.example/')).toBe(false)
})
