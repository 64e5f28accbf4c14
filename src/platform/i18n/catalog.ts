import { IntlMessageFormat } from 'intl-messageformat'
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

function translator<K extends string>(lang: Lang, texts: Record<K, string>): Words<K> {
  const compiled = new Map<K, IntlMessageFormat>()
  return (key, values) => {
    const text = texts[key]
    if (text === undefined) throw new Error(`No text for "${key}" in ${lang}`)
    if (!text.includes('{') && !text.includes("'")) return text
    if (PLAIN.test(text)) return fill(text, values)
    let message = compiled.get(key)
    if (!message) {
      message = new IntlMessageFormat(text, lang, undefined, { ignoreTag: true })
      compiled.set(key, message)
    }
    return String(message.format(values))
  }
}
