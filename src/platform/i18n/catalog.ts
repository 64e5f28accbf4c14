import { IntlMessageFormat } from 'intl-messageformat'
import { elided, markElisions } from './elision.ts'
import { LANGUAGES, type Lang } from './languages.ts'

export type Values = Record<string, string | number | Date>
export type Words<K extends string> = (key: K, values?: Values) => string

/**
 * Builds the translator of one vocabulary from its two flat files of ICU MessageFormat texts.
 * `catalog({ en, fr })('fr')('play', { title })`. The types refuse a key that one language lacks.
 */
export function catalog<K extends string>(texts: Record<Lang, Record<K, string>>): (lang: Lang) => Words<K> {
  const translators = Object.fromEntries(LANGUAGES.map((lang) => [lang, translator(lang, texts[lang])]))
  return (lang) => translators[lang] as Words<K>
}

/** Names in braces and nothing else of ICU: most messages, put together without a machine. */
const PLAIN = /^(?:[^{}']|\{\w+\})*$/

const fill = (text: string, values: Values | undefined): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values?.[name]
    if (value === undefined) throw new Error(`No value for {${name}} in "${text}"`)
    return String(value)
  })

type Compiled = { fill(values: Values | undefined): string }

function compile(text: string, lang: Lang): Compiled {
  const { text: marked, elisions } = lang === 'fr' ? markElisions(text) : { text, elisions: [] }
  const withWords = elisions.length
    ? (values: Values | undefined) => elided(elisions, values)
    : (values?: Values) => values
  if (PLAIN.test(marked)) return { fill: (values) => fill(marked, withWords(values)) }
  const message = new IntlMessageFormat(marked, lang, undefined, { ignoreTag: true })
  return { fill: (values) => String(message.format(withWords(values))) }
}

function translator<K extends string>(lang: Lang, texts: Record<K, string>): Words<K> {
  const compiled = new Map<K, Compiled>()
  return (key, values) => {
    const text = texts[key]
    if (text === undefined) throw new Error(`No text for "${key}" in ${lang}`)
    if (!text.includes('{') && !text.includes("'")) return text
    let message = compiled.get(key)
    if (!message) {
      message = compile(text, lang)
      compiled.set(key, message)
    }
    return message.fill(values)
  }
}
