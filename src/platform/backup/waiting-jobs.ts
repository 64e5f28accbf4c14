import type pg from 'pg'
import * as z from 'zod'

/** A job that was waiting, running or failed when the backup was made. Restored, it waits. */
const WaitingJob = z.object({
  task: z.string(),
  payload: z.unknown(),
  queue: z.string().nullable(),
  runAt: z.string(),
  maxAttempts: z.number(),
  priority: z.number(),
  key: z.string().nullable(),
})
export type WaitingJob = z.infer<typeof WaitingJob>

export const parseJobs = (text: string): WaitingJob[] => z.array(WaitingJob).parse(JSON.parse(text))

/** All jobs but those that the clock adds: they carry their own name as their key, and come again by themselves. */
export async function waitingJobs(client: pg.ClientBase): Promise<WaitingJob[]> {
  const { rows: there } = await client.query<{ found: string | null }>(
    `select to_regclass('graphile_worker._private_jobs') as found`,
  )
  if (!there[0]?.found) return []
  const { rows } = await client.query<WaitingJob>(`
    select t.identifier as task, j.payload, q.queue_name as queue, j.key, j.priority::int as priority, j.max_attempts::int as "maxAttempts",
      to_char(j.run_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "runAt"
    from graphile_worker._private_jobs j
    join graphile_worker._private_tasks t on t.id = j.task_id
    left join graphile_worker._private_job_queues q on q.id = j.job_queue_id
    where j.key is distinct from t.identifier order by j.id`)
  return rows
}

/** Puts them in place of whatever waits there. */
export async function restoreJobs(client: pg.ClientBase, jobs: WaitingJob[]): Promise<void> {
  await client.query('delete from graphile_worker._private_jobs')
  for (const job of jobs)
    await client.query(
      `select graphile_worker.add_job(identifier => $1::text, payload => $2::json, queue_name => $3::text, run_at => $4::timestamptz,
         max_attempts => $5::int, job_key => $6::text, priority => $7::int)`,
      [job.task, JSON.stringify(job.payload), job.queue, job.runAt, job.maxAttempts, job.key, job.priority],
    )
}
