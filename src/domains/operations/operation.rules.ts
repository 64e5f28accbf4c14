export type OperationKind = 'contest' | 'series' | 'mission'
export type OperationState = 'draft' | 'open' | 'closed'
export type FollowUp = 'next' | 'none'
export const CONTEST_SORTS = ['sleeve', 'words', 'remix', 'video'] as const
export type ContestSort = (typeof CONTEST_SORTS)[number]
export type EntryState = 'waiting' | 'shown' | 'blocked' | 'withdrawn'
/** How somebody took part. */
export type How = 'entry' | 'vote' | 'mission'

/** "None, because I move house": a follow-up is never shorter. The database says the same. */
export const LEAST_FOLLOW_UP = 10

export type FollowUpTyped = { kind: string; words: string }

type Ended = { thanksWords: string; followUp: string | null; followUpWords: string }

/** What its artist says as it ends: the thanks, and what comes next. */
export const lastWords = ({ thanksWords, followUp, followUpWords }: Ended): string =>
  [thanksWords, followUp === 'next' && followUpWords].filter(Boolean).join('\n\n')

/** What follows, or the fields that do not say enough. */
export function readFollowUp({
  kind,
  words,
}: FollowUpTyped): { ok: true; value: { kind: FollowUp; words: string } } | { ok: false; wrong: ('kind' | 'words')[] } {
  const isTooShort = words.trim().length < LEAST_FOLLOW_UP
  if (kind !== 'next' && kind !== 'none') return { ok: false, wrong: isTooShort ? ['kind', 'words'] : ['kind'] }
  if (isTooShort) return { ok: false, wrong: ['words'] }
  return { ok: true, value: { kind, words: words.trim() } }
}
