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
