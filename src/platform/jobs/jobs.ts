import { type RawBuilder, sql } from 'kysely'
import { type Db, PREPARED, prepared, type Tx, WAKES } from '../database/index.ts'

/**
 * Every job and the shape of its payload. Each domain adds its own from its `jobs.ts`:
 * `declare module '../../platform/jobs/jobs.ts' { interface JobPayloads { 'audio.prepare': { masterId: string } } }`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by each domain
export interface JobPayloads {}
export type JobName = keyof JobPayloads & string

export type JobOptions = {
  /** Jobs of one key are one job: adding it again replaces what has not started. */
  key?: string
  runAt?: Date
  /** Jobs of one queue run one after the other. */
  queue?: string
  /** How often it is tried before it is left as failed, with growing pauses. 5 unless told. */
  attempts?: number
}

/** Adds a job inside the transaction of what asks for it: it starts after the commit, or never. */
export async function addJob<N extends JobName>(
  db: Db | Tx,
  name: N,
  payload: JobPayloads[N],
  options: JobOptions = {},
): Promise<void> {
  const { key = null, queue = null, runAt = null, attempts = 5 } = options
  const text = JSON.stringify(payload)
  if (key === null && queue === null && (await insertJob(db, name, text, runAt, attempts)).length > 0) return
  await sql`${sql.raw(PREPARED)} select graphile_worker.add_job(
    identifier => ${name}::text,
    payload => ${text}::json,
    queue_name => ${queue}::text,
    run_at => ${runAt}::timestamptz,
    max_attempts => ${attempts}::int,
    job_key => ${key}::text
  )`.execute(db)
}

/**
 * What `add_job` does for a job without key and queue whose task is known, but for its NOTIFY: Postgres commits transactions that notify one after the other, each with its own wait for
 * the disk. Workers are woken after the commit instead (see `wakeWorkers`). A test holds it against `add_job` itself.
 */
const insertJob = prepared<{ id: number }>(
  () => sql`
    ${sql.raw(WAKES)} insert into graphile_worker._private_jobs (task_id, payload, run_at, max_attempts)
    select id, $2::json, coalesce($3::timestamptz, now()), $4::int from graphile_worker._private_tasks where identifier = $1 returning id`,
)

/**
 * The same as a part of a larger statement, after its `with`: a job for each row of `from`. Where the task is not known yet, none is added: the statement says how many were (it returns their
 * ids), and who adds the first of all calls `addJob`.
 */
export const jobRows = (name: JobName, payload: RawBuilder<unknown>, from: RawBuilder<unknown>) =>
  sql`${sql.raw(WAKES)} insert into graphile_worker._private_jobs (task_id, payload, max_attempts)
    select task.id, ${payload}, 5 from graphile_worker._private_tasks task, ${from} where task.identifier = ${sql.lit(name)} returning id`

export type FailedJob = {
  id: string
  name: string
  attempts: number
  error: string | null
  at: Date
  payload: unknown
}

/** Jobs that used up their attempts, newest first. They stay until somebody tries them again or gives them up. */
export async function failedJobs(db: Db, limit = 100): Promise<FailedJob[]> {
  const { rows } = await sql<FailedJob>`
    select j.id::text as id, t.identifier as name, j.attempts, j.last_error as error, j.updated_at as at, j.payload
    from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
    where j.attempts >= j.max_attempts and j.locked_at is null
    order by j.updated_at desc limit ${limit}`.execute(db)
  return rows
}

/** Gives a failed job new attempts, now. False when there is no such failed job. */
export async function retryJob(db: Db | Tx, id: string): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    select id from graphile_worker.reschedule_jobs(array[${id}::bigint], run_at => now(), attempts => 0)`.execute(db)
  return rows.length > 0
}

/** Removes a failed job for good. */
export async function giveUpJob(db: Db | Tx, id: string): Promise<boolean> {
  const { rows } = await sql<{
    id: string
  }>`select id from graphile_worker.complete_jobs(array[${id}::bigint])`.execute(db)
  return rows.length > 0
}
