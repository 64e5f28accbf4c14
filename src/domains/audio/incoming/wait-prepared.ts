import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'
import { addJob, type JobHandlers, type RunningWorker, startWorker } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { prepareMaster } from '../prepare-master.ts'

export type Prepared = { ready: number; failed: number; total: number; progress: number }

const LOOK_MS = 400
/** A worker says every ten seconds that it is alive. */
const SILENT = '15 seconds'

/**
 * Waits until every sound of a release can be heard, or has failed. The worker of a running program does the work; where none is alive, this
 * process does it itself, `concurrency` sounds at once.
 */
export async function waitPrepared(
  platform: Pick<Platform, 'db' | 'pool' | 'storage' | 'paths' | 'now' | 'log'>,
  releaseId: string,
  options: { alone: boolean; concurrency: number; signal: AbortSignal; onProgress?: (prepared: Prepared) => void },
): Promise<Prepared> {
  const { db } = platform
  await askAgain(db, releaseId)
  let own: RunningWorker | null = null
  try {
    for (;;) {
      options.signal.throwIfAborted()
      const prepared = await look(db, releaseId)
      options.onProgress?.(prepared)
      if (prepared.ready + prepared.failed === prepared.total) return prepared
      if (!own && (options.alone || !(await someWorkerLives(db)))) own = await startOwn(platform, options)
      await sleep(LOOK_MS, undefined, { signal: options.signal })
    }
  } finally {
    await own?.stop()
  }
}

/** Prepares sounds and does nothing else: mails and the rest are for the program itself. */
const startOwn = (
  platform: Pick<Platform, 'db' | 'pool' | 'storage' | 'paths' | 'now' | 'log'>,
  { alone, concurrency }: { alone: boolean; concurrency: number },
): Promise<RunningWorker> => {
  const handlers: Pick<JobHandlers, 'audio.prepare'> = {
    'audio.prepare': (payload, context) => prepareMaster(platform, payload, context),
  }
  return startWorker({
    pool: platform.pool,
    handlers: handlers as JobHandlers,
    schedules: [],
    concurrency,
    log: platform.log,
    alone,
  })
}

const mastersOf = (db: Db, releaseId: string) =>
  db
    .selectFrom('masters as m')
    .innerJoin('tracks as t', 't.recordingId', 'm.recordingId')
    .where('t.releaseId', '=', releaseId)

async function look(db: Db, releaseId: string): Promise<Prepared> {
  const rows = await mastersOf(db, releaseId).select(['m.state', 'm.progress']).execute()
  const count = (state: string) => rows.filter((row) => row.state === state).length
  const [ready, failed] = [count('ready'), count('failed')]
  const under = rows.filter((row) => row.state === 'preparing').reduce((sum, { progress }) => sum + progress, 0)
  return { ready, failed, total: rows.length, progress: rows.length ? (ready + failed + under) / rows.length : 1 }
}

/** A sound that failed, or whose job is gone for good, gets new attempts. */
async function askAgain(db: Db, releaseId: string): Promise<void> {
  const rows = await mastersOf(db, releaseId)
    .select('m.id')
    .where('m.state', '!=', 'ready')
    .where(
      sql<boolean>`not exists (select 1 from graphile_worker._private_jobs j
        where j.key = 'prepare:' || m.id and (j.locked_at is not null or j.attempts < j.max_attempts))`,
    )
    .execute()
  for (const { id } of rows) {
    await db.transaction().execute(async (tx) => {
      await tx.updateTable('masters').set({ state: 'waiting', problem: null }).where('id', '=', id).execute()
      await addJob(tx, 'audio.prepare', { masterId: id }, { key: `prepare:${id}`, attempts: 3 })
    })
  }
}

async function someWorkerLives(db: Db): Promise<boolean> {
  const { rows } = await sql<{ lives: boolean }>`
    select exists (select 1 from workers where seen_at > now() - ${SILENT}::interval) as lives`.execute(db)
  return rows[0]?.lives ?? false
}
