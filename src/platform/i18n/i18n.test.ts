import { expect, test } from 'vitest'
import { catalog, formats, preferredLanguage } from './index.ts'

const words = catalog({
  en: { hello: 'Hello, {name}', tracks: '{n, plural, one {# track} other {# tracks}}', plain: 'It’s here' },
  fr: { hello: 'Bonjour, {name}', tracks: '{n, plural, one {# titre} other {# titres}}', plain: 'C’est ici' },
})

test('a text speaks both languages, with its plurals', () => {
  expect(words('en')('hello', { name: 'Léa' })).toBe('Hello, Léa')
  expect(words('fr')('tracks', { n: 0 })).toBe('0 titre')
  expect(words('en')('tracks', { n: 0 })).toBe('0 tracks')
  expect(words('fr')('plain')).toBe('C’est ici')
})

test('the browser’s preference is followed, by quality', () => {
  expect(preferredLanguage('de, fr;q=0.8, en;q=0.9')).toBe('en')
  expect(preferredLanguage('fr-CA, en;q=0.1')).toBe('fr')
  expect(preferredLanguage('en;q=0, fr;q=0.1')).toBe('fr')
  expect(preferredLanguage(undefined)).toBe('en')
})

test('lengths, sizes and dates are written as people write them', () => {
  expect(formats('en').duration(187_000)).toBe('3:07')
  expect(formats('en').duration(3_729_400)).toBe('1:02:09')
  expect(formats('fr').bytes(48_230_000)).toBe('48,2\u00a0Mo')
  expect(formats('en').date(new Date('2026-11-23T23:30:00Z'))).toBe('23 November 2026')
  expect(formats('fr').date(new Date('2026-11-23T23:30:00Z'), 'Europe/Paris')).toBe('24 novembre 2026')
})
