import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import type { Gives } from './given.rules.ts'
import { lockRelease, markChanged } from './release.store.ts'

/** Says what a release gives. Tracks that say something of their own keep it. */
export async function setGives(
  { db }: Pick<Platform, 'db'>,
  { releaseId, gives }: { releaseId: string; gives: Gives },
): Promise<Result<null, 'missing'>> {
  return db.transaction().execute(async (tx) => {
    if (!(await lockRelease(tx, releaseId))) return fail('missing')
    await tx
      .updateTable('releases')
      .set({ givesStream: gives.stream, givesDownload: gives.download })
      .where('id', '=', releaseId)
      .execute()
    await markChanged(tx, releaseId, { heard: true })
    return ok(null)
  })
}
