import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { putBack, renumber } from './order.rules.ts'
import { lockRelease, markChanged } from './release.store.ts'
import { placesOf, setPlaces } from './track.store.ts'

type Of = { releaseId: string; trackId: string }
type Deps = Pick<Platform, 'db'>

/** Takes a track off its release; the others close ranks. Its place is kept, so that it can be put back. */
export async function removeTrack({ db }: Deps, { releaseId, trackId }: Of): Promise<Result<null, 'missing'>> {
  return db.transaction().execute(async (tx) => {
    if (!(await lockRelease(tx, releaseId))) return fail('missing')
    const track = await tx
      .deleteFrom('tracks')
      .where('id', '=', trackId)
      .where('releaseId', '=', releaseId)
      .returningAll()
      .executeTakeFirst()
    if (!track) return fail('missing')
    await tx.insertInto('removedTracks').values(track).execute()
    await setPlaces(tx, renumber(await placesOf(tx, releaseId)))
    await markChanged(tx, releaseId, { heard: true })
    return ok(null)
  })
}

/** Puts a track back where it was, as near as the others allow. */
export async function restoreTrack({ db }: Deps, { releaseId, trackId }: Of): Promise<Result<null, 'missing'>> {
  return db.transaction().execute(async (tx) => {
    if (!(await lockRelease(tx, releaseId))) return fail('missing')
    const removed = await tx
      .deleteFrom('removedTracks')
      .where('id', '=', trackId)
      .where('releaseId', '=', releaseId)
      .returningAll()
      .executeTakeFirst()
    if (!removed) return fail('missing')
    const { removedAt: _, ...track } = removed
    const places = putBack(await placesOf(tx, releaseId), track)
    // Last for a moment: its place may be taken until all have moved.
    await tx
      .insertInto('tracks')
      .values({ ...track, disc: 32_000, position: 32_000 })
      .execute()
    await setPlaces(tx, places)
    await markChanged(tx, releaseId, { heard: true })
    return ok(null)
  })
}
