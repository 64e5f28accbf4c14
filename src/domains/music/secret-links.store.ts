import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import { newId, newToken } from '../../platform/ids.ts'

export type SecretLink = {
  id: string
  token: string
  note: string
  visits: number
  createdAt: Date
  revokedAt: Date | null
}
const COLUMNS = ['id', 'token', 'note', 'visits', 'createdAt', 'revokedAt'] as const

export const secretLinks = (db: Db | Tx, releaseId: string): Promise<SecretLink[]> =>
  db.selectFrom('secretLinks').select(COLUMNS).where('releaseId', '=', releaseId).orderBy('createdAt').execute()

export const linksInForce = async (db: Db | Tx, releaseId: string): Promise<SecretLink[]> =>
  (await secretLinks(db, releaseId)).filter((link) => !link.revokedAt)

export const insertLink = (tx: Db | Tx, releaseId: string, note: string): Promise<SecretLink> =>
  tx
    .insertInto('secretLinks')
    .values({ id: newId(), releaseId, token: newToken(12), note, revokedAt: null })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow()

/** Closes a link for good; its visits stay counted. False when there is no such open link on this release. */
export async function revokeLink(db: Db | Tx, releaseId: string, id: string, now: Date): Promise<boolean> {
  const row = await db
    .updateTable('secretLinks')
    .set({ revokedAt: now })
    .where('id', '=', id)
    .where('releaseId', '=', releaseId)
    .where('revokedAt', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Counts one visit by a secret link in force: one page opened by a person. The caller leaves bots out. */
export async function countVisit(db: Db | Tx, token: string): Promise<void> {
  await db
    .updateTable('secretLinks')
    .set({ visits: sql`visits + 1` })
    .where('token', '=', token)
    .where('revokedAt', 'is', null)
    .execute()
}
