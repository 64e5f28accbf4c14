import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { audit } from '../identity/index.ts'
import type { Gives } from './given.rules.ts'
import type { By } from './publish-release.ts'
import { lockRelease, markChanged } from './release.store.ts'

/**
 * Says what a release gives, and whether its downloads are given for an address. Tracks that say something of their own keep it. `mayPublish`: who asks may publish for this artist;
 * whoever may not changes drafts alone, since what is out is given to everyone at once.
 */
export async function setGives(
  { db }: Pick<Platform, 'db'>,
  {
    releaseId,
    gives,
    asksAddress,
    by,
    mayPublish,
  }: { releaseId: string; gives: Gives; asksAddress?: boolean; mayPublish: boolean } & By,
): Promise<Result<null, 'missing' | 'publisher-only'>> {
  return db.transaction().execute(async (tx) => {
    const release = await lockRelease(tx, releaseId)
    if (!release) return fail('missing')
    const asks = asksAddress ?? release.asksAddress
    const same = release.givesStream === gives.stream && release.givesDownload === gives.download
    if (same && release.asksAddress === asks) return ok(null)
    if (!mayPublish && release.visibility !== 'draft') return fail('publisher-only')
    await tx
      .updateTable('releases')
      .set({ givesStream: gives.stream, givesDownload: gives.download, asksAddress: asks })
      .where('id', '=', releaseId)
      .execute()
    await markChanged(tx, releaseId, { heard: true })
    await audit(tx, {
      accountId: by,
      action: 'release.gives',
      artistId: release.artistId,
      subject: release.title,
      details: { ...gives, asksAddress: asks },
    })
    return ok(null)
  })
}
