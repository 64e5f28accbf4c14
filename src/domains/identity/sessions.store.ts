import type { Db, Tx } from '../../platform/database/index.ts'
import { newId, newToken } from '../../platform/ids.ts'
import { hashOf } from '../../platform/signing.ts'

export const SESSION_DAYS = 60
const DAY_MS = 86_400_000

export const sessionEnd = (now: Date): Date => new Date(now.getTime() + SESSION_DAYS * DAY_MS)

/** Opens a session with a token that never existed before (so that none can be planted), and returns that token. */
export async function openSession(tx: Db | Tx, accountId: string, device: string, now: Date): Promise<string> {
  const token = newToken(32)
  await tx
    .insertInto('sessions')
    .values({
      id: newId(now.getTime()),
      tokenHash: hashOf(token),
      accountId,
      device,
      deskArtistId: null,
      deskLabelId: null,
      createdAt: now,
      seenAt: now,
      expiresAt: sessionEnd(now),
    })
    .execute()
  return token
}

/** Notes that a session was used, which also moves its end. */
export async function touchSession(db: Db, id: string, now: Date): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ seenAt: now, expiresAt: sessionEnd(now) })
    .where('id', '=', id)
    .execute()
}

export async function chooseDesk(
  db: Db,
  sessionId: string,
  chosen: { artistId: string } | { labelId: string },
): Promise<void> {
  const desk =
    'artistId' in chosen
      ? { deskArtistId: chosen.artistId, deskLabelId: null }
      : { deskArtistId: null, deskLabelId: chosen.labelId }
  await db.updateTable('sessions').set(desk).where('id', '=', sessionId).execute()
}

/** Ends one session of an account; false when it has none of this id. */
export async function closeSession(db: Db | Tx, accountId: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('sessions')
    .where('id', '=', id)
    .where('accountId', '=', accountId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** Ends all sessions of an account, but one if it is told. Returns how many. */
export async function closeSessions(db: Db | Tx, accountId: string, except?: string): Promise<number> {
  let query = db.deleteFrom('sessions').where('accountId', '=', accountId)
  if (except) query = query.where('id', '!=', except)
  const { numDeletedRows } = await query.executeTakeFirst()
  return Number(numDeletedRows)
}

export async function forgetOldSessions(db: Db, now: Date): Promise<void> {
  await db.deleteFrom('sessions').where('expiresAt', '<', now).execute()
}
