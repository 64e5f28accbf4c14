import './tables.ts'
import { sql } from 'kysely'
import { type Db, PREPARED } from '../../platform/database/index.ts'
import { momentum, PAST_DAYS } from './momentum.rules.ts'
import { tallyDaysIn } from './tallies.ts'

/** A burst is told for so many days. */
const TOLD_DAYS = 7

/** A day (`YYYY-MM-DD` in the artist's time zone) with its listens, and what such a day usually brings. */
export type Burst = { day: string; listens: number; usual: number }

/**
 * The last day of the past week on which more was listened to than the artist's own past explains; each day is compared with the twelve weeks before it. Null when there was none, and as long as the first
 * listen is younger than that.
 */
export async function burstOf(db: Db, artistId: string, now: Date, zone: string): Promise<Burst | null> {
  await tallyDaysIn(db, artistId, zone)
  const { rows } = await sql<{ day: string; listens: number }>`
    ${sql.raw(PREPARED)} with today as (select (${now}::timestamptz at time zone ${zone})::date as day), counted as (
      select key as day, n::int as listens from tallies where of_id = ${artistId} and by = 'd' and kind = 'listen'
    )
    select d::date::text as day, coalesce(c.listens, 0) as listens
    from today, generate_series(today.day - ${PAST_DAYS + TOLD_DAYS}::int, today.day - 1, interval '1 day') d left join counted c on c.day = d::date::text
    where exists (select from counted, today where counted.listens > 0 and counted.day < (today.day - ${PAST_DAYS + TOLD_DAYS - 1}::int)::text)
    order by d`.execute(db)
  for (let i = rows.length - 1; i >= PAST_DAYS; i--) {
    const { day, listens } = rows[i] as { day: string; listens: number }
    const past = rows.slice(i - PAST_DAYS, i).map((row) => row.listens)
    const { isBurst, usual } = momentum(past, listens)
    if (isBurst) return { day, listens, usual: Math.round(usual) }
  }
  return null
}
