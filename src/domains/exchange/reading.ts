import './tables.ts'
import { sql } from 'kysely'
import { type Db, PREPARED } from '../../platform/database/index.ts'
import { type Spread, spreadOf } from './brought.views.ts'
import { type Lasting, lastingOf } from './lasting/lasting.views.ts'
import { type SpentLater, spentLater } from './money.views.ts'

/** What is asked of people one by one, since nobody may count twice: how far a gift was carried, how long it lasts, what its takers spent later. */
export type Reading = { spread: Spread; lasting: Lasting; spent: SpentLater }

type Gift = { id: string; kind: string; at: Date }

/** An artist or label with more facts than this is read ahead: to ask each of so many people takes longer than a page should. */
const READ_AT_ONCE = 50_000
const READING_LASTS_MS = 15 * 60_000

/**
 * The reading of a gift: of now, or, where very much came back, the last that was kept, which may be none yet. `readAt` says which: null is now. Whoever shows one that is
 * not there, or older than a quarter of an hour, asks for another (`exchange.read`).
 */
export async function readingOf(
  db: Db,
  artistId: string,
  gift: Gift,
  now: Date,
  readAtOnce = READ_AT_ONCE,
): Promise<{ reading: Reading | null; readAt: Date | null; isOld: boolean }> {
  const { rows } = await sql<{ facts: number; reading: Reading | null; readAt: Date | null }>`
    ${sql.raw(PREPARED)} select coalesce((select n from tallies where of_id = ${artistId} and by = 't' and key = '' and kind = 'fact' and currency = ''), 0)::float8 as facts,
      reading, read_at as "readAt"
    from (select ${gift.id}::uuid as gift_id) g left join gift_readings using (gift_id)`.execute(db)
  const { facts = 0, reading = null, readAt = null } = rows[0] ?? {}
  if (facts <= readAtOnce) return { reading: await read(db, artistId, gift, now), readAt: null, isOld: false }
  return { reading, readAt, isOld: !readAt || readAt.getTime() < now.getTime() - READING_LASTS_MS }
}

/** Reads a gift and keeps what was read. */
export async function keepReading(db: Db, artistId: string, gift: Gift, now: Date): Promise<void> {
  const row = { reading: JSON.stringify(await read(db, artistId, gift, now)), readAt: now }
  await db
    .insertInto('giftReadings')
    .values({ giftId: gift.id, artistId, ...row })
    .onConflict((conflict) => conflict.column('giftId').doUpdateSet(row))
    .execute()
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
