import { formats, type Lang } from '../../../platform/i18n/index.ts'

/** An ISO date in words, as precise as it is: "2026", "November 2026", "23 November 2026". */
export function dateWords(date: string | null, lang: Lang): string | null {
  if (!date) return null
  const [year = 0, month, day] = date.split('-').map(Number)
  if (month === undefined) return date
  const at = new Date(Date.UTC(year, month - 1, day ?? 1))
  return formats(lang)[day === undefined ? 'month' : 'date'](at)
}
