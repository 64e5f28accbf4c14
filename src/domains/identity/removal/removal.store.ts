import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import type { Leftover, Owner, Removing } from './belongings.ts'

/** How many days everything can be brought back. */
export const DAYS_TO_UNDO = 14

export type Removal = {
  id: string
  artistId: string | null
  labelId: string | null
  askedBy: string | null
  askedAt: Date
  goesAt: Date
  kept: Record<string, unknown>
  begunAt: Date | null
}

const COLUMNS = ['id', 'artistId', 'labelId', 'askedBy', 'askedAt', 'goesAt', 'kept', 'begunAt'] as const

/** The removal that is under way of this artist or label, if there is one. */
export const removalOf = (db: Db | Tx, { kind, id }: Pick<Owner, 'kind' | 'id'>): Promise<Removal | undefined> =>
  db
    .selectFrom('removals')
    .select(COLUMNS)
    .where(kind === 'artist' ? 'artistId' : 'labelId', '=', id)
    .where('undoneAt', 'is', null)
    .where('doneAt', 'is', null)
    .executeTakeFirst()

export async function ownerById(db: Db | Tx, kind: Owner['kind'], id: string): Promise<Owner | null> {
  if (kind === 'artist') {
    const artist = await db
      .selectFrom('artists')
      .select(['id', 'name', 'slug', 'language'])
      .where('id', '=', id)
      .executeTakeFirst()
    return artist ? { kind, ...artist } : null
  }
  const label = await db.selectFrom('labels').select(['id', 'name', 'slug']).where('id', '=', id).executeTakeFirst()
  return label ? { kind, ...label, language: 'en' } : null
}

/** What goes on its way at a moment, or stays. */
export const setGoesAt = (tx: Tx, { kind, id }: Owner, goesAt: Date | null) =>
  kind === 'artist'
    ? tx.updateTable('artists').set({ goesAt }).where('id', '=', id).execute()
    : tx.updateTable('labels').set({ goesAt }).where('id', '=', id).execute()

/** The list of what is left over, of one removal. */
export const leftoversOf = (removalId: string): Omit<Removing, 'hiddenSince'> => ({
  async leave(tx, leftovers) {
    if (!leftovers.length) return
    const kinds = leftovers.map(({ kind }) => kind)
    const keys = leftovers.map(({ key }) => key)
    await sql`
      insert into removal_leftovers (removal_id, kind, key)
      select ${removalId}, kind, key from unnest(${kinds}::text[], ${keys}::text[]) as l(kind, key)
      on conflict do nothing`.execute(tx)
  },
  async left(tx, kind, limit) {
    const rows = await tx
      .selectFrom('removalLeftovers')
      .select('key')
      .where('removalId', '=', removalId)
      .where('kind', '=', kind)
      .orderBy('key')
      .limit(limit)
      .execute()
    return rows.map(({ key }) => key)
  },
  async settle(tx: Tx, kind: Leftover['kind'], keys: string[]) {
    if (keys.length)
      await tx
        .deleteFrom('removalLeftovers')
        .where('removalId', '=', removalId)
        .where('kind', '=', kind)
        .where('key', 'in', keys)
        .execute()
  },
})
