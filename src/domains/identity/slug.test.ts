import { expect, test } from 'vitest'
import { isReserved } from './reserved.rules.ts'
import { slugify } from './slug.rules.ts'
import { sortNameOf } from './sort-name.rules.ts'

test('names become addresses that one can read aloud', () => {
  expect(slugify('Étude nº 4, “L’Été”')).toBe('etude-no-4-l-ete')
  expect(slugify('Don’t Look Back')).toBe('dont-look-back')
  expect(slugify('Sigur Rós & Ægir')).toBe('sigur-ros-aegir')
  expect(slugify('Straße İstanbul Łódź')).toBe('strasse-istanbul-lodz')
  expect(slugify('ＷＩＤＥ')).toBe('wide')
})

test('other scripts keep their letters, with the marks that belong to them', () => {
  expect(slugify('がらくた 第4番')).toBe('がらくた-第4番')
  expect(slugify('Кино')).toBe('кино')
  expect(slugify('हिन्दी')).toBe('हिन्दी')
  expect(slugify('か\u3099')).toBe('が')
})

test('a name of signs alone has no address of its own', () => {
  expect(slugify('!!!')).toBe('')
  expect(slugify('—', 'untitled')).toBe('untitled')
})

test('a long name is cut between words', () => {
  const slug = slugify('The Ballad of a Very Long Name That Somebody Thought Would Be Funny on a Poster')
  expect(slug.length).toBeLessThanOrEqual(60)
  expect(slug).toBe('the-ballad-of-a-very-long-name-that-somebody-thought-would')
})

test('what the program needs is refused to names', () => {
  for (const slug of ['studio', 'media', 'rest', '1', '.well-known', 'search', 'sitemap.xml', 'en', ''])
    expect(isReserved(slug)).toBe(true)
  expect(isReserved('etude')).toBe(false)
})

test('names are filed as in a record shop', () => {
  expect(sortNameOf('The Four Windows')).toBe('Four Windows, The')
  expect(sortNameOf('L’Orchestre')).toBe('Orchestre, L’')
  expect(sortNameOf('Les Quatre Vents')).toBe('Quatre Vents, Les')
  expect(sortNameOf('Theodora')).toBe('Theodora')
  expect(sortNameOf('The')).toBe('The')
})
