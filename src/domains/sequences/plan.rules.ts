import type { Lang } from '../../platform/i18n/index.ts'
import type { Subject } from '../exchange/index.ts'
import type { Channel } from '../fans/index.ts'

/** What somebody does, or no longer does, that lets them in. `subject`: this alone, with what belongs to it. */
export type When =
  | { is: 'joined' }
  | { is: 'took'; subject: Subject | null }
  | { is: 'bought'; subject: Subject | null }
  | { is: 'part'; subject: Subject | null }
  | { is: 'silent'; weeks: number }

export type Deed = 'listened' | 'took' | 'bought' | 'answered' | 'part'

/** What a condition asks. `since`: from the moment on that let them in, or ever. */
export type Test =
  | { is: Deed; subject: Subject | null; since: 'entered' | 'ever' }
  | { is: 'channel'; channel: Channel }
  /** A town, compared without case and accents. */
  | { is: 'place'; place: string }

export type Words = Partial<Record<Lang, { title: string; body: string }>>

export type Wait = {
  id: string
  kind: 'wait'
  count: number
  unit: 'day' | 'week' /** `18:00`; null: to the minute. */
  hour: string | null
}
/** Does it not hold, they stop, or what is given next is passed over with all that stands before it. */
export type Condition = { id: string; kind: 'condition'; not: boolean; test: Test; otherwise: 'stop' | 'skip' }
export type Give = {
  id: string
  kind: 'give'
  /** What is given stays itself from one version to the next; its words may not. */
  giveId: string
  channels: Channel[]
  subject: Subject | null
  /** By the link of a mail they take it home at once, without giving their address again. */
  take?: boolean
  /** By its link each comes to a code of their own, of this batch; what the codes are for is its subject. */
  batch?: string | null
  texts: Words
  /** Its words as they leave, once the version is fixed. */
  letterId: string | null
  /** The artist whose it is, when a label gives it: known once the version is fixed. */
  givenBy?: string | null
}
export type Stop = { id: string; kind: 'stop' }
export type Step = Wait | Condition | Give | Stop

export type Plan = {
  when: When
  /** Whoever was in it once may come in again, once they are through. */
  again: boolean
  timeZone: string
  steps: Step[]
}

export const MOST_STEPS = 30
/** What may be laid down for the fans of a label: what they listen to, take and buy is between them and the artist whose music it is, and labels have no operations. */
export const LABEL_WHENS = ['joined', 'silent'] as const satisfies When['is'][]
export const LABEL_TESTS = ['answered', 'channel', 'place'] as const satisfies Test['is'][]

export const CHANNELS = ['mail', 'sms', 'push'] as const satisfies Channel[]
export const WHENS = ['joined', 'took', 'bought', 'part', 'silent'] as const satisfies When['is'][]
export const TESTS = [
  'listened',
  'took',
  'bought',
  'answered',
  'part',
  'channel',
  'place',
] as const satisfies Test['is'][]

export const givesOf = ({ steps }: Plan): Give[] => steps.filter((step): step is Give => step.kind === 'give')

export const isWritten = ({ texts }: Give): boolean =>
  Object.values(texts).some((text) => text.title !== '' || text.body !== '')

/** For lists: nobody's name stands there. */
export const titleOf = ({ texts }: Give, lang: Lang): string =>
  [texts[lang], texts.en, texts.fr]
    .map((text) => (text?.title ?? '').replace(/,?\s*\{name\}/g, '').trim())
    .find(Boolean) ?? ''

/** What is amiss with it, so that it cannot be tried yet: nothing is given, a message without words or without a channel (by its step). */
export type PlanProblem =
  | { is: 'nothing-given' }
  | { is: 'unwritten' | 'no-channel' | 'no-place' | 'not-lent'; step: number }

export function problemsOf(plan: Plan): PlanProblem[] {
  const problems: PlanProblem[] = givesOf(plan).length ? [] : [{ is: 'nothing-given' }]
  for (const [at, step] of plan.steps.entries()) {
    if (step.kind === 'give' && !isWritten(step)) problems.push({ is: 'unwritten', step: at })
    if (step.kind === 'give' && !step.channels.length) problems.push({ is: 'no-channel', step: at })
    if (step.kind === 'condition' && step.test.is === 'place' && !step.test.place)
      problems.push({ is: 'no-place', step: at })
  }
  return problems
}

/** The subjects that a plan asks about. */
export const subjectsIn = ({ when, steps }: Plan): Subject[] => [
  ...new Set(
    [when, ...steps.flatMap((step) => (step.kind === 'condition' ? [step.test] : []))].flatMap((asked) =>
      'subject' in asked && asked.subject !== null ? [asked.subject] : [],
    ),
  ),
]

/** The towns that it asks about. */
export const placesIn = ({ steps }: Plan): string[] =>
  steps.flatMap((step) => (step.kind === 'condition' && step.test.is === 'place' ? [step.test.place] : []))
