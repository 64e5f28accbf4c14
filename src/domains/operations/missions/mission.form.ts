import { isLang, type Lang } from '../../../platform/i18n/index.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { fromLocal, isZone, toLocal } from '../../../platform/zones.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import type { Offer } from '../../exchange/index.ts'
import type { Posted } from '../../identity/index.ts'
import { SONG_LANGUAGES } from '../../music/index.ts'
import { missionWords } from '../words.ts'
import type { MissionFields, TaskFields } from './edit-mission.ts'
import { MOST_TIMES, type TaskKind, type Thanks } from './mission.rules.ts'
import type { Mission, Task } from './mission.views.ts'

type ThanksTyped = Record<'thanks' | 'gift' | 'batch', string>
export type MissionTyped = ThanksTyped & Record<'title' | 'words' | 'language' | 'endsAt' | 'zone', string>
export type TaskTyped = ThanksTyped & Record<'words' | 'times' | 'subject' | 'into', string>

/** What can be given and asked about: what can be downloaded, batches with codes, what is public. */
export type Choices = {
  gifts: Offer[]
  batches: { id: string; name: string; left: number }[]
  /** What may be passed on, and what has words to translate. */
  passOn: Offer[]
  worded: Offer[]
}

const WORDS = 2000
const thanksTyped = (form: Posted): ThanksTyped => ({
  thanks: form.text('thanks').slice(0, WORDS),
  gift: form.text('gift'),
  batch: form.text('batch'),
})
const typedThanks = ({ words, subject, batch }: Thanks): ThanksTyped => ({
  thanks: words,
  gift: subject ?? '',
  batch: batch ?? '',
})

export const missionTyped = (form: Posted): MissionTyped => ({
  ...thanksTyped(form),
  title: form.text('title').slice(0, 120),
  words: form.text('words'),
  language: form.text('language'),
  endsAt: form.text('endsAt'),
  zone: form.text('zone'),
})

export const typedFromMission = (mission: Mission): MissionTyped => ({
  ...typedThanks(mission.thanks),
  ...{ title: mission.title, words: mission.words, language: mission.language, zone: mission.timeZone },
  endsAt: mission.endsAt ? toLocal(mission.endsAt, mission.timeZone) : '',
})

export const noMissionTyped = (language: Lang, zone: string): MissionTyped => ({
  ...{ title: '', words: '', language, endsAt: '', zone, thanks: '', gift: '', batch: '' },
})

export const taskTyped = (form: Posted): TaskTyped => ({
  ...thanksTyped(form),
  words: form.text('words').slice(0, 5000),
  times: form.text('times'),
  subject: form.text('subject'),
  into: form.text('into'),
})

export const typedFromTask = (task: Task): TaskTyped => ({
  ...typedThanks(task.thanks),
  ...{ words: task.words, times: String(task.times), subject: task.subject ?? '', into: task.language ?? '' },
})

export const noTaskTyped = (kind: TaskKind): TaskTyped => ({
  ...{ words: '', times: kind === 'bring' ? '3' : '1', subject: '', into: '', thanks: '', gift: '', batch: '' },
})

/** What is given, with what is wrong written into `errors`. What was chosen before may stay, though it is not offered any more. */
function readThanks(
  typed: ThanksTyped,
  choices: Choices,
  before: Thanks | null,
  errors: FieldErrors,
  lang: Lang,
): Thanks {
  const t = missionWords(lang)
  const { thanks: words, gift, batch } = typed
  if (gift && gift !== before?.subject && !choices.gifts.some(({ subject }) => subject === gift))
    errors['gift'] = t('error_choice')
  if (batch && batch !== before?.batch && !choices.batches.some(({ id }) => id === batch))
    errors['batch'] = t('error_choice')
  return { words, subject: gift || null, batch: batch || null }
}

/** What the form says. `mission`: what is saved so far; once it is open its zone stays. */
export function readMission(
  typed: MissionTyped,
  choices: Choices,
  lang: Lang,
  mission: Mission | null,
): Result<MissionFields, FieldErrors> {
  const t = missionWords(lang)
  const errors: FieldErrors = {}
  const timeZone = mission && mission.state !== 'draft' ? mission.timeZone : typed.zone
  const { title, words, language } = typed
  if (!title) errors['title'] = t('error_title')
  if (!isZone(timeZone)) errors['zone'] = t('error_choice')
  const endsAt = typed.endsAt ? fromLocal(typed.endsAt, isZone(timeZone) ? timeZone : 'UTC') : null
  if (typed.endsAt && !endsAt) errors['endsAt'] = t('error_moment')
  const thanks = readThanks(typed, choices, mission?.thanks ?? null, errors, lang)
  if (!isLang(language)) errors['language'] = t('error_choice')
  if (Object.keys(errors).length || !isLang(language)) return fail(errors)
  return ok({ title, words, language, timeZone, endsAt, thanks })
}

/** What the form of a task says. `task`: what is saved so far. */
export function readTask(
  kind: TaskKind,
  typed: TaskTyped,
  choices: Choices,
  lang: Lang,
  task: Task | null,
): Result<TaskFields, FieldErrors> {
  const t = missionWords(lang)
  const errors: FieldErrors = {}
  const isText = kind === 'translate'
  const times = isText ? 1 : /^\d{1,3}$/.test(typed.times) ? Number(typed.times) : 0
  if (times < 1 || times > MOST_TIMES) errors['times'] = t('error_times', { most: MOST_TIMES })
  const of = kind === 'bring' ? choices.passOn : isText ? choices.worded : []
  const subject = of.find((offer) => offer.subject === typed.subject)?.subject ?? null
  const isKept = task?.subject === typed.subject
  if ((kind === 'bring' || isText) && !subject && !isKept) errors['subject'] = t('error_choice')
  if (isText && !SONG_LANGUAGES.includes(typed.into)) errors['into'] = t('error_choice')
  const thanks = readThanks(typed, choices, task?.thanks ?? null, errors, lang)
  if (Object.keys(errors).length) return fail(errors)
  return ok({
    ...{ kind, words: typed.words, times, thanks },
    subject: subject ?? (isKept ? (task?.subject ?? null) : null),
    language: isText ? typed.into : null,
  })
}
