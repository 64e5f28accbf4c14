import type { Lang } from '../../../platform/i18n/index.ts'
import { newId } from '../../../platform/ids.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import { isSubject, type Offer, type Subject } from '../../exchange/index.ts'
import type { Posted, Sender } from '../../identity/index.ts'
import type { Batch } from '../../shop/index.ts'
import {
  CHANNELS,
  type Condition,
  type Give,
  LABEL_TESTS,
  LABEL_WHENS,
  type Plan,
  type Step,
  TESTS,
  type Test,
  type Wait,
  WHENS,
  type When,
  type Words,
} from '../plan.rules.ts'
import type { Limit } from '../walk.rules.ts'
import { words } from '../words.ts'

const MOST_NAME = 120
const MOST_TITLE = 200
const MOST_BODY = 10_000

/** What may be named in a plan: music that is taken, heard or bought, operations that people take part in, what is given; and what may be asked at all. */
export type Choices = {
  isLabel: boolean
  whens: readonly When['is'][]
  asked: readonly Asked[]
  music: Offer[]
  operations: Offer[]
  all: Offer[]
  batches: Codes[]
}
/** A batch of codes of which one may be given. */
export type Codes = Pick<Batch, 'id' | 'name' | 'left' | 'subject'>

export const choicesOf = (sender: Sender, offers: Offer[], batches: Codes[]): Choices => ({
  ...choicesAsked('labelId' in sender),
  // What the letter is about must be to be seen.
  batches: batches.filter((batch) => offers.some(({ subject }) => subject === batch.subject)),
  all: offers,
  music: offers.filter(({ subject }) => /^(?:release|track):/.test(subject)),
  operations: offers.filter(({ subject }) => subject.startsWith('operation:')),
})

const whole = (text: string, most: number): number | null =>
  /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= most ? Number(text) : null

/** `''`: any. What stands there already stays, though it may be gone by now. */
function subjectFrom(text: string, offers: Offer[], before: Subject | null): Subject | null | undefined {
  if (!text) return null
  if (!isSubject(text)) return undefined
  return text === before || offers.some(({ subject }) => subject === text) ? text : undefined
}

export const WHEN_FIELDS = ['name', 'when', 'music', 'operation', 'weeks', 'again'] as const
/** As a form has it. */
export type Typed = Record<string, string>

export const typedOf = (form: Posted, names: readonly string[]): Typed =>
  Object.fromEntries(names.map((name) => [name, form.text(name)]))

export const whenTyped = (name: string, { when, again }: Pick<Plan, 'when' | 'again'>): Typed => ({
  name,
  when: when.is,
  music: (when.is === 'took' || when.is === 'bought') && when.subject ? when.subject : '',
  operation: when.is === 'part' && when.subject ? when.subject : '',
  weeks: when.is === 'silent' ? String(when.weeks) : '',
  again: again ? 'on' : '',
})

export const nothingTyped: Typed = { name: '', when: 'joined', music: '', operation: '', weeks: '', again: '' }

export function readWhen(
  typed: Typed,
  choices: Choices,
  before: Plan | null,
  lang: Lang,
): Result<{ name: string; when: When; again: boolean }, FieldErrors> {
  const t = words(lang)
  const errors: FieldErrors = {}
  const name = (typed['name'] ?? '').normalize('NFC').replace(/\s+/g, ' ').slice(0, MOST_NAME)
  if (!name) errors['name'] = t('error_name')
  const is = choices.whens.find((one) => one === typed['when'])
  const was = before && 'subject' in before.when ? before.when.subject : null
  const when = (): When | null => {
    if (is === 'joined') return { is }
    if (is === 'silent') {
      const weeks = whole(typed['weeks'] ?? '', 104)
      if (weeks === null) errors['weeks'] = t('error_weeks')
      return weeks === null ? null : { is, weeks }
    }
    if (!is) {
      errors['when'] = t('error_choice')
      return null
    }
    const field = is === 'part' ? 'operation' : 'music'
    const subject = subjectFrom(typed[field] ?? '', is === 'part' ? choices.operations : choices.music, was)
    if (subject === undefined) errors[field] = t('error_choice')
    return subject === undefined ? null : { is, subject }
  }
  const read = when()
  return read && !Object.keys(errors).length ? ok({ name, when: read, again: typed['again'] === 'on' }) : fail(errors)
}

/** What a new step is before anybody said more. */
export function newStep(kind: string, channels: Give['channels'], sender: Sender): Step | null {
  const id = newId()
  switch (kind) {
    case 'wait':
      return { id, kind, count: 3, unit: 'day', hour: '18:00' }
    case 'condition':
      return {
        ...{ id, kind, not: false, otherwise: 'stop' as const },
        test: { is: 'labelId' in sender ? 'answered' : 'listened', subject: null, since: 'entered' },
      }
    case 'give':
      return { id, kind, giveId: newId(), channels, subject: null, take: false, texts: {}, letterId: null }
    case 'stop':
      return { id, kind }
    default:
      return null
  }
}

export const STEP_FIELDS = {
  wait: ['count', 'unit', 'hour'],
  condition: ['not', 'test', 'since', 'music', 'operation', 'place', 'otherwise'],
  give: ['subject', 'take', 'batch', 'channels', 'title_en', 'body_en', 'title_fr', 'body_fr'],
} as const

type Edited = Wait | Condition | Give

/** The tests that a form offers: each channel is one of its own. */
type Asked = Exclude<Test['is'], 'channel'> | Give['channels'][number]

const askedOf = (tests: readonly Test['is'][]): Asked[] =>
  tests.flatMap((test): Asked[] => (test === 'channel' ? [...CHANNELS] : [test]))

/** What may be asked of a label's fans is less (docs/decisions/0119). */
const choicesAsked = (isLabel: boolean): Pick<Choices, 'isLabel' | 'whens' | 'asked'> => ({
  isLabel,
  whens: isLabel ? LABEL_WHENS : WHENS,
  asked: askedOf(isLabel ? LABEL_TESTS : TESTS),
})

export function stepTyped(step: Edited): Typed {
  switch (step.kind) {
    case 'wait':
      return { count: String(step.count), unit: step.unit, hour: step.hour ?? '' }
    case 'condition': {
      const { test, not, otherwise } = step
      const subject = 'subject' in test ? (test.subject ?? '') : ''
      return {
        not: not ? 'not' : '',
        test: test.is === 'channel' ? test.channel : test.is,
        since: 'since' in test ? test.since : 'entered',
        music: test.is === 'part' ? '' : subject,
        operation: test.is === 'part' ? subject : '',
        place: test.is === 'place' ? test.place : '',
        otherwise,
      }
    }
    case 'give':
      return {
        subject: step.subject ?? '',
        take: step.take ? 'on' : '',
        batch: step.batch ?? '',
        channels: step.channels.join(' '),
        ...Object.fromEntries(
          (['en', 'fr'] as const).flatMap((language) => [
            [`title_${language}`, step.texts[language]?.title ?? ''],
            [`body_${language}`, step.texts[language]?.body ?? ''],
          ]),
        ),
      }
  }
}

export function stepPosted(step: Edited, form: Posted): Typed {
  const typed = typedOf(form, STEP_FIELDS[step.kind])
  return step.kind === 'give' ? { ...typed, channels: form.texts('channels').join(' ') } : typed
}

export function readStep(step: Edited, typed: Typed, choices: Choices, lang: Lang): Result<Edited, FieldErrors> {
  const errors: FieldErrors = {}
  const read =
    step.kind === 'wait'
      ? readWait(step, typed, errors, lang)
      : step.kind === 'condition'
        ? readCondition(step, typed, choices, errors, lang)
        : readGive(step, typed, choices, errors, lang)
  return Object.keys(errors).length ? fail(errors) : ok(read)
}

function readWait(step: Wait, typed: Typed, errors: FieldErrors, lang: Lang): Wait {
  const t = words(lang)
  const count = whole(typed['count'] ?? '', 365)
  if (count === null) errors['count'] = t('error_count')
  const hour = /^(?:[01]\d|2[0-3]):[0-5]\d(?=$|:)/.exec(typed['hour'] ?? '')?.[0] ?? null
  if (typed['hour'] && !hour) errors['hour'] = t('error_hour')
  return { ...step, count: count ?? step.count, unit: typed['unit'] === 'week' ? 'week' : 'day', hour }
}

function readCondition(step: Condition, typed: Typed, choices: Choices, errors: FieldErrors, lang: Lang): Condition {
  const t = words(lang)
  const asked = choices.asked.find((one) => one === typed['test'])
  const was = 'subject' in step.test ? step.test.subject : null
  const since = typed['since'] === 'ever' ? ('ever' as const) : ('entered' as const)
  const test = (): Test => {
    switch (asked) {
      case undefined:
        errors['test'] = t('error_choice')
        return step.test
      case 'mail':
      case 'sms':
      case 'push':
        return { is: 'channel', channel: asked }
      case 'place': {
        const place = clean(typed['place'] ?? '', 100)
        if (!place) errors['place'] = t('error_place')
        return { is: asked, place }
      }
      case 'answered':
        return { is: asked, subject: null, since }
      default: {
        const field = asked === 'part' ? 'operation' : 'music'
        const subject = subjectFrom(typed[field] ?? '', asked === 'part' ? choices.operations : choices.music, was)
        if (subject === undefined) errors[field] = t('error_choice')
        return { is: asked, subject: subject ?? null, since }
      }
    }
  }
  return {
    ...step,
    test: test(),
    not: typed['not'] === 'not',
    otherwise: typed['otherwise'] === 'skip' ? 'skip' : 'stop',
  }
}

const clean = (text: string, most: number) =>
  text.normalize('NFC').replaceAll('\0', '').replace(/\s+/g, ' ').trim().slice(0, most)

function readGive(step: Give, typed: Typed, choices: Choices, errors: FieldErrors, lang: Lang): Give {
  const t = words(lang)
  const subject = subjectFrom(typed['subject'] ?? '', choices.all, step.subject)
  if (subject === undefined) errors['subject'] = t('error_choice')
  const batch = typed['batch'] || null
  const codes = choices.batches.find(({ id }) => id === batch)
  if (batch && !codes && batch !== step.batch) errors['batch'] = t('error_choice')
  const said = (typed['channels'] ?? '').split(' ')
  const channels = CHANNELS.filter((channel) => said.includes(channel))
  if (!channels.length) errors['channels'] = t('error_channels')
  const texts: Words = {}
  for (const language of ['en', 'fr'] as const) {
    const title = clean(typed[`title_${language}`] ?? '', MOST_TITLE)
    const body = (typed[`body_${language}`] ?? '').normalize('NFC').replaceAll('\0', '').slice(0, MOST_BODY)
    if (title || body) texts[language] = { title, body }
  }
  // What a code gives is what the letter is about.
  const about = batch ? (codes?.subject ?? step.subject) : (subject ?? null)
  // What a label gives may be somebody else's from then on, in whose books it is another gift.
  const giveId = choices.isLabel && about !== step.subject ? newId() : step.giveId
  const take = !choices.isLabel && !batch && typed['take'] === 'on'
  return { ...step, giveId, subject: about, take, batch, channels, texts }
}

export function readLimit(typed: Typed, lang: Lang): Result<Limit, FieldErrors> {
  const t = words(lang)
  const errors: FieldErrors = {}
  const most = whole(typed['most'] ?? '', 50)
  const days = whole(typed['days'] ?? '', 90)
  if (most === null) errors['most'] = t('error_most')
  if (days === null) errors['days'] = t('error_days')
  return most !== null && days !== null ? ok({ most, days }) : fail(errors)
}

/** The steps after the one that was pressed moved or went; null for what is not there. */
export function moveStep(steps: Step[], id: string, how: 'up' | 'down' | 'out'): Step[] | null {
  const at = steps.findIndex((step) => step.id === id)
  const step = steps[at]
  if (!step) return null
  const others = steps.filter((one) => one !== step)
  return how === 'out' ? others : others.toSpliced(Math.max(at + (how === 'up' ? -1 : 1), 0), 0, step)
}
