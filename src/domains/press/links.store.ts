import './tables.ts'
import { sql } from 'kysely'
import { isId, newId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { callBackUntold, lockPage } from './followers/follow-press.ts'

const DAY_MS = 24 * 3_600_000

/** The address of a link: its id, signed, so that nothing of it need be kept secret in the database. */
export const linkPath = (signer: Platform['signer'], id: string): string =>
  `/press/${id}.${signer.sign('press-link', id)}`

/** The id of a link from its address; null when it was not made here. */
export function linkIdOf(signer: Platform['signer'], token: string): string | null {
  const [id = '', signature = ''] = token.split('.')
  return isId(id) && signer.verify('press-link', id, signature) ? id : null
}

/** A link for somebody, good for so many days. */
export async function makeLink(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { artistId, madeFor, days }: { artistId: string; madeFor: string; days: number },
): Promise<string> {
  const [id, at] = [newId(), now()]
  const expiresAt = new Date(at.getTime() + days * DAY_MS)
  await db.insertInto('pressLinks').values({ id, artistId, madeFor, createdAt: at, expiresAt }).execute()
  return id
}

/** It opens nothing any more, and whoever came by it is told nothing of the page. */
export async function revokeLink(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { artistId, id }: { artistId: string; id: string },
): Promise<void> {
  const at = now()
  await db.transaction().execute(async (tx) => {
    await lockPage(tx, artistId)
    await tx
      .updateTable('pressLinks')
      .set({ revokedAt: at })
      .where('id', '=', id)
      .where('artistId', '=', artistId)
      .where('revokedAt', 'is', null)
      .execute()
    await callBackUntold(tx, artistId, at)
  })
}

export async function countVisit({ db, now }: Pick<Platform, 'db' | 'now'>, id: string): Promise<void> {
  await db
    .updateTable('pressLinks')
    .set({ visits: sql<number>`visits + 1`, visitedAt: now() })
    .where('id', '=', id)
    .execute()
}
