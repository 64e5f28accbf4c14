import { isDay } from '../../../../platform/days.ts'
import { isLang, type Lang } from '../../../../platform/i18n/index.ts'
import { fail, ok, type Result } from '../../../../platform/result.ts'
import { isZone } from '../../../../platform/zones.ts'
import type { FieldErrors } from '../../../../ui/forms.tsx'
import type { Posted } from '../../../identity/index.ts'
import { seriesWords } from '../../words.ts'
import type { SeriesFields } from '../edit-series.ts'
import type { Series } from '../series.views.ts'

const NAMES = ['title', 'words', 'language', 'unit', 'every', 'firstDay', 'hour', 'zone', 'count'] as const
/** As the form has it. */
export type SeriesTyped = Record<(typeof NAMES)[number], string>

export function seriesTyped(form: Posted): SeriesTyped {
  const typed = Object.fromEntries(NAMES.map((name) => [name, form.text(name)])) as SeriesTyped
  return { ...typed, title: typed.title.slice(0, 120) }
}

export const typedFromSeries = (series: Series): SeriesTyped => ({
  ...{ title: series.title, words: series.words, language: series.language, unit: series.unit },
  ...{ every: String(series.every), firstDay: series.firstDay, hour: series.hour, zone: series.timeZone },
  count: series.count === null ? '' : String(series.count),
})

export const nothingTyped = (language: Lang, zone: string): SeriesTyped => ({
  ...{ title: '', words: '', language, unit: 'week', every: '1', firstDay: '', hour: '18:00', zone, count: '' },
})

/** What the form says. `fixed`: once it is open its rhythm stays. */
export function readSeries(typed: SeriesTyped, lang: Lang, fixed: Series | null): Result<SeriesFields, FieldErrors> {
  const t = seriesWords(lang)
  const errors: FieldErrors = {}
  const whole = (text: string, to: number) =>
    /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= to ? Number(text) : null
  const hour = fixed?.hour ?? /^(?:[01]\d|2[0-3]):[0-5]\d(?=$|:)/.exec(typed.hour)?.[0] ?? ''
  const every = fixed?.every ?? whole(typed.every, 12) ?? 0
  const firstDay = fixed?.firstDay ?? typed.firstDay
  const timeZone = fixed?.timeZone ?? typed.zone
  const unit = fixed?.unit ?? (typed.unit === 'month' ? 'month' : 'week')
  const count = typed.count ? whole(typed.count, 520) : null
  if (!typed.title) errors['title'] = t('error_title')
  if (!every) errors['every'] = t('error_every')
  if (!isDay(firstDay) || firstDay < '2000' || firstDay > '2100') errors['firstDay'] = t('error_day')
  if (!hour) errors['hour'] = t('error_hour')
  if (!isZone(timeZone)) errors['zone'] = t('error_choice')
  if (typed.count && !count) errors['count'] = t('error_count')
  const { language } = typed
  if (!isLang(language)) errors['language'] = t('error_choice')
  if (Object.keys(errors).length || !isLang(language)) return fail(errors)
  const rhythm = { unit, every, firstDay, hour, timeZone, count }
  return ok({ title: typed.title, words: typed.words, language, rhythm })
}
