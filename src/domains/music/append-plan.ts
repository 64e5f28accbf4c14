import type { Tx } from '../../platform/database/index.ts'
import type { ImportPlan } from './import/index.ts'
import { type Imported, inOrder, plannedTrack } from './import-plan.ts'
import type { NameInput } from './names.store.ts'
import { lockRelease, markChanged } from './release.store.ts'
import { insertTrack, placesOf } from './track.store.ts'

/** Adds the tracks of a plan to a release that is there, after its last one, in the plan's order. Nothing else of the release changes. */
export async function appendPlan(
  tx: Tx,
  { releaseId, plan }: { releaseId: string; plan: ImportPlan },
): Promise<Imported['tracks']> {
  const release = await lockRelease(tx, releaseId)
  if (!release) throw new Error(`No release ${releaseId} to add to`)
  const last = (await placesOf(tx, releaseId)).at(-1) ?? { disc: 1, position: 0 }
  const others = await artistsOf(tx, releaseId)
  const tracks: Imported['tracks'] = []
  for (const { track } of inOrder(plan)) {
    const place = { disc: last.disc, position: last.position + tracks.length + 1 }
    const values = plannedTrack(plan, track, others)
    const ids = await insertTrack(tx, { artistId: release.artistId, releaseId, ...place, ...values })
    tracks.push({ ...ids, path: track.path })
  }
  await markChanged(tx, releaseId, { heard: true })
  return tracks
}

/** Says of a recording that it sounds otherwise now, on every release where it stands. */
export async function soundChanged(tx: Tx, recordingId: string): Promise<void> {
  const rows = await tx.selectFrom('tracks').select('releaseId').where('recordingId', '=', recordingId).execute()
  for (const { releaseId } of rows) await markChanged(tx, releaseId, { heard: true })
}

const artistsOf = (tx: Tx, releaseId: string): Promise<NameInput[]> =>
  tx
    .selectFrom('releaseArtists')
    .select(['name', 'isFeatured', 'musicbrainz'])
    .where('releaseId', '=', releaseId)
    .orderBy('position')
    .execute()
