import '../tables.ts'
import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import type { AskedToFollow } from '../tables.ts'

/** Where a row of `press_followers` (f) is of somebody who may see the page now, by itself or by their link (l), and whose artist tells. */
export const isTold = (now: Date): RawBuilder<boolean> => sql<boolean>`
  f.confirmed_at is not null and exists (select from press_pages p join artists ar on ar.id = p.artist_id
    where p.artist_id = f.artist_id and p.tells_momentum and ar.goes_at is null
      and case when f.link_id is null then p.is_public else p.is_public or (l.revoked_at is null and l.expires_at > ${now}) end)`

export type Follower = {
  id: string
  address: string
  since: Date
  /** Whom the private link by which they came was made for. */
  by: string | null
  /** Whether they would be told if something happened now. */
  isTold: boolean
}

/** Who follows an artist's page for professionals, the first first; those who did not say yet that the address is theirs stand nowhere. */
export async function followersOf(db: Db, artistId: string, now: Date): Promise<Follower[]> {
  const { rows } = await sql<Follower>`
    select f.id, a.address, f.confirmed_at as since, l.made_for as by, ${isTold(now)} as "isTold"
    from press_followers f join fan_addresses a on a.id = f.address_id and a.removed_at is null left join press_links l on l.id = f.link_id
    where f.artist_id = ${artistId} and f.confirmed_at is not null order by f.confirmed_at, f.id limit 2000`.execute(db)
  return rows
}

/** Whether whoever follows an artist's page is told when something happens: only if the artist says so. */
export async function tellsMomentum(db: Db | Tx, artistId: string): Promise<boolean> {
  const row = await db
    .selectFrom('pressPages')
    .select('tellsMomentum')
    .where('artistId', '=', artistId)
    .executeTakeFirst()
  return row?.tellsMomentum ?? false
}

export type OneFollower = {
  id: string
  artistId: string
  artist: string
  slug: string
  address: string
  addressId: string
  isConfirmed: boolean
  /** What they asked and did not confirm yet. */
  askedWith: AskedToFollow | null
  language: Lang
}

/** Somebody who asked to be told, whose address is still known. */
export async function followerById(db: Db | Tx, id: string): Promise<OneFollower | null> {
  const row = await db
    .selectFrom('pressFollowers')
    .innerJoin('fanAddresses', 'fanAddresses.id', 'pressFollowers.addressId')
    .innerJoin('artists', 'artists.id', 'pressFollowers.artistId')
    .select(['pressFollowers.id', 'artistId', 'artists.name as artist', 'artists.slug', 'address', 'addressId'])
    .select(['askedWith', 'pressFollowers.language', 'confirmedAt'])
    .where('pressFollowers.id', '=', id)
    .where('removedAt', 'is', null)
    .where('artists.goesAt', 'is', null)
    .executeTakeFirst()
  if (!row) return null
  const { confirmedAt, ...follower } = row
  return { ...follower, isConfirmed: confirmedAt !== null }
}

/** When those who follow were last told, of which day, and how many. */
export type LastTold = { at: Date; day: string; people: number }

export async function lastTold(db: Db, artistId: string): Promise<LastTold | null> {
  const { rows } = await sql<LastTold>`
    select b.found_at as at, b.began_on as day, count(*)::int as people from press_bursts b join press_tellings t on t.burst_id = b.id
    where b.artist_id = ${artistId} group by b.id order by b.began_on desc limit 1`.execute(db)
  return rows[0] ?? null
}
