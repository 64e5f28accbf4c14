import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { audit } from '../identity/index.ts'
import type { Gives } from './given.rules.ts'
import type { By } from './publish-release.ts'
import { lockRelease, markChanged } from './release.store.ts'

/** Says what a release gives. Tracks that say something of their own keep it. */
export async function setGives(
  { db }: Pick<Platform, 'db'>,
  { releaseId, gives, by }: { releaseId: string; gives: Gives } & By,
): Promise<Result<null, 'missing'>> {
  return db.transaction().execute(async (tx) => {
    const release = await lockRelease(tx, releaseId)
    if (!release) return fail('missing')
    if (release.givesStream === gives.stream && release.givesDownload === gives.download) return ok(null)
    await tx
      .updateTable('releases')
      .set({ givesStream: gives.stream, givesDownload: gives.download })
      .where('id', '=', releaseId)
      .execute()
    await markChanged(tx, releaseId, { heard: true })
    await audit(tx, {
      accountId: by,
      action: 'release.gives',
      artistId: release.artistId,
      subject: release.title,
      details: gives,
    })
    return ok(null)
  })
}
