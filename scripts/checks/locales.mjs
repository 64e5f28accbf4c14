/**
 * `node scripts/checks/locales.mjs [ROOT]`: the words shown to people, in both languages.
 *
 * For every `locales/` folder under src: the same keys in fr and en, the same ICU arguments and choices, no empty text,
 * the typography of each language, and no key that the code beside it never names, or names in vain. And dates are written in one
 * place, since Intl does not know the first of a month in French.
 */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { IntlMessageFormat } from 'intl-messageformat'

const LANGUAGES = ['en', 'fr']
/** Stands for an argument when the text around it is read: it counts as a letter. */
const ARGUMENT = '\uE000'

/** The kinds of parts in a parsed message, as intl-messageformat numbers them. */
const KIND = { literal: 0, argument: 1, number: 2, date: 3, time: 4, select: 5, plural: 6, pound: 7 }

/**
 * What a message asks for, and what it says.
 * @returns {{ asks: string[], says: string[] }} `asks`: its arguments with their kind and choices, sorted; `says`: each run of text
 * @throws when it is not ICU MessageFormat
 */
export function readMessage(text, language) {
  const asks = new Set()
  const says = []
  const read = (parts) => {
    let run = ''
    for (const part of parts) {
      if (part.type === KIND.literal) run += part.value
      else {
        run += ARGUMENT
        if (part.type === KIND.select)
          asks.add(`${part.value}: choice of ${Object.keys(part.options).sort().join(', ')}`)
        else if (part.type === KIND.date || part.type === KIND.time) asks.add(`${part.value}: moment`)
        // A language may need a plural where the other only prints the number.
        else if (part.type !== KIND.pound) asks.add(`${part.value}: value`)
        for (const option of Object.values(part.options ?? {})) read(option.value)
      }
    }
    says.push(run)
  }
  read(new IntlMessageFormat(text, language, undefined, { ignoreTag: true }).getAst())
  return { asks: [...asks].sort(), says }
}

/** What a printer would mark in the margin; each with the text that shows it. */
const TYPOGRAPHY = {
  both: [
    [/'/u, 'a straight apostrophe; write ’'],
    [/"/u, 'straight quotation marks'],
    [/!/u, 'an exclamation mark'],
    [/\.\.\./u, 'three dots; write …'],
    [/&[a-z]+;|&#/iu, 'an HTML entity; write the character'],
    [/^\s*(oops|whoops|oups)\b/iu, 'a word that is not ours'],
  ],
  en: [
    [/[\u00A0\u202F ][;:?!]/u, 'a space before a mark, which is French'],
    [/[«»]/u, 'French quotation marks; write “ ”'],
  ],
  fr: [
    [/ [:;!?»]/u, 'a plain space before a mark; write a no-break space (U+00A0 or U+202F)'],
    [/« /u, 'a plain space after «; write a no-break space'],
    [/«[^\u00A0\u202F ]/u, 'no space after «'],
    [/[^\u00A0\u202F ]»/u, 'no space before »'],
    [/[\p{L}\p{N})\uE000][:;!?](?=\s|$)/u, 'no space before a mark; write a no-break space (U+00A0 or U+202F)'],
    [/[“”„]/u, 'English quotation marks; write « »'],
    [/(?<![\p{L}_-])(e-)?mails?(?![\p{L}_-])/iu, 'an English word for courriel; an address is électronique'],
    [/\d (%|€)/u, 'a plain space before a sign; write a no-break space'],
  ],
}

/** What is wrong with one text, in words. */
export function typography(text, language) {
  const { says } = readMessage(text, language)
  return [...TYPOGRAPHY.both, ...TYPOGRAPHY[language]]
    .filter(([mark]) => says.some((run) => mark.test(run)))
    .map(([, words]) => words)
}

/** What is wrong between the two files of one folder, given as objects. */
export function compare(texts) {
  const problems = []
  const keys = new Set(LANGUAGES.flatMap((language) => Object.keys(texts[language])))
  for (const key of keys) {
    const asked = {}
    for (const language of LANGUAGES) {
      const text = texts[language][key]
      if (text === undefined) problems.push(`${language}: "${key}" is missing`)
      else if (typeof text !== 'string' || text.trim() === '') problems.push(`${language}: "${key}" is empty`)
      else {
        try {
          asked[language] = readMessage(text, language).asks.join('; ')
          if (asked[language].includes(': moment'))
            problems.push(`${language}: "${key}" writes a date by itself; give it one from formats(): ${text}`)
          for (const words of typography(text, language)) problems.push(`${language}: "${key}" has ${words}: ${text}`)
        } catch (error) {
          problems.push(`${language}: "${key}" is not ICU MessageFormat (${error.message}): ${text}`)
        }
      }
    }
    if (asked.en !== undefined && asked.fr !== undefined && asked.en !== asked.fr) {
      problems.push(`"${key}" asks for different things: en (${asked.en || 'nothing'}), fr (${asked.fr || 'nothing'})`)
    }
  }
  return problems
}

/**
 * Keys that no code names. A key counts as named when it stands between quotes anywhere in the code,
 * or when a template begins or ends it: `status.${status}`.
 */
export function unusedKeys(keys, code) {
  const beginnings = [...code.matchAll(/`([\w.-]+)\$\{/g)].map((match) => match[1])
  const ends = [...code.matchAll(/`\$\{[^}`]*\}([\w.-]+)`/g)].map((match) => match[1])
  return keys.filter((key) => {
    const quoted = [`'${key}'`, `"${key}"`, `\`${key}\``].some((literal) => code.includes(literal))
    const bareProperty = /^\w+$/.test(key) && new RegExp(`[{,]\\s*${key}:`).test(code)
    return (
      !quoted &&
      !bareProperty &&
      !beginnings.some((start) => key.startsWith(start)) &&
      !ends.some((end) => key.endsWith(end))
    )
  })
}

/** A JSON object's keys that are written twice: the last would win in silence. */
export function repeatedKeys(json) {
  const keys = [...json.matchAll(/^\s*"((?:[^"\\]|\\.)*)"\s*:/gm)].map((match) => match[1])
  return [...new Set(keys.filter((key, at) => keys.indexOf(key) !== at))]
}

/** Whether code writes a date in a language of its readers. One named on the spot ('sv-SE') is a machine's way to count days. */
export const datesByHand = (code) => /Intl\.DateTimeFormat\((?![)'])|\.toLocale(Date|Time)String\(/.test(code)

const FILE_NAME = new RegExp(`/((?:[\\w-]+\\.)*)(?:${LANGUAGES.join('|')})\\.json$`)

/** Where a vocabulary may be named: those of ui and platform anywhere, a slice's in the slice. */
const reach = (owner) => (/^src\/(ui|platform)\b/.test(owner) ? 'src/' : `${owner}/`)

/**
 * Everything that is wrong with the words of the house at `root`.
 * @returns {{ problems: string[], folders: number, keys: number }}
 */
export function checkLocales(root) {
  const problems = []
  const all = (pattern) => globSync(pattern, { cwd: root }).sort()
  const folders = [...new Set(all('src/**/locales/*.json').map(dirname))]
  const sources = all('src/**/*.{ts,tsx}').filter((file) => !/\.test\.tsx?$/.test(file))
  const read = (file) => readFileSync(join(root, file), 'utf8')
  let count = 0
  for (const folder of folders) {
    // `en.json`, or where a folder holds several vocabularies, `player.en.json`.
    const stems = new Set()
    for (const file of all(`${folder}/*.json`)) {
      const named = file.match(FILE_NAME)
      if (named) stems.add(named[1])
      else problems.push(`${file} is named after no language: ${LANGUAGES.join(' or ')} comes before .json`)
    }
    for (const stem of stems) {
      const texts = {}
      for (const language of LANGUAGES) {
        const file = `${folder}/${stem}${language}.json`
        if (!existsSync(join(root, file))) {
          problems.push(`${file} is missing`)
          continue
        }
        const json = read(file)
        for (const key of repeatedKeys(json)) problems.push(`${file}: "${key}" is written twice`)
        texts[language] = JSON.parse(json)
      }
      if (LANGUAGES.some((language) => !texts[language])) continue
      const place = stem ? `${folder}/${stem}*` : folder
      for (const problem of compare(texts)) problems.push(`${place}: ${problem}`)
      const keys = Object.keys(texts.en)
      count += keys.length
      const beside = reach(dirname(folder))
      const code = sources
        .filter((file) => file.startsWith(beside))
        .map(read)
        .join('\n')
      for (const key of unusedKeys(keys, code)) problems.push(`${place}: "${key}" is named nowhere in ${beside}`)
    }
  }
  for (const file of sources)
    if (!file.startsWith('src/platform/i18n/') && datesByHand(read(file)))
      problems.push(`${file} writes dates by itself: formats() or writeDate() of platform/i18n do`)
  return { problems, folders: folders.length, keys: count }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { problems, folders, keys } = checkLocales(resolve(process.argv[2] ?? '.'))
  for (const problem of problems) console.error(problem)
  console.log(
    `${folders} folders of words, ${keys} keys: ${problems.length === 0 ? 'the same in both languages' : `${problems.length} problems`}`,
  )
  process.exitCode = problems.length === 0 ? 0 : 1
}
