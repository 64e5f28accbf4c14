import fc from 'fast-check'
import { expect, test } from 'vitest'
import { refine, refineTitle } from './type.ts'

test('French typed in a hurry comes out as a printer would set it', () => {
  expect(refine("C'est l'ete: venez! Pourquoi pas?", 'fr')).toBe('C’est l’ete\u00a0: venez\u202f! Pourquoi pas\u202f?')
  expect(refine('Elle dit "non" et s\'en va...', 'fr')).toBe('Elle dit «\u00a0non\u00a0» et s’en va…')
  expect(refine('Déjà là ! « Oui », 12 500 écoutes', 'fr-FR')).toBe(
    'Déjà là\u202f! «\u00a0Oui\u00a0», 12\u202f500 écoutes',
  )
  expect(refine('Quoi ?! Vraiment ?', 'fr')).toBe('Quoi\u202f?! Vraiment\u202f?')
})

test('English gets its own quotes and apostrophes', () => {
  expect(refine('She said "it\'s the players\' room"...', 'en')).toBe('She said “it’s the players’ room”…')
  expect(refine("back in the '90s, 'live' - more or less", 'en')).toBe('back in the ’90s, ‘live’ – more or less')
  expect(refine('Really? Yes: now!', 'en')).toBe('Really? Yes: now!')
})

test('hours, addresses and handles are left alone', () => {
  expect(refine('À 20:30, voir https://example.org/a?b=c!d ou @demo@example.org', 'fr')).toBe(
    'À 20:30, voir https://example.org/a?b=c!d ou @demo@example.org',
  )
  expect(refine('demo@example.org: écrivez', 'fr')).toContain('demo@example.org')
})

test('a text written to be slow takes no longer', () => {
  const long = 'a'.repeat(300_000)
  expect(refine(`${long} "b"`, 'en')).toBe(`${long} “b”`)
})

test('another language keeps its quotes and spaces', () => {
  expect(refine('"Hallo!" l\'altro', 'de')).toBe('"Hallo!" l’altro')
})

test('refining what is refined changes nothing', () => {
  const typed = fc.string({
    unit: fc.constantFrom(...'abé 0 1 \'"!?:;.,«»-…\u00a0\u202f\n()'.split('')),
    maxLength: 60,
  })
  fc.assert(
    fc.property(typed, fc.constantFrom('fr', 'en', 'de'), (text, lang) => {
      const once = refine(text, lang)
      expect(refine(once, lang)).toBe(once)
    }),
    { numRuns: 2000 },
  )
})

test('a title never starts a line with a lone sign', () => {
  expect(refineTitle("Qu'est-ce ? (suite...)")).toBe('Qu’est-ce\u00a0? (suite…)')
})
