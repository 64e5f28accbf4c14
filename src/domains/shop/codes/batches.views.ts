import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'
import type { Subject } from '../../exchange/index.ts'
import { isOver } from './code.rules.ts'

export type Batch = {
  id: string
  artistId: string
  artistName: string
  subject: Subject
  name: string
  purpose: string
  until: string | null
  createdAt: Date
  count: number
  redeemed: number
  /** Neither used nor given to somebody by name. */
  left: number
  /** Of those redeemed, how many were kept in a library. */
  kept: number
  state: 'open' | 'closed' | 'over'
}

type Row = Omit<Batch, 'state'> & { closedAt: Date | null }

async function batches(db: Db, which: { artistId: string } | { id: string }, now: Date): Promise<Batch[]> {
  const { rows } = await sql<Row>`
    select b.id, b.artist_id as "artistId", a.name as "artistName", b.subject, b.name, b.purpose, b.until::text as until, b.created_at as "createdAt",
      b.closed_at as "closedAt", c.count, c.redeemed, c."left", c.kept
    from code_batches b join artists a on a.id = b.artist_id, lateral (
      select count(*)::int as count, count(c.redeemed_at)::int as redeemed,
        (count(*) filter (where c.redeemed_at is null and c.handed_at is null))::int as "left", count(h.id)::int as kept
      from codes c left join holdings h on h.key = 'code:' || c.code and c.redeemed_at is not null where c.batch_id = b.id
    ) c
    where ${'id' in which ? sql`b.id = ${which.id}` : sql`b.artist_id = ${which.artistId}`}
    order by b.created_at desc, b.id desc`.execute(db)
  return rows.map(({ closedAt, ...row }) => ({
    ...row,
    state: closedAt ? 'closed' : isOver(row.until, now) ? 'over' : 'open',
  }))
}

export const batchesOf = (db: Db, artistId: string, now: Date): Promise<Batch[]> => batches(db, { artistId }, now)

/** What each batch of an artist's codes is for, by its id. */
export const batchSubjects = async (db: Db, artistId: string): Promise<Map<string, string>> =>
  new Map(
    (await db.selectFrom('codeBatches').select(['id', 'subject']).where('artistId', '=', artistId).execute()).map(
      ({ id, subject }) => [id, subject],
    ),
  )

export const batchById = async (db: Db, id: string, now: Date): Promise<Batch | null> =>
  (await batches(db, { id }, now))[0] ?? null

export type BatchCode = {
  /** Its number in the batch, from 1. */
  position: number
  code: string
  redeemedAt: Date | null
  handedAt: Date | null
}

/** The codes of a batch, in their order. */
export const codesOf = (db: Db, batchId: string): Promise<BatchCode[]> =>
  db
    .selectFrom('codes')
    .select(['position', 'code', 'redeemedAt', 'handedAt'])
    .where('batchId', '=', batchId)
    .orderBy('position')
    .execute()
