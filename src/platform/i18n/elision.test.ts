import { globSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { IntlMessageFormat } from 'intl-messageformat'
import { expect, test } from 'vitest'
import { markElisions } from './elision.ts'
import { catalog, elide } from './index.ts'

test.each([
  ['Ana', 'd’Ana'],
  ['Étienne', 'd’Étienne'],
  ['E\u0301tienne', 'd’E\u0301tienne'],
  ['Œdipe', 'd’Œdipe'],
  ['Ørsted', 'd’Ørsted'],
  ['Île', 'd’Île'],
  ['IAM', 'd’IAM'],
  ['un jour', 'd’un jour'],
  ['ana@example.org', 'd’ana@example.org'],
  ['Yves', 'd’Yves'],
  ['Yann', 'de Yann'],
  ['Yaël', 'de Yaël'],
  ['Y', 'de Y'],
  ['onze titres', 'de onze titres'],
  ['Oui', 'de Oui'],
  ['Ouistiti', 'd’Ouistiti'],
  ['One Day', 'de One Day'],
  ['Oneida', 'd’Oneida'],
  ['Once', 'de Once'],
  ['U2', 'de U2'],
  ['Léa', 'de Léa'],
  ['Hélène', 'de Hélène'],
  ['8 €', 'de 8 €'],
  ['11 mai', 'de 11 mai'],
  ['«\u00a0Aube\u00a0»', 'de «\u00a0Aube\u00a0»'],
  ['Аня', 'de Аня'],
  ['', 'de '],
])('before %s French says %s', (name, said) => expect(elide('de', name)).toBe(said))

const words = catalog({
  en: {
    journal: 'The journal of {name}',
    both: 'What {artist} wants from {fan}',
    came: '{n, plural, one {{name} brought somebody.} other {# people came by the links of {name}.}}',
    kind: '{kind, select, a {by {name}} other {by nobody}}',
    parts: 'almost {name}, whichever {name}, made by {name}',
    sound: 'The sound of “{title}”',
    much: 'What “{title}” brought',
  },
  fr: {
    journal: 'Le journal de {name}',
    both: 'Ce que {artist} attend de {fan}',
    came: '{n, plural, one {{name} a amené quelqu’un.} other {# personnes sont venues par les liens de {name}.}}',
    kind: '{kind, select, a {de {name}} other {de personne}}',
    parts: 'presque {name}, quelque {name}, Fait de\u00a0{name}',
    sound: 'Le son de «\u00a0{title}\u00a0»',
    much: 'Ce que «\u00a0{title}\u00a0» a rapporté',
  },
})

test('a French message elides before whoever it names, in plurals and choices as well; an English one never', () => {
  expect(words('fr')('journal', { name: 'Ana' })).toBe('Le journal d’Ana')
  expect(words('fr')('journal', { name: 'Léa' })).toBe('Le journal de Léa')
  expect(words('fr')('both', { artist: 'Ana', fan: 'Éric' })).toBe('Ce qu’Ana attend d’Éric')
  expect(words('fr')('both', { artist: 'Léa', fan: 'Léa' })).toBe('Ce que Léa attend de Léa')
  expect(words('fr')('came', { n: 3, name: 'Ana' })).toBe('3 personnes sont venues par les liens d’Ana.')
  expect(words('fr')('came', { n: 1, name: 'Ana' })).toBe('Ana a amené quelqu’un.')
  expect(words('fr')('kind', { kind: 'b' })).toBe('de personne')
  expect(words('fr')('parts', { name: 'Ana' })).toBe('presque Ana, quelque Ana, Fait d’Ana')
  expect(words('en')('journal', { name: 'Ana' })).toBe('The journal of Ana')
  expect(() => words('fr')('journal', {})).toThrow('name')
})

test('a title in quotation marks is elided before as it is said', () => {
  expect(words('fr')('sound', { title: 'Aube' })).toBe('Le son d’«\u00a0Aube\u00a0»')
  expect(words('fr')('sound', { title: 'Marée' })).toBe('Le son de «\u00a0Marée\u00a0»')
  expect(words('fr')('sound', { title: '11 mai' })).toBe('Le son de «\u00a011 mai\u00a0»')
  expect(words('fr')('much', { title: 'À la mer' })).toBe('Ce qu’«\u00a0À la mer\u00a0» a rapporté')
  expect(words('en')('sound', { title: 'Aube' })).toBe('The sound of “Aube”')
})

test('whatever the name, it stands in the message as it is, once, and braces in it mean nothing', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom('{name}', '{', 'A{artist}', "L'Œil", '$&', 'É$1')), (name) => {
      const said = words('fr')('journal', { name })
      expect([`Le journal de ${name}`, `Le journal d’${name}`]).toContain(said)
      expect(words('fr')('came', { n: 3, name }).endsWith(`${name}.`)).toBe(true)
    }),
  )
})

/** Arguments of a message that a word which ought to elide still stands before, even from outside of a choice. */
function left(text: string): string[] {
  const found: string[] = []
  type Part = { type: number; value: string; options?: Record<string, { value: Part[] }> }
  const read = (parts: Part[], before: string) => {
    let said = before
    for (const part of parts) {
      if (part.type === 1 && /(?<![\p{L}])(de|jusque|lorsque|puisque|que|quoique)\s+(«\s*)?$/iu.test(said))
        found.push(part.value)
      for (const option of Object.values(part.options ?? {})) read(option.value, said)
      said = part.type === 0 ? said + part.value : `${said}.`
    }
  }
  read(new IntlMessageFormat(text, 'fr', undefined, { ignoreTag: true }).getAst() as unknown as Part[], '')
  return found
}

test('no French message has a “de” or “que” before a name that would not elide', () => {
  expect(left('{n, plural, one {x} other {le nom de {name}}} de {who}')).toEqual(['name', 'who'])
  expect(left('le son de «\u00a0{title}\u00a0», que « {title} »')).toEqual(['title', 'title'])
  expect(left('de {n, plural, one {{name}} other {# noms}}')).toEqual(['name'])
  const texts = globSync('src/**/locales/*fr.json').flatMap((file) =>
    Object.values<string>(JSON.parse(readFileSync(file, 'utf8'))),
  )
  const marked = texts.map(markElisions)
  expect(marked.flatMap(({ elisions }) => elisions).length).toBeGreaterThan(100)
  expect(marked.filter(({ text }) => left(text).length)).toEqual([])
})
