import type { Lang } from '../../platform/i18n/index.ts'

const LOCALES: Record<Lang, string> = { en: 'en-GB', fr: 'fr-FR' }
const STYLES = {
  /** "December 2026". */
  month: { month: 'long', year: 'numeric' },
  /** "December". */
  monthName: { month: 'long' },
  /** "Friday 4 December". */
  day: { weekday: 'long', day: 'numeric', month: 'long' },
  /** "4 December". */
  date: { day: 'numeric', month: 'long' },
  /** "Friday". */
  weekdayName: { weekday: 'long' },
  /** "Fri". */
  weekday: { weekday: 'short' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>
const made = new Map<string, Intl.DateTimeFormat>()

/** A day (YYYY-MM-DD) in words. */
export function dayWords(day: string, style: keyof typeof STYLES, lang: Lang): string {
  const format = made.get(lang + style) ?? new Intl.DateTimeFormat(LOCALES[lang], { ...STYLES[style], timeZone: 'UTC' })
  made.set(lang + style, format)
  return format.format(new Date(`${day}T00:00:00Z`)).replace(/(?<=^|\s)1(?= [a-zéû]+$)/u, lang === 'fr' ? '1er' : '1')
}
