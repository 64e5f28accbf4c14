import type { Lang } from './languages.ts'

export const LOCALES: Record<Lang, string> = { en: 'en-GB', fr: 'fr-FR' }
const made = new Map<string, Intl.DateTimeFormat>()

/**
 * A moment as one language writes it, in `zone`, UTC unless told. All dates that people read come from here, since Intl writes the
 * first of a month in French as "1 janvier", where French writes "1er janvier".
 */
export function writeDate(value: Date, style: Intl.DateTimeFormatOptions, lang: Lang, zone = 'UTC'): string {
  const key = `${lang} ${zone} ${JSON.stringify(style)}`
  const format = made.get(key) ?? new Intl.DateTimeFormat(LOCALES[lang], { ...style, timeZone: zone })
  made.set(key, format)
  const text = format.format(value)
  if (lang !== 'fr' || !/1 \p{L}/u.test(text)) return text
  const parts = format.formatToParts(value)
  return parts.map(({ type, value }) => (type === 'day' && value === '1' ? '1er' : value)).join('')
}
