import { sql } from 'kysely'
import type { Db } from '../database/index.ts'

export type JobCounts = { waiting: number; later: number; running: number; failed: number }

/** How many jobs stand where: due, due later, being done, given up after their last attempt. */
export async function jobCounts(db: Db): Promise<JobCounts> {
  const { rows } = await sql<JobCounts>`
    select count(*) filter (where locked_at is null and attempts < max_attempts and run_at <= now())::int as waiting,
      count(*) filter (where locked_at is null and attempts < max_attempts and run_at > now())::int as later,
      count(*) filter (where locked_at is not null)::int as running,
      count(*) filter (where locked_at is null and attempts >= max_attempts)::int as failed
    from graphile_worker._private_jobs`.execute(db)
  return rows[0] as JobCounts
}
