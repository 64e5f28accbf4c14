import './tables.ts'
import type { Db } from '../../platform/database/index.ts'
import { newToken } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { hashOf } from '../../platform/signing.ts'

/** Makes this person's address of their calendar, in the place of the one before, and answers with its secret: the only place where it ever is. */
export async function makeCalendarLink({ db, now }: Pick<Platform, 'db' | 'now'>, accountId: string): Promise<string> {
  const token = newToken()
  const link = { tokenHash: hashOf(token), createdAt: now() }
  await db
    .insertInto('calendarLinks')
    .values({ accountId, ...link })
    .onConflict((conflict) => conflict.column('accountId').doUpdateSet(link))
    .execute()
  return token
}

/** From now on it opens nothing. */
export const endCalendarLink = async (db: Db, accountId: string): Promise<void> =>
  void (await db.deleteFrom('calendarLinks').where('accountId', '=', accountId).execute())

/** Since when this person has an address; null when they have none. */
export async function calendarLinkSince(db: Db, accountId: string): Promise<Date | null> {
  const link = await db
    .selectFrom('calendarLinks')
    .select('createdAt')
    .where('accountId', '=', accountId)
    .executeTakeFirst()
  return link?.createdAt ?? null
}

/** Whose calendar an address opens. */
export async function accountOfLink(db: Db, token: string): Promise<string | null> {
  const link = await db
    .selectFrom('calendarLinks')
    .select('accountId')
    .where('tokenHash', '=', hashOf(token))
    .executeTakeFirst()
  return link?.accountId ?? null
}
