import type { Sender } from '../identity/index.ts'

/**
 * A part of the fans of an artist or label, told by what is known of them: every condition must hold. No condition: everyone who subscribes.
 * Times are days back from the moment of the count.
 */
export type Segment = { all: Condition[] }

export type Condition =
  | { is: 'language'; language: string }
  /** ISO 3166-1 alpha-2. */
  | { is: 'country'; country: string }
  /** A town, compared without case and accents. */
  | { is: 'place'; place: string }
  | { is: 'channel'; channel: 'mail' | 'sms' | 'push' }
  | { is: 'joined'; withinDays?: number; beforeDays?: number }
  /** Downloaded: this subject, or anything. */
  | { is: 'took'; subject?: string; withinDays?: number }
  | { is: 'listened'; subject?: string; atLeast: number; withinDays?: number }
  | { is: 'answered'; withinDays?: number }
  | { is: 'bought'; withinDays?: number }
  /** Of the artist (unless told, whose announcement it is), paid for now; by one of these plans, or by any. */
  | { is: 'member'; artistId?: string; plans?: string[] }
  /** No announcement handed over to them in that time. */
  | { is: 'not-told'; forDays: number }
  /** Asked to be told of each of a series. */
  | { is: 'follows'; subject: string }
  | { is: 'not'; condition: Condition }

/** What a condition can be about, in the order in which one is offered it; `bought` comes with the shop. */
const CONDITIONS = [
  'country',
  'place',
  'language',
  'channel',
  'joined',
  'took',
  'listened',
  'answered',
  'member',
  'not-told',
] as const
export type ConditionKind = (typeof CONDITIONS)[number]

/** What may be asked of their fans: what somebody listened to and took is between them and the artist whose music it is. */
export const conditionsFor = (sender: Sender): readonly ConditionKind[] =>
  'artistId' in sender
    ? CONDITIONS
    : CONDITIONS.filter((kind) => kind !== 'took' && kind !== 'listened' && kind !== 'member')

export const MOST_CONDITIONS = 12

/** As a form has it. */
export type ConditionForm = {
  is: string
  /** A country, a town, a language, a channel, a subject; empty: any. */
  what: string
  /** How often, or 'before' for what is longer ago. */
  number: string
  days: string
  not: boolean
}

/** The condition that a form asks for, or the name of the field that does not say enough. */
export function readCondition(
  form: ConditionForm,
): { ok: true; condition: Condition } | { ok: false; wrong: 'is' | 'what' | 'days' } {
  const days = wholeNumber(form.days, 3650)
  if (form.days.trim() && days === null) return { ok: false, wrong: 'days' }
  const read = conditionOf(form, days)
  if (typeof read === 'string') return { ok: false, wrong: read }
  return { ok: true, condition: form.not ? { is: 'not', condition: read } : read }
}

function conditionOf(
  { is, what: written, number }: ConditionForm,
  days: number | null,
): Condition | 'is' | 'what' | 'days' {
  const what = written.trim()
  const within = days === null ? {} : { withinDays: days }
  const subject = what ? { subject: what } : {}
  switch (is) {
    case 'country':
      return /^[a-z]{2}$/i.test(what) ? { is, country: what.toUpperCase() } : 'what'
    case 'place':
      return what ? { is, place: what.slice(0, 100) } : 'what'
    case 'language':
      return what === 'en' || what === 'fr' ? { is, language: what } : 'what'
    case 'channel':
      return what === 'mail' || what === 'sms' || what === 'push' ? { is, channel: what } : 'what'
    case 'joined':
      if (days === null) return 'days'
      return number === 'before' ? { is, beforeDays: days } : { is, withinDays: days }
    case 'took':
      return { is, ...subject, ...within }
    case 'listened':
      return { is, ...subject, ...within, atLeast: wholeNumber(number, 100_000) ?? 1 }
    case 'answered':
      return { is, ...within }
    case 'member':
      return { is }
    case 'not-told':
      return days === null ? 'days' : { is, forDays: days }
    default:
      return 'is'
  }
}

function wholeNumber(text: string, most: number): number | null {
  const value = /^\s*\d{1,6}\s*$/.test(text) ? Number(text) : null
  return value !== null && value >= 1 && value <= most ? value : null
}

/** The subjects that a segment names. */
export const subjectsOf = ({ all }: Segment): string[] => [
  ...new Set(
    all.flatMap((condition) => {
      const inner = condition.is === 'not' ? condition.condition : condition
      return 'subject' in inner && inner.subject ? [inner.subject] : []
    }),
  ),
]
