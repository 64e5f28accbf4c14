import { EventEmitter } from 'node:events'
import type { TaskList, WorkerEvents } from 'graphile-worker'
import type pg from 'pg'
import type { Log } from '../log.ts'
import type { JobName, JobPayloads } from './jobs.ts'

export type JobContext = {
  /** Which attempt this is, from 1. */
  attempt: number
  lastAttempt: boolean
  /** In whose name it is held: a row of `workers`, for as long as that process lives. */
  worker: string
  /** Aborted when the program must stop: give up and throw, the job will be tried again. */
  signal: AbortSignal
  log: Log
}
export type JobHandler<N extends JobName> = (payload: JobPayloads[N], context: JobContext) => Promise<void>
export type JobHandlers = { [N in JobName]: JobHandler<N> }

/** A job added by the clock: `pattern` in crontab notation, UTC. Its payload is empty. */
export type Schedule = { name: JobName; pattern: string }

export type RunningWorker = { stop(): Promise<void>; ended: Promise<void> }

const HEARTBEAT_MS = 10_000
const SILENT = '45 seconds'

/** In SQL: the workers that live, as far as can be known. */
export const LIVING_WORKERS = `select id from workers where seen_at > now() - interval '${SILENT}'`

/** Jobs that have places of their own, so that they neither wait for others nor are waited for. */
export type Lane = { jobs: JobName[]; concurrency: number }

/**
 * Takes jobs from the database and runs them, a few at a time; those of each lane by themselves. A worker that dies gives back what it held: each says every ten
 * seconds that it is alive, and the jobs of those that fell silent are unlocked (graphile-worker alone would wait four hours).
 */
export async function startWorker(options: {
  pool: pg.Pool
  handlers: JobHandlers
  schedules: Schedule[]
  concurrency: number
  lanes?: Lane[]
  log: Log
  /** True when no other worker can exist: every lock found is then one of the dead. */
  alone: boolean
}): Promise<RunningWorker> {
  const { pool, log } = options
  // Whoever imports this folder adds jobs; only a worker needs what runs them.
  const { Logger, parseCronItems, run } = await import('graphile-worker')
  const ids = new Set<string>()
  const events: WorkerEvents = new EventEmitter()
  // Jobs are held in the name of the pool or of one of its workers, as graphile-worker sees fit.
  events.on('pool:create', ({ workerPool }) => void ids.add(workerPool.id))
  events.on('worker:create', ({ worker }) => void ids.add(worker.workerId))
  events.on('worker:release', ({ worker }) => void ids.delete(worker.workerId))
  events.on('job:failed', ({ job, error }) =>
    log.error({ job: job.id, task: job.task_identifier, err: error }, 'job failed for good'),
  )
  events.on('job:error', ({ job, error }) =>
    log.warn({ job: job.id, task: job.task_identifier, attempt: job.attempts, err: error }, 'job failed'),
  )

  if (options.alone) {
    await pool.query('delete from workers')
    await unlock(pool, [])
  }
  const tasks = taskList(options.handlers, log)
  const { lanes = [] } = options
  const apart = new Set<string>(lanes.flatMap(({ jobs }) => jobs))
  const only = (keep: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(tasks).filter(([name]) => keep(name)))
  const runIn = (taskList: TaskList, concurrency: number, schedules: Schedule[]) =>
    run({
      pgPool: pool,
      taskList,
      parsedCronItems: parseCronItems(
        schedules.map(({ name, pattern }) => ({
          task: name,
          match: pattern,
          identifier: name,
          options: { jobKey: name, maxAttempts: 3 },
        })),
      ),
      concurrency,
      noHandleSignals: true,
      pollInterval: 2_000,
      events,
      logger: new Logger(() => (level, message) => void (level === 'error' && log.error(message))),
    })
  const runners = [
    await runIn(
      only((name) => !apart.has(name)),
      options.concurrency,
      options.schedules,
    ),
  ]
  for (const { jobs, concurrency } of lanes)
    runners.push(
      await runIn(
        only((name) => jobs.some((job) => job === name)),
        concurrency,
        [],
      ),
    )
  const beat = async () => {
    try {
      await sayAlive(pool, [...ids])
      await releaseTheDead(pool)
    } catch (error) {
      log.warn({ err: error }, 'worker heartbeat failed')
    }
  }
  await beat()
  const timer = setInterval(beat, HEARTBEAT_MS)
  return {
    ended: Promise.all(runners.map(({ promise }) => promise)).then(() => undefined),
    async stop() {
      clearInterval(timer)
      const mine = [...ids]
      await Promise.all(runners.map((runner) => runner.stop()))
      await pool.query('delete from workers where id = any($1)', [mine]).catch(() => undefined)
    },
  }
}

function taskList(handlers: JobHandlers, log: Log): TaskList {
  return Object.fromEntries(
    Object.entries(handlers as Record<string, (payload: unknown, context: JobContext) => Promise<void>>).map(
      ([name, handle]) => [
        name,
        async (payload, helpers) => {
          const { attempts, max_attempts: max } = helpers.job
          const context = {
            attempt: attempts,
            lastAttempt: attempts >= max,
            worker: helpers.job.locked_by ?? '',
            signal: helpers.abortSignal,
            log: log.child({ job: helpers.job.id, task: name }),
          }
          await handle(payload, context)
        },
      ],
    ),
  )
}

async function sayAlive(pool: pg.Pool, ids: string[]): Promise<void> {
  await pool.query(
    'insert into workers (id) select unnest($1::text[]) on conflict (id) do update set seen_at = now()',
    [ids],
  )
}

async function releaseTheDead(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(LIVING_WORKERS)
  await unlock(
    pool,
    rows.map((row) => row.id),
  )
  await pool.query(`delete from workers where seen_at < now() - interval '1 day'`)
}

async function unlock(pool: pg.Pool, living: string[]): Promise<void> {
  await pool.query(
    `select graphile_worker.force_unlock_workers(array_agg(distinct locked_by)) from (
       select locked_by from graphile_worker._private_jobs where locked_by is not null and locked_by <> all($1)
         and (locked_at < now() - interval '${SILENT}' or $2)
       union select locked_by from graphile_worker._private_job_queues where locked_by is not null and locked_by <> all($1)
         and (locked_at < now() - interval '${SILENT}' or $2)
     ) dead having count(*) > 0`,
    [living, living.length === 0],
  )
}
