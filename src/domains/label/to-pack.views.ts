import { sql } from 'kysely'
import type { Db } from '../../platform/database/index.ts'

/** Of one artist: how many parcels wait, and since when the first of them. */
export type ToPack = { artistId: string; count: number; since: Date }

/** What these artists' buyers paid for and is sent by post: an order with an address, of which not all was given back. */
export async function toPack(db: Db, artistIds: string[]): Promise<ToPack[]> {
  const { rows } = await sql<ToPack>`
    select artist_id as "artistId", count(*)::int as count, min(paid_at) as since from orders
    where artist_id = any(${artistIds}::uuid[]) and state = 'paid' and address is not null and refunded < total
    group by artist_id`.execute(db)
  return rows
}
