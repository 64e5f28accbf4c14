import { basename } from 'node:path'
import type { JobContext } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { type ImportPlan, type Probe, readUploads } from '../../music/index.ts'
import type { MasterFacts } from '../engine/index.ts'
import { engine } from '../run-engine.ts'
import { planFor } from './artist.rules.ts'
import type { BatchPlan } from './batch-plan.ts'
import { batchById, keepPlan, stopWork } from './batches.store.ts'
import { MAX_FILE_BYTES } from './limits.rules.ts'
import { progressWriter } from './progress.ts'
import { uploadPath, uploadsOf } from './uploads.store.ts'

/** Reads what arrived, each sound to its end in a process of its own, and keeps what was understood. Nothing is made of it yet. */
export async function understandBatch(
  platform: Pick<Platform, 'db' | 'paths'>,
  { batchId }: { batchId: string },
  context: Pick<JobContext, 'signal' | 'lastAttempt'>,
): Promise<void> {
  const { db, paths } = platform
  const batch = await batchById(db, batchId)
  if (batch?.state !== 'reading') return
  try {
    const artist = await db
      .selectFrom('artists')
      .select('name')
      .where('id', '=', batch.artistId)
      .executeTakeFirstOrThrow()
    const uploads = await uploadsOf(db, batchId)
    const here = uploads.filter((upload) => upload.completedAt)
    const say = progressWriter(db, batchId)
    const facts: Record<string, MasterFacts> = {}
    let read = 0
    const probe: Probe = async (path) => {
      const onProgress = (part: number) => say((read + part) / here.length)
      const probed = await engine('probe', { path }, { signal: context.signal, onProgress })
      context.signal.throwIfAborted()
      if (probed.ok) facts[basename(path)] = probed.value
      return probed
    }
    const sources = here.map(({ id, relativePath }) => ({ path: uploadPath(paths, id), name: relativePath }))
    const plans = await readUploads(sources, probe, {
      maxBytes: MAX_FILE_BYTES,
      signal: context.signal,
      onProgress: (done, total) => {
        read = done
        say(done / total)
      },
    })
    await keepPlan(db, batchId, {
      releases: plans.map((plan) => byUpload(planFor(plan, artist.name))),
      facts,
      incomplete: uploads.filter((upload) => !upload.completedAt).map((upload) => upload.relativePath),
    } satisfies BatchPlan)
  } catch (error) {
    if (context.lastAttempt) await stopWork(db, batchId, 'reading')
    throw error
  }
}

/** The same plan, its files named by their upload: DATA_DIR may move before something is made of it. */
function byUpload(plan: ImportPlan): ImportPlan {
  const named = <T extends { path: string }>(one: T): T => ({ ...one, path: basename(one.path) })
  return {
    ...plan,
    tracks: plan.tracks.map(named),
    bonus: plan.bonus.map(named),
    cover: plan.cover && named(plan.cover),
  }
}
