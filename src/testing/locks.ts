import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { bySomebodyElse } from './one-connection.ts'

/** How many wait for what another transaction holds. */
export async function howManyWait(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  )
  return rows[0]?.n ?? 0
}

/** Until one does; asked within the transaction that they wait for as well. */
export async function untilOneWaits(pool: pg.Pool): Promise<void> {
  while ((await bySomebodyElse(() => howManyWait(pool))) === 0) await sleep(10)
}
