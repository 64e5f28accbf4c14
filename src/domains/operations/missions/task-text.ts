import type { Lang } from '../../../platform/i18n/index.ts'
import { missionWords } from '../words.ts'
import type { Thanks } from './mission.rules.ts'
import type { Task } from './mission.views.ts'

/** Titles by subject, of what tasks are about and give. */
export type Titles = ReadonlyMap<string, { title: string; path: string }>

export const languageName = (code: string | null, lang: Lang): string =>
  (code && new Intl.DisplayNames([lang], { type: 'language', fallback: 'code' }).of(code)) || ''

export const titleOf = (subject: string | null, titles: Titles, lang: Lang): string =>
  titles.get(subject ?? '')?.title ?? missionWords(lang)('gone_subject')

/** What is asked, as a heading: "Bring three people". */
export function taskTitle(
  task: Pick<Task, 'kind' | 'times' | 'subject' | 'language'>,
  titles: Titles,
  lang: Lang,
): string {
  const t = missionWords(lang)
  return task.kind === 'translate'
    ? t('task_translate', { of: titleOf(task.subject, titles, lang), into: languageName(task.language, lang) })
    : t(`task_${task.kind}`, { n: task.times })
}

/** What can be downloaded or redeemed in thanks, as parts of a sentence. `batches`: what each batch gives. */
export function thingsGiven(
  thanks: Thanks,
  titles: Titles,
  batches: ReadonlyMap<string, string>,
  lang: Lang,
): string[] {
  const t = missionWords(lang)
  return [
    ...(thanks.subject ? [t('thanks_download', { title: titleOf(thanks.subject, titles, lang) })] : []),
    ...(thanks.batch ? [t('thanks_a_code', { title: titleOf(batches.get(thanks.batch) ?? null, titles, lang) })] : []),
  ]
}

/** All that the page has to name. */
export const subjectsIn = (
  forAll: Thanks,
  tasks: readonly Pick<Task, 'subject' | 'thanks'>[],
  batches: ReadonlyMap<string, string>,
): string[] =>
  [forAll, ...tasks.map(({ thanks }) => thanks)]
    .flatMap(({ subject, batch }) => [subject, batch && batches.get(batch)])
    .concat(tasks.map(({ subject }) => subject))
    .filter((subject) => typeof subject === 'string' && subject !== '') as string[]
