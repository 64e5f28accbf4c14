import { type Lang, writeDate } from '../../platform/i18n/index.ts'

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

/** A day (YYYY-MM-DD) in words. */
export const dayWords = (day: string, style: keyof typeof STYLES, lang: Lang): string =>
  writeDate(new Date(`${day}T00:00:00Z`), STYLES[style], lang)
