import { addDays } from '../../platform/days.ts'

export const MOMENTS = ['overdue', 'today', 'week', 'later', 'someday'] as const
export type Moment = (typeof MOMENTS)[number]

/** When something is due, as one speaks of it. The week is the seven days after today. */
export function momentOf(dueOn: string | null, today: string): Moment {
  if (!dueOn) return 'someday'
  if (dueOn < today) return 'overdue'
  if (dueOn === today) return 'today'
  return dueOn <= addDays(today, 7) ? 'week' : 'later'
}

/** Rows under what they have in common, in the order in which each first comes. */
export function grouped<T>(rows: T[], by: (row: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>()
  for (const row of rows) groups.set(by(row), [...(groups.get(by(row)) ?? []), row])
  return [...groups]
}
