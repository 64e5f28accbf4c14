import { sql } from 'kysely'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { recordGift } from '../exchange/index.ts'
import { audit } from '../identity/index.ts'
import { hasTracks } from './publication.store.ts'
import type { By } from './publish-release.ts'
import { lockRelease } from './release.store.ts'

/** By which plans members get something (empty: by any), whether everybody sees that it exists, and what they read of it. */
export type ForMembers = { plans: string[]; listed: boolean; teaser: string }

/**
 * Gives a release to members of its artist, from now on; a scheduled one stays so, and is theirs until it is everybody's. The first time it is a
 * gift; becoming public later is not another. `public`: everybody has it already.
 */
export async function giveReleaseToMembers(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { releaseId, by, plans, listed, teaser }: { releaseId: string } & ForMembers & By,
): Promise<Result<null, 'missing' | 'no-tracks' | 'public'>> {
  return db.transaction().execute(async (tx) => {
    const release = await lockRelease(tx, releaseId)
    if (!release || release.removedAt) return fail('missing')
    if (release.visibility === 'public') return fail('public')
    if (!(await hasTracks(tx, releaseId))) return fail('no-tracks')
    const { artistId, title } = release
    const at = now()
    await tx
      .updateTable('releases')
      .set({
        visibility: release.visibility === 'scheduled' ? 'scheduled' : 'members',
        ...{ forMembers: true, memberPlans: plans, membersListed: listed, teaser },
        membersAt: release.membersAt ?? at,
        ...{ version: sql`version + 1`, updatedAt: sql`now()` },
      })
      .where('id', '=', releaseId)
      .execute()
    await recordGift(tx, { artistId, kind: 'release', subject: `release:${releaseId}`, at, audience: 'members' })
    await audit(tx, { accountId: by, action: 'release.members', artistId, subject: title })
    return ok(null)
  })
}
