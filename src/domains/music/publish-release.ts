import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { audit } from '../identity/index.ts'
import { becomePublic, hasTracks } from './publication.store.ts'
import { lockRelease } from './release.store.ts'

/** `missing`: no such release, or taken out of the catalogue. `no-tracks`: there is nothing to hear on it. */
export type PublishProblem = 'missing' | 'no-tracks'
/** Who asks: an account, or null for a command of the machine. */
export type By = { by: string | null }

/** Makes a release public from now on. Public already: nothing changes, and the first moment is told. */
export async function publishRelease(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { releaseId, by }: { releaseId: string } & By,
): Promise<Result<{ publishedAt: Date }, PublishProblem>> {
  return db.transaction().execute(async (tx) => {
    const release = await lockRelease(tx, releaseId)
    if (!release || release.removedAt) return fail('missing')
    if (release.visibility === 'public') return ok({ publishedAt: release.publishedAt ?? now() })
    if (!(await hasTracks(tx, releaseId))) return fail('no-tracks')
    const publishedAt = await becomePublic(tx, release, now())
    await audit(tx, { accountId: by, action: 'release.publish', artistId: release.artistId, subject: release.title })
    return ok({ publishedAt })
  })
}
