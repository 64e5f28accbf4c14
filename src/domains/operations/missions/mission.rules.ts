import type { OperationState } from '../operation.rules.ts'

export const TASK_KINDS = ['bring', 'poster', 'write', 'translate'] as const
export type TaskKind = (typeof TASK_KINDS)[number]
export const isTaskKind = (text: string): text is TaskKind => (TASK_KINDS as readonly string[]).includes(text)

export const MOST_TIMES = 50
export const MOST_TASKS = 12
export const MOST_TEXT = 20_000
export const MOST_ABOUT = 500

/** People take part, then nobody does until the artist closes it. */
export type Phase = 'draft' | 'open' | 'over' | 'closed'

export function phaseOf({ state, endsAt }: { state: OperationState; endsAt: Date | null }, now: Date): Phase {
  if (state !== 'open') return state
  return endsAt && now < endsAt ? 'open' : 'over'
}

/** What is given in thanks: words, something to download, a code of a batch. */
export type Thanks = { words: string; subject: string | null; batch: string | null }
export const isNothing = ({ words, subject, batch }: Thanks): boolean => !words && !subject && !batch

/** A task as far as thanking asks. */
export type Asked = { id: string; times: number; thanks: Thanks }

/**
 * For which tasks somebody is to be thanked now, and for all of them (`null`). `done`: how many of their contributions stand, or how many people came, by
 * task; `thanked`: for what they were thanked before. Never for what gives nothing, never twice.
 */
export function thanksDue(
  tasks: readonly Asked[],
  forAll: Thanks,
  done: ReadonlyMap<string, number>,
  thanked: ReadonlySet<string | null>,
): (string | null)[] {
  const isDone = ({ id, times }: Asked) => (done.get(id) ?? 0) >= times
  const due: (string | null)[] = tasks
    .filter((task) => isDone(task) && !isNothing(task.thanks) && !thanked.has(task.id))
    .map(({ id }) => id)
  if (tasks.length > 0 && tasks.every(isDone) && !isNothing(forAll) && !thanked.has(null)) due.push(null)
  return due
}

const MOST_LINK = 500

/** An address on the web as it may be shown: https, of a named host, without a password in it. Null when it is none. */
export function readLink(typed: string): string | null {
  const text = /^[a-z][a-z0-9+.-]*:/i.test(typed) ? typed : `https://${typed}`
  if (text.length > MOST_LINK || /\s/.test(text) || !URL.canParse(text)) return null
  const url = new URL(text)
  if (url.protocol !== 'https:' || url.username || url.password) return null
  // A name with a dot that ends in letters: no address of a machine inside somebody's network.
  return /^(?:[^.]+\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)$/i.test(url.hostname) ? url.href : null
}
