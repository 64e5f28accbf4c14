import type { Platform } from '../../platform/platform.ts'

const DAY_MS = 24 * 3_600_000

/** Addresses that nobody confirmed in a week are forgotten, the comment stays as one without any; what is no comment goes after a month. */
export async function tidyComments({ db, now }: Pick<Platform, 'db' | 'now'>): Promise<void> {
  const before = (days: number) => new Date(now().getTime() - days * DAY_MS)
  await db
    .updateTable('comments')
    .set({ mail: null })
    .where('mail', 'is not', null)
    .where('at', '<', before(7))
    .execute()
  await db.deleteFrom('comments').where('state', '=', 'spam').where('at', '<', before(30)).execute()
}
