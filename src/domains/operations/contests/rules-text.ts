import { formats, type Lang } from '../../../platform/i18n/index.ts'
import type { ContestSort } from '../operation.rules.ts'
import { publicWords } from '../words.ts'

export type RulesOf = {
  artist: string
  title: string
  sort: ContestSort
  entriesUntil: Date
  endsAt: Date
  timeZone: string
  juryWeight: number
  mostEntries: number
  setsAside: boolean
  place: string
}

/** The rules of a contest, from the template of its language: who may, until when, how it is decided, and what becomes of what is sent in. */
export function rulesText(of: RulesOf, lang: Lang): string {
  const t = publicWords(lang)
  const { dateTime } = formats(lang)
  const values = {
    artist: of.artist,
    title: of.title,
    until: dateTime(of.entriesUntil, of.timeZone),
    end: dateTime(of.endsAt, of.timeZone),
    zone: of.timeZone.replaceAll('_', ' '),
    n: of.mostEntries,
    jury: of.juryWeight,
    vote: 100 - of.juryWeight,
    place: of.place,
  }
  const parts = [
    t('rules_who', values),
    t(`rules_own_${of.sort}`, values),
    t('rules_show', values),
    t(`rules_win_${of.sort}`, values),
    t('rules_look', values),
    t(of.setsAside ? 'rules_vote_aside' : 'rules_vote', values),
    methodText(of.juryWeight, lang),
    t('rules_data', values),
  ]
  return parts.map((part, n) => `${n + 1}. ${part}`).join('\n\n')
}

/** How the vote and the jury are put together, as the rules and the results say it. */
export function methodText(juryWeight: number, lang: Lang): string {
  const t = publicWords(lang)
  if (juryWeight === 0) return t('method_vote')
  if (juryWeight === 100) return t('method_jury')
  return t('method_both', { jury: juryWeight, vote: 100 - juryWeight })
}
