import { sql } from 'kysely'
import type { Platform } from '../../platform/platform.ts'

/**
 * A worker killed during the last attempt says nothing any more: sounds that wait for a job that will not run again are marked as failed, so that somebody can
 * try again. Answers with how many there were.
 */
export async function settleMasters({ db }: Pick<Platform, 'db'>): Promise<number> {
  const problem = JSON.stringify({ code: 'crashed', detail: 'no attempt is left, and none reported' })
  const { numAffectedRows } = await sql`
    update masters m set state = 'failed', problem = ${problem}::jsonb
    where state in ('waiting', 'preparing') and not exists (
      select 1 from graphile_worker.jobs j
      where j.key = 'prepare:' || m.id and (j.attempts < j.max_attempts or j.locked_at is not null)
    )`.execute(db)
  return Number(numAffectedRows ?? 0)
}
