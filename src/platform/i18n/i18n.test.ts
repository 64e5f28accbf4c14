import { expect, test } from 'vitest'
import { catalog, formats, preferredLanguage, writeDate } from './index.ts'

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

const MONTHS = 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' ')
const SHORT = 'janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.'.split(' ')

test('in French a month begins on its “1er”, and its other days are plain figures', () => {
  const fr = formats('fr')
  for (let at = Date.UTC(2028, 0, 1, 1, 1); at < Date.UTC(2029, 0, 1); at += 86_400_000) {
    const day = new Date(at)
    const [n, month] = [day.getUTCDate(), day.getUTCMonth()]
    const said = n === 1 ? '1er' : String(n)
    expect(fr.date(day)).toBe(`${said} ${MONTHS[month]} 2028`)
    expect(fr.dateTime(day)).toBe(`${said} ${MONTHS[month]} 2028 à 01:01`)
    expect(fr.shortDate(day)).toBe(`${said} ${SHORT[month]}`)
    expect(fr.month(day)).toBe(`${MONTHS[month]} 2028`)
    expect(writeDate(day, { weekday: 'long', day: 'numeric', month: 'long' }, 'fr')).toMatch(
      new RegExp(`^\\p{L}+ ${said} ${MONTHS[month]}$`, 'u'),
    )
  }
  expect(writeDate(new Date('2026-02-01'), { day: '2-digit', month: '2-digit', year: 'numeric' }, 'fr')).toBe(
    '01/02/2026',
  )
  expect(formats('en').date(new Date('2026-01-01'))).toBe('1 January 2026')
})

test('which day it is, is read in the zone', () => {
  expect(formats('fr').date(new Date('2026-04-30T22:30:00Z'), 'Europe/Paris')).toBe('1er mai 2026')
  expect(formats('fr').date(new Date('2026-05-01T01:00:00Z'), 'America/Montreal')).toBe('30 avril 2026')
})
