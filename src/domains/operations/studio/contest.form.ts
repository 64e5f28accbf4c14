import { isLang, type Lang } from '../../../platform/i18n/index.ts'
import { isId } from '../../../platform/ids.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { fromLocal, isZone, toLocal } from '../../../platform/zones.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import type { Posted } from '../../identity/index.ts'
import type { Contest } from '../contests/contest.views.ts'
import type { ContestFields } from '../edit-operation.ts'
import { CONTEST_SORTS } from '../operation.rules.ts'
import { words } from '../words.ts'

/** As the form has it. */
export type Typed = Record<
  'title' | 'words' | 'language' | 'sort' | 'release' | 'entriesUntil' | 'endsAt' | 'zone' | 'jury' | 'most',
  string
> & { stems: string[] }

export const typedOf = (form: Posted): Typed => ({
  title: form.text('title').slice(0, 120),
  words: form.text('words'),
  language: form.text('language'),
  sort: form.text('sort'),
  release: form.text('release'),
  entriesUntil: form.text('entriesUntil'),
  endsAt: form.text('endsAt'),
  zone: form.text('zone'),
  jury: form.text('jury'),
  most: form.text('most'),
  stems: form.texts('stems'),
})

export const typedFrom = (contest: Contest): Typed => ({
  title: contest.title,
  words: contest.words,
  language: contest.language,
  sort: contest.sort,
  release: contest.releaseId ?? '',
  entriesUntil: contest.entriesUntil ? toLocal(contest.entriesUntil, contest.timeZone) : '',
  endsAt: contest.endsAt ? toLocal(contest.endsAt, contest.timeZone) : '',
  zone: contest.timeZone,
  jury: String(contest.juryWeight),
  most: String(contest.mostEntries),
  stems: contest.stems,
})

export const nothingTyped = (language: Lang, zone: string): Typed => ({
  ...{ title: '', words: '', language, sort: 'sleeve', release: '', entriesUntil: '', endsAt: '', zone },
  ...{ jury: '50', most: '1', stems: [] },
})

/** What the form says. `releases`: null where they may choose none. `fixed`: what cannot change any more, once it is open. */
export function readContest(
  typed: Typed,
  releases: readonly { id: string }[] | null,
  lang: Lang,
  fixed: Contest | null,
): Result<ContestFields, FieldErrors> {
  const t = words(lang)
  const errors: FieldErrors = {}
  const zone = fixed?.timeZone ?? typed.zone
  if (!typed.title) errors['title'] = t('error_title')
  if (!isZone(zone)) errors['zone'] = t('error_zone')
  const moment = (name: 'entriesUntil' | 'endsAt') => {
    const at = typed[name] ? fromLocal(typed[name], isZone(zone) ? zone : 'UTC') : null
    if (typed[name] && !at) errors[name] = t('error_moment')
    return at
  }
  const entriesUntil = moment('entriesUntil')
  const endsAt = moment('endsAt')
  if (entriesUntil && endsAt && endsAt <= entriesUntil) errors['endsAt'] = t('error_order')
  const number = (text: string, from: number, to: number) =>
    /^\d{1,3}$/.test(text) && Number(text) >= from && Number(text) <= to ? Number(text) : null
  const juryWeight = fixed ? fixed.juryWeight : number(typed.jury, 0, 100)
  if (juryWeight === null) errors['jury'] = t('error_jury')
  const mostEntries = fixed ? fixed.mostEntries : number(typed.most, 1, 5)
  if (mostEntries === null) errors['most'] = t('error_most')
  const sort = fixed?.sort ?? CONTEST_SORTS.find((one) => one === typed.sort) ?? 'sleeve'
  if (releases && typed.release && !releases.some(({ id }) => id === typed.release))
    errors['release'] = t('error_choice')
  if (!isLang(typed.language)) errors['language'] = t('error_choice')
  if (Object.keys(errors).length || juryWeight === null || mostEntries === null || !isLang(typed.language))
    return fail(errors)
  return ok({
    ...{ title: typed.title, words: typed.words, language: typed.language, timeZone: zone, sort },
    ...{
      releaseId: (releases && typed.release) || null,
      entriesUntil,
      endsAt,
      juryWeight,
      mostEntries,
      stems: releases ? typed.stems.filter(isId) : [],
    },
  })
}
