import './tables.ts'
import { sql } from 'kysely'
import type { Db } from '../../platform/database/index.ts'
import { type Spread, spreadOf } from './brought.views.ts'
import { type Lasting, lastingOf } from './lasting/lasting.views.ts'
import { type SpentLater, spentLater } from './money.views.ts'

/** What is asked of people one by one, since nobody may count twice: how far a gift was carried, how long it lasts, what its takers spent later. */
export type Reading = { spread: Spread; lasting: Lasting; spent: SpentLater }

type Gift = { id: string; kind: string; at: Date }

/** An artist or label with more facts than this is read ahead: to ask each of so many people takes longer than a page should. */
const READ_AT_ONCE = 50_000
export const READING_LASTS_MS = 15 * 60_000

/**
 * The reading of a gift: of now, or, where very much came back, the last that was kept. `readAt` says which: null is now. Whoever shows a kept one that is older than
 * {@link READING_LASTS_MS} asks for another (`exchange.read`).
 */
export async function readingOf(
  db: Db,
  artistId: string,
  gift: Gift,
  now: Date,
  readAtOnce = READ_AT_ONCE,
): Promise<Reading & { readAt: Date | null }> {
  const { rows } = await sql<{ n: number }>`
    select coalesce(sum(n), 0)::float8 as n from tallies where of_id = ${artistId} and by = 't' and kind = 'fact'`.execute(
    db,
  )
  if ((rows[0]?.n ?? 0) <= readAtOnce) return { ...(await read(db, artistId, gift, now)), readAt: null }
  const kept = await db
    .selectFrom('giftReadings')
    .select(['reading', 'readAt'])
    .where('giftId', '=', gift.id)
    .executeTakeFirst()
  return kept ? { ...(kept.reading as Reading), readAt: kept.readAt } : keepReading(db, artistId, gift, now)
}

/** Reads a gift and keeps what was read. */
export async function keepReading(
  db: Db,
  artistId: string,
  gift: Gift,
  now: Date,
): Promise<Reading & { readAt: Date }> {
  const reading = await read(db, artistId, gift, now)
  const row = { reading: JSON.stringify(reading), readAt: now }
  await db
    .insertInto('giftReadings')
    .values({ giftId: gift.id, artistId, ...row })
    .onConflict((conflict) => conflict.column('giftId').doUpdateSet(row))
    .execute()
  return { ...reading, readAt: now }
}

async function read(db: Db, artistId: string, gift: Gift, now: Date): Promise<Reading> {
  const others = await db.selectFrom('gifts').select('id').where('operationId', '=', gift.id).execute()
  const ids = [gift.id, ...others.map(({ id }) => id)]
  const [spread, lasting, spent] = await Promise.all([
    spreadOf(db, artistId, ids),
    lastingOf(db, artistId, gift, ids, now),
    spentLater(db, artistId, ids),
  ])
  return { spread, lasting, spent }
}
