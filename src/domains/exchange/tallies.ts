import './tables.ts'
import { sql } from 'kysely'
import { type Db, PREPARED } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'

/**
 * Counts into the tallies what the spine has taken in since: what is read from them afterwards holds every fact that was committed before. Answers with
 * how many rows that were. Its own transaction: never within one that writes to the spine.
 */
export async function tallySpine(db: Db): Promise<number> {
  const { rows } = await sql<{ counted: number }>`${sql.raw(PREPARED)} select tally_spine()::int as counted`.execute(db)
  return rows[0]?.counted ?? 0
}

/** The same; and the days of this artist or label are those of `zone` from now on. */
export async function tallyDaysIn(db: Db, artistId: string, zone: string): Promise<void> {
  const { rows } = await sql<{ same: boolean }>`
    ${sql.raw(PREPARED)} select tally_spine(), exists (select from tally_zones where artist_id = ${artistId} and zone = ${zone}) as same`.execute(
    db,
  )
  if (!rows[0]?.same) await sql`select tally_days_in(${artistId}, ${zone})`.execute(db)
}

const EACH_MS = 250
/** While facts arrive: what is left for a page to count is little. To count nothing costs a seventh of a millisecond. */
const BUSY_EACH_MS = 50
const BUSY_FOR_MS = 2_000

/** Counts all the time, so that nobody who opens a page has much to wait for. */
export function keepTallying({ db, log }: Pick<Platform, 'db' | 'log'>): { close(): Promise<void> } {
  let isOver = false
  let wake = () => undefined as unknown
  const work = async () => {
    let lastNew = Number.NEGATIVE_INFINITY
    while (!isOver) {
      const counted = await tallySpine(db).catch((error) => {
        log.warn({ err: error }, 'facts could not be counted; it is tried again')
        return 0
      })
      if (counted > 0) lastNew = performance.now()
      const wait = performance.now() - lastNew < BUSY_FOR_MS ? BUSY_EACH_MS : EACH_MS
      await new Promise<void>((resolve) => {
        wake = resolve
        setTimeout(resolve, wait).unref()
      })
    }
  }
  const working = work()
  return {
    async close() {
      isOver = true
      wake()
      await working
    },
  }
}
