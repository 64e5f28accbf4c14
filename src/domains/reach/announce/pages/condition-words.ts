import type { Lang } from '../../../../platform/i18n/index.ts'
import type { Condition } from '../../segment.rules.ts'
import { announceWords } from '../../words.ts'

/** A condition as a sentence. `titles` names the subjects. */
export function conditionWords(condition: Condition, lang: Lang, titles: ReadonlyMap<string, string>): string {
  const t = announceWords(lang)
  const subject = (id: string | undefined) =>
    id === undefined ? t('any_music') : (titles.get(id) ?? t('something_gone'))
  const within = (days: number | undefined) => (days === undefined ? '' : t('within_days', { days }))
  const said = () => {
    switch (condition.is) {
      case 'language':
        return t('is_language', { language: t(condition.language === 'fr' ? 'in_fr' : 'in_en') })
      case 'country':
        return t('is_country', { country: countryName(condition.country, lang) })
      case 'place':
        return t('is_place', { place: condition.place })
      case 'channel':
        return t('is_channel', { channel: t(`channel_${condition.channel}`) })
      case 'joined':
        return condition.beforeDays === undefined
          ? t('is_joined_within', { days: condition.withinDays ?? 0 })
          : t('is_joined_before', { days: condition.beforeDays })
      case 'took':
        return t('is_took', { what: subject(condition.subject), within: within(condition.withinDays) })
      case 'listened':
        return t('is_listened', {
          what: subject(condition.subject),
          times: condition.atLeast,
          within: within(condition.withinDays),
        })
      case 'answered':
        return t('is_answered', { within: within(condition.withinDays) })
      case 'bought':
        return t('is_bought', { within: within(condition.withinDays) })
      case 'member':
        return t('is_member')
      case 'not-told':
        return t('is_not_told', { days: condition.forDays })
      case 'follows':
        return t('is_follows', { what: subject(condition.subject) })
      case 'not':
        return t('is_not', { condition: conditionWords(condition.condition, lang, titles) })
    }
  }
  return said().replace(/\s+$/, '')
}

export function countryName(code: string, lang: Lang): string {
  try {
    return new Intl.DisplayNames(lang, { type: 'region' }).of(code) ?? code
  } catch {
    return code
  }
}
