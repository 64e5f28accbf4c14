import type { Tx } from '../../../platform/database/index.ts'
import type { JobContext } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { audit } from '../../identity/index.ts'
import { appendPlan, soundChanged } from '../../music/index.ts'
import type { MasterFacts } from '../engine/index.ts'
import { type Batch, batchById, stopWork } from './batches.store.ts'
import { type KeptRelease, keepRelease, landRelease, landSounds } from './keep-files.ts'
import { progressWriter } from './progress.ts'
import { removeUploadsOf, uploadPath } from './uploads.store.ts'

type Deps = Pick<Platform, 'db' | 'storage' | 'paths'>

/**
 * Makes of a batch what it is for: files first, all kept before any row names them, then every row in one transaction that also closes the
 * batch. Killed at any moment, it is done again from the start, and done once.
 */
export async function makeReleases(
  deps: Deps,
  { batchId }: { batchId: string },
  context: Pick<JobContext, 'signal' | 'lastAttempt'>,
): Promise<void> {
  const { db, paths } = deps
  const batch = await batchById(db, batchId)
  if (batch?.state === 'imported') return removeUploadsOf(deps, batchId)
  if (batch?.state !== 'making' || !batch.plan) return
  try {
    const say = progressWriter(db, batchId)
    const releases = batch.plan.releases.filter((plan) => plan.tracks.length > 0)
    const kept: KeptRelease[] = []
    for (const plan of releases) {
      const before = kept.length
      kept.push(
        await keepRelease(deps, plan, {
          locate: (id) => uploadPath(paths, id),
          ours: true,
          signal: context.signal,
          onProgress: (done, total) => say((before + done / total) / releases.length),
        }),
      )
    }
    await db.transaction().execute((tx) => land(tx, batch, kept))
  } catch (error) {
    if (context.lastAttempt) await stopWork(db, batchId, 'making')
    throw error
  }
  await removeUploadsOf(deps, batchId)
}

async function land(tx: Tx, { id, artistId, accountId }: Batch, kept: KeptRelease[]): Promise<void> {
  const batch = await tx.selectFrom('uploadBatches').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  // Another run of this job was faster.
  if (batch?.state !== 'making') return
  const factsOf = (path: string): MasterFacts => {
    const found = batch.plan?.facts[path]
    if (!found) throw new Error(`Nothing is known of the sound ${path}`)
    return found
  }
  const made: string[] = []
  if (batch.trackId) made.push(await replaceSound(tx, batch.trackId, kept, { artistId, factsOf }))
  else if (batch.releaseId) made.push(await addTracks(tx, batch.releaseId, kept, { artistId, factsOf }))
  else for (const release of kept) made.push((await landRelease(tx, release, { artistId, facts: factsOf })).releaseId)
  const action = batch.trackId ? 'track.sound' : batch.releaseId ? 'release.tracks' : 'release.import'
  for (const { plan } of kept) await audit(tx, { accountId, action, artistId, subject: plan.release.title.value })
  await tx
    .updateTable('uploadBatches')
    .set({ state: 'imported', made, progress: 1, plan: null, trouble: null })
    .where('id', '=', id)
    .execute()
}

type For = { artistId: string; factsOf: (path: string) => MasterFacts }

async function addTracks(tx: Tx, releaseId: string, kept: KeptRelease[], { artistId, factsOf }: For): Promise<string> {
  for (const release of kept) {
    const tracks = await appendPlan(tx, { releaseId, plan: release.plan })
    await landSounds(tx, tracks, { ...release, artistId, facts: factsOf })
  }
  return releaseId
}

/** The first sound that was understood becomes that of the track; what is known of the track stays. */
async function replaceSound(tx: Tx, trackId: string, kept: KeptRelease[], { artistId, factsOf }: For): Promise<string> {
  const { recordingId, releaseId } = await tx
    .selectFrom('tracks')
    .select(['recordingId', 'releaseId'])
    .where('id', '=', trackId)
    .executeTakeFirstOrThrow()
  const [first] = kept
  const track = first?.plan.tracks[0]
  if (!first || !track) throw new Error('There is no sound in this batch')
  await landSounds(tx, [{ trackId, recordingId, path: track.path }], { ...first, artistId, facts: factsOf })
  await soundChanged(tx, recordingId)
  return releaseId
}
