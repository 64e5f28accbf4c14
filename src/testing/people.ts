import { newId, newToken } from '../platform/ids.ts'
import type { Platform } from '../platform/platform.ts'
import { hashOf } from '../platform/signing.ts'

/** Somebody signed in: `headers` go with each of their requests. */
export type SignedIn = { accountId: string; headers: { cookie: string } }

/** A person with a session, who works for these artists as `role` and manages these labels, or hosts the place. */
export async function signedIn(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  {
    artistIds = [] as string[],
    labelIds = [] as string[],
    role = 'artist' as 'artist' | 'editor',
    isHost = false,
    language = 'en' as 'en' | 'fr',
  } = {},
): Promise<SignedIn> {
  const accountId = newId()
  await db
    .insertInto('accounts')
    .values({ id: accountId, email: `${accountId}@fans.example`, name: 'Somebody', isHost, language, disabledAt: null })
    .execute()
  for (const artistId of artistIds)
    await db.insertInto('memberships').values({ id: newId(), accountId, artistId, labelId: null, role }).execute()
  for (const labelId of labelIds)
    await db
      .insertInto('memberships')
      .values({ id: newId(), accountId, artistId: null, labelId, role: 'label_manager' })
      .execute()
  const token = newToken()
  const expiresAt = new Date(now().getTime() + 24 * 3_600_000)
  await db
    .insertInto('sessions')
    .values({ id: newId(), tokenHash: hashOf(token), accountId, expiresAt })
    .execute()
  return { accountId, headers: { cookie: `session=${token}` } }
}
