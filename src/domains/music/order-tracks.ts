import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { audit } from '../identity/index.ts'
import { arrange, type Move, moveTrack, type Place, placeTrack } from './order.rules.ts'
import type { By } from './publish-release.ts'
import { lockRelease, markChanged } from './release.store.ts'
import { placesOf, setPlaces } from './track.store.ts'

/** A step for one track, another place for it, or the whole order at once (one list of track ids a disc). */
export type Ordering =
  | { trackId: string; move: Move }
  | { trackId: string; disc: number; position: number }
  | { discs: readonly (readonly string[])[] }

/** `other-tracks`: the order speaks of other tracks than those that are there now. Nothing was moved. */
export async function orderTracks(
  { db }: Pick<Platform, 'db'>,
  { releaseId, ordering, by }: { releaseId: string; ordering: Ordering } & By,
): Promise<Result<Place[], 'missing' | 'other-tracks'>> {
  return db.transaction().execute(async (tx) => {
    const release = await lockRelease(tx, releaseId)
    if (!release) return fail('missing')
    const before = await placesOf(tx, releaseId)
    const after =
      'discs' in ordering
        ? arrange(before, ordering.discs)
        : 'move' in ordering
          ? moveTrack(before, ordering.trackId, ordering.move)
          : placeTrack(before, ordering.trackId, ordering.disc, ordering.position)
    if (!after) return fail('other-tracks')
    if (JSON.stringify(before) !== JSON.stringify(after)) {
      await setPlaces(tx, after)
      await markChanged(tx, releaseId, { heard: true })
      await audit(tx, { accountId: by, action: 'release.order', artistId: release.artistId, subject: release.title })
    }
    return ok(after)
  })
}
