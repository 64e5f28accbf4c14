import './tables.ts'
import { sql } from 'kysely'
import { type Db, PREPARED } from '../../platform/database/index.ts'
import { type Spread, spreadOf } from './brought.views.ts'
import { type Lasting, lastingOf } from './lasting/lasting.views.ts'
import { type SpentLater, spentLater } from './money.views.ts'
import type { Subject } from './subjects.ts'

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
  const { facts, reading, readAt } = await keptReading(db, artistId, gift.id)
  if (facts <= readAtOnce) return { reading: await read(db, artistId, gift, now), readAt: null, isOld: false }
  return { reading, readAt, isOld: !readAt || readAt.getTime() < now.getTime() - READING_LASTS_MS }
}

/**
 * How far what was given under these subjects was carried on, taken together. Where very much came back: how far the first of them was, as it was read last, and by
 * then the gift that is to be read anew (`exchange.read`). Null when none of them was given.
 */
export async function spreadAcross(
  db: Db,
  artistId: string,
  [first, ...others]: readonly [Subject, ...Subject[]],
  now: Date,
): Promise<{ spread: Spread | null; readAt: Date | null; isOld: boolean; giftId: string } | null> {
  const subjects = [first, ...others]
  const gifts = await db
    .selectFrom('gifts')
    .select(['id', 'subject', 'kind', 'at'])
    .where('artistId', '=', artistId)
    .where('subject', 'in', subjects)
    .execute()
  const own = gifts.find(({ subject }) => subject === first)
  if (!own) return null
  const { facts, ...kept } = await keptReading(db, artistId, own.id)
  if (facts > READ_AT_ONCE) {
    const isOld = !kept.readAt || kept.readAt.getTime() < now.getTime() - READING_LASTS_MS
    return { spread: kept.reading?.spread ?? null, readAt: kept.readAt, isOld, giftId: own.id }
  }
  const ids = await withThoseOf(
    db,
    gifts.map(({ id }) => id),
  )
  return { spread: await spreadOf(db, artistId, ids), readAt: null, isOld: false, giftId: own.id }
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
  const ids = await withThoseOf(db, [gift.id])
  const [spread, lasting, spent] = await Promise.all([
    spreadOf(db, artistId, ids),
    lastingOf(db, artistId, gift, ids, now),
    spentLater(db, artistId, ids),
  ])
  return { spread, lasting, spent }
}

/** How many facts there are of an artist, and what was read of a gift last. */
async function keptReading(db: Db, artistId: string, giftId: string) {
  const { rows } = await sql<{ facts: number; reading: Reading | null; readAt: Date | null }>`
    ${sql.raw(PREPARED)} select coalesce((select n from tallies where of_id = ${artistId} and by = 't' and key = '' and kind = 'fact' and currency = ''), 0)::float8 as facts,
      reading, read_at as "readAt"
    from (select ${giftId}::uuid as gift_id) g left join gift_readings using (gift_id)`.execute(db)
  return rows[0] ?? { facts: 0, reading: null, readAt: null }
}

/** These gifts with those that were made together with them. */
async function withThoseOf(db: Db, giftIds: string[]): Promise<string[]> {
  const others = await db.selectFrom('gifts').select('id').where('operationId', 'in', giftIds).execute()
  return [...giftIds, ...others.map(({ id }) => id)]
}
