import { sql } from 'kysely'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { audit } from '../identity/index.ts'
import type { By } from './publish-release.ts'
import { lockRelease } from './release.store.ts'

/** Takes a release back to a draft, whatever it was. What came back from it stays, and publishing it again is no second gift. */
export async function withdrawRelease(
  { db }: Pick<Platform, 'db'>,
  { releaseId, by }: { releaseId: string } & By,
): Promise<Result<null, 'missing'>> {
  return db.transaction().execute(async (tx) => {
    const release = await lockRelease(tx, releaseId)
    if (!release) return fail('missing')
    if (release.visibility === 'draft') return ok(null)
    await tx
      .updateTable('releases')
      .set({
        visibility: 'draft',
        forMembers: false,
        publishAt: null,
        version: sql`version + 1`,
        updatedAt: sql`now()`,
      })
      .where('id', '=', releaseId)
      .execute()
    await audit(tx, { accountId: by, action: 'release.withdraw', artistId: release.artistId, subject: release.title })
    return ok(null)
  })
}
