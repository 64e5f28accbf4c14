import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { checkLocales, compare, datesByHand, repeatedKeys, typography, unusedKeys } from './locales.mjs'

const NBSP = '\u00A0'
const roots = []
function house(files) {
  const root = mkdtempSync(join(tmpdir(), 'words-'))
  roots.push(root)
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), typeof content === 'string' ? content : JSON.stringify(content, null, 2))
  }
  return root
}
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true })
})

const CODE = `const t = words(lang)\nt('play', { title })\nt(\`state.\${state}\`)`
const EN = { play: 'Play “{title}”', 'state.open': 'It’s open' }
const FR = { play: `Écouter «${NBSP}{title}${NBSP}»`, 'state.open': 'C’est ouvert' }
const files = { 'src/site/home.tsx': CODE, 'src/site/locales/en.json': EN, 'src/site/locales/fr.json': FR }

describe('the words of a house', () => {
  test('pass when both languages say the same, each in its own way', () => {
    expect(checkLocales(house(files))).toEqual({ problems: [], folders: 1, keys: 2 })
  })

  test.each([
    ['a language is missing', { 'src/shop/locales/en.json': {} }, /shop\/locales\/fr\.json is missing/],
    [
      'a second vocabulary lacks a language',
      { 'src/site/locales/player.en.json': {} },
      /locales\/player\.fr\.json is missing/,
    ],
    [
      'a second vocabulary lacks a key',
      { 'src/site/locales/player.en.json': { play: 'Play' }, 'src/site/locales/player.fr.json': {} },
      /player\.\*: fr: "play" is missing/,
    ],
    ['a file is named after no language', { 'src/site/locales/words.json': {} }, /named after no language/],
    ['a key is missing in French', { 'src/site/locales/fr.json': { play: FR.play } }, /fr: "state.open" is missing/],
    ['a key is missing in English', { 'src/site/locales/en.json': { play: EN.play } }, /en: "state.open" is missing/],
    ['a text is empty', { 'src/site/locales/en.json': { ...EN, play: ' ' } }, /en: "play" is empty/],
    [
      'an argument has another name',
      { 'src/site/locales/en.json': { ...EN, play: 'Play {name}' } },
      /"play" asks for different/,
    ],
    ['a text is not ICU', { 'src/site/locales/en.json': { ...EN, play: 'Play {title' } }, /en: "play" is not ICU/],
    ['no code names a key', { 'src/site/home.tsx': `t('play')` }, /"state.open" is named nowhere in src\/site\//],
    [
      'a key is written twice',
      { 'src/site/locales/en.json': `{\n"play": "Play {title}",\n"play": "Play “{title}”",\n"state.open": "Open"\n}` },
      /"play" is written twice/,
    ],
    [
      'code writes dates by itself',
      { 'src/site/day.ts': `new Intl.DateTimeFormat(lang, { month: 'long' }).format(day)` },
      /src\/site\/day\.ts writes dates by itself/,
    ],
  ])('fail when %s', (_, planted, problem) => {
    const { problems } = checkLocales(house({ ...files, ...planted }))
    expect(problems.join('\n')).toMatch(problem)
    expect(problems).toHaveLength(1)
  })

  test('may differ in plurals, which languages do, but not in choices', () => {
    const fr = { songs: '{n, plural, one {# morceau} other {# morceaux}}' }
    expect(compare({ en: { songs: '{n} songs' }, fr })).toEqual([])
    expect(
      compare({
        en: { kind: '{kind, select, album {Album} other {Release}}' },
        fr: { kind: '{kind, select, single {Single} other {Parution}}' },
      }),
    ).toHaveLength(1)
  })

  test('are read in the slice they belong to: another slice’s code does not count', () => {
    const planted = { 'src/site/home.tsx': `t('play')`, 'src/studio/desk.tsx': `t('state.open')` }
    expect(checkLocales(house({ ...files, ...planted })).problems).toHaveLength(1)
  })
})

describe('French typography', () => {
  test.each([
    'C’est prêt.',
    `Vraiment${NBSP}?`,
    'Vraiment\u202F?',
    `«${NBSP}Oui${NBSP}»`,
    'Rendez-vous à 12:30 sur https://exemple.fr/?lang=fr',
    `{n, plural, one {# écoute} other {# écoutes}}${NBSP}: {titre}`,
    'Reste 50\u202F%',
    '{mail} a reçu un courriel',
  ])('leaves %s alone', (text) => expect(typography(text, 'fr')).toEqual([]))

  test.each([
    ["L''été", 'straight apostrophe'],
    ['Vraiment ?', 'plain space before a mark'],
    ['Vraiment?', 'no space before a mark'],
    ['{titre}: suite', 'no space before a mark'],
    [`{n, plural, one {Vrai ?} other {Vrai${NBSP}?}}`, 'plain space before a mark'],
    [`« Oui${NBSP}»`, 'plain space after «'],
    [`«${NBSP}Oui »`, 'plain space before a mark'],
    [`«Oui${NBSP}»`, 'no space after «'],
    [`«${NBSP}Oui»`, 'no space before »'],
    ['“Oui”', 'English quotation marks'],
    ['"Oui"', 'straight quotation marks'],
    [`Bravo${NBSP}!`, 'exclamation mark'],
    ['Attendez...', 'three dots'],
    ['Reste 50 %', 'plain space before a sign'],
    ['Par e-mail', 'English word for courriel'],
    ['Les mails', 'English word for courriel'],
  ])('marks %s', (text, words) => expect(typography(text, 'fr').join()).toContain(words))
})

describe('English typography', () => {
  test.each(['It’s ready.', '“Yes”, at 12:30', 'See https://example.org/?lang=en'])('leaves %s alone', (text) =>
    expect(typography(text, 'en')).toEqual([]),
  )

  test.each([
    ["It''s ready", 'straight apostrophe'],
    ['"Yes"', 'straight quotation marks'],
    [`Really${NBSP}?`, 'space before a mark'],
    ['«Yes»', 'French quotation marks'],
    ['Done!', 'exclamation mark'],
    ['Oops, gone', 'word that is not ours'],
    ['A &amp; B', 'HTML entity'],
  ])('marks %s', (text, words) => expect(typography(text, 'en').join()).toContain(words))
})

test('a date in a message is one that was written before', () => {
  const by = (text) => compare({ en: { by: text }, fr: { by: text } }).join('\n')
  expect(by('{at, date, long}')).toMatch(/en: "by" writes a date by itself(.|\n)*fr: "by" writes/)
  expect(by('{at}')).toBe('')
})

test('days counted by a machine are no dates for people', () => {
  const wanted = [
    "new Intl.DateTimeFormat('sv-SE', options)",
    'Intl.DateTimeFormat().resolvedOptions()',
    'value.toLocaleString()',
  ]
  expect(wanted.filter(datesByHand)).toEqual([])
  expect(
    ['new Intl.DateTimeFormat(LOCALES[lang])', 'day.toLocaleDateString()'].filter((code) => !datesByHand(code)),
  ).toEqual([])
})

test('a key is named by its text, by a property, or by the template that makes it', () => {
  const code = `t('one'); const errors = { two: 1 }; t(\`three.\${x}\`); t(\`\${x}_title\`)`
  expect(unusedKeys(['one', 'two', 'three.a', 'a_title', 'four'], code)).toEqual(['four'])
})

test('a key written twice is found', () => {
  expect(repeatedKeys('{\n "a": "1",\n "b": "2",\n "a": "3"\n}')).toEqual(['a'])
})
