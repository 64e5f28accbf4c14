import { sql } from 'kysely'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { audit } from '../identity/index.ts'
import type { By } from './publish-release.ts'
import { lockRelease } from './release.store.ts'

type Of = { releaseId: string } & By

/** Takes a release out of the catalogue. It becomes a draft that nobody sees, keeps its address, and can be put back. */
export async function removeRelease(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { releaseId, by }: Of,
): Promise<Result<null, 'missing'>> {
  return db.transaction().execute(async (tx) => {
    const release = await lockRelease(tx, releaseId)
    if (!release) return fail('missing')
    await tx
      .updateTable('releases')
      .set({
        visibility: 'draft',
        forMembers: false,
        publishAt: null,
        removedAt: release.removedAt ?? now(),
        version: sql`version + 1`,
      })
      .where('id', '=', releaseId)
      .execute()
    await audit(tx, { accountId: by, action: 'release.remove', artistId: release.artistId, subject: release.title })
    return ok(null)
  })
}

/** Puts it back, as a draft. */
export async function restoreRelease(
  { db }: Pick<Platform, 'db'>,
  { releaseId, by }: Of,
): Promise<Result<null, 'missing'>> {
  return db.transaction().execute(async (tx) => {
    const release = await lockRelease(tx, releaseId)
    if (!release) return fail('missing')
    await tx
      .updateTable('releases')
      .set({ removedAt: null, version: sql`version + 1` })
      .where('id', '=', releaseId)
      .execute()
    await audit(tx, { accountId: by, action: 'release.restore', artistId: release.artistId, subject: release.title })
    return ok(null)
  })
}
