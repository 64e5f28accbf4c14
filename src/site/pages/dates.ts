import { formats, type Lang } from '../../platform/i18n/index.ts'

/** Of an old recording the year may be all that is known. */
export type Precision = 'year' | 'month' | 'day'

const LENGTH: Record<Precision, number> = { year: 4, month: 7, day: 10 }

/** "2026", "November 2026", "23 November 2026". */
export function writtenDate(date: Date, precision: Precision = 'day', lang: Lang): string {
  if (precision === 'year') return String(date.getUTCFullYear())
  return formats(lang)[precision === 'month' ? 'month' : 'date'](date)
}

/** `2026`, `2026-11`, `2026-11-23`. */
export const isoDate = (date: Date, precision: Precision = 'day'): string =>
  date.toISOString().slice(0, LENGTH[precision])
