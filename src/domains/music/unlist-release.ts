import { sql } from 'kysely'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { audit } from '../identity/index.ts'
import type { By } from './publish-release.ts'
import { lockRelease } from './release.store.ts'
import { insertLink, linksInForce } from './secret-links.store.ts'

/** Leaves a release to those who hold a secret link; makes the first link when there is none. */
export async function unlistRelease(
  { db }: Pick<Platform, 'db'>,
  { releaseId, by }: { releaseId: string } & By,
): Promise<Result<{ token: string }, 'missing'>> {
  return db.transaction().execute(async (tx) => {
    const release = await lockRelease(tx, releaseId)
    if (!release || release.removedAt) return fail('missing')
    const token = (await linksInForce(tx, releaseId))[0]?.token ?? (await insertLink(tx, releaseId, '')).token
    if (release.visibility === 'unlisted') return ok({ token })
    await tx
      .updateTable('releases')
      .set({
        visibility: 'unlisted',
        forMembers: false,
        publishAt: null,
        version: sql`version + 1`,
        updatedAt: sql`now()`,
      })
      .where('id', '=', releaseId)
      .execute()
    await audit(tx, { accountId: by, action: 'release.unlist', artistId: release.artistId, subject: release.title })
    return ok({ token })
  })
}
