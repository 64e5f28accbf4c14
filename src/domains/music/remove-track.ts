import type { Tx } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { audit } from '../identity/index.ts'
import { putBack, renumber } from './order.rules.ts'
import type { By } from './publish-release.ts'
import { lockRelease, markChanged } from './release.store.ts'
import { placesOf, setPlaces } from './track.store.ts'

type Of = { releaseId: string; trackId: string } & By
type Deps = Pick<Platform, 'db'>

/** Takes a track off its release; the others close ranks. Its place is kept, so that it can be put back. */
export async function removeTrack({ db }: Deps, { releaseId, trackId, by }: Of): Promise<Result<null, 'missing'>> {
  return db.transaction().execute(async (tx) => {
    const release = await lockRelease(tx, releaseId)
    if (!release) return fail('missing')
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
    await audit(tx, {
      accountId: by,
      action: 'track.remove',
      artistId: release.artistId,
      subject: await titleOf(tx, track.recordingId),
    })
    return ok(null)
  })
}

/** Puts a track back where it was, as near as the others allow. */
export async function restoreTrack({ db }: Deps, { releaseId, trackId, by }: Of): Promise<Result<null, 'missing'>> {
  return db.transaction().execute(async (tx) => {
    const release = await lockRelease(tx, releaseId)
    if (!release) return fail('missing')
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
    await audit(tx, {
      accountId: by,
      action: 'track.restore',
      artistId: release.artistId,
      subject: await titleOf(tx, track.recordingId),
    })
    return ok(null)
  })
}

const titleOf = async (tx: Tx, recordingId: string): Promise<string | null> =>
  (await tx.selectFrom('recordings').select('title').where('id', '=', recordingId).executeTakeFirst())?.title ?? null
