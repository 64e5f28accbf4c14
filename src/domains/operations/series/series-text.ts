import { formats, type Lang, writeDate } from '../../../platform/i18n/index.ts'
import { zoneName } from '../../identity/index.ts'
import { seriesWords } from '../words.ts'
import { momentOf, type Rhythm } from './series.rules.ts'

/** "Every two weeks on Friday at 18:00 (Europe/Paris)". */
export function rhythmText(rhythm: Rhythm, lang: Lang): string {
  const { unit, every, firstDay, hour, timeZone } = rhythm
  const values = { every, hour, zone: zoneName(timeZone) }
  const at = new Date(`${firstDay}T12:00:00Z`)
  if (unit === 'week') {
    const weekday = writeDate(at, { weekday: 'long' }, lang)
    return seriesWords(lang)('rhythm_week', { ...values, weekday })
  }
  const day = at.getUTCDate()
  return seriesWords(lang)(day > 28 ? 'rhythm_month_end' : 'rhythm_month', { ...values, day })
}

/** The moment of one, in the zone of the series. */
export const momentText = (rhythm: Rhythm, number: number, lang: Lang): string =>
  formats(lang).dateTime(momentOf(rhythm, number), rhythm.timeZone)
