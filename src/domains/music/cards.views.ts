import { type RawBuilder, sql } from 'kysely'
import { type Db, PREPARED, type Tx } from '../../platform/database/index.ts'
import { appearsWith } from './appearances.ts'
import { type GivenTo, type Membership, membershipFor, planKeys } from './given.rules.ts'
import { cover, givenTo, isPublic, listedFor, releaseArtists } from './json.fragments.ts'
import { releasePath } from './paths.rules.ts'
import type { Cover, Named } from './public.types.ts'
import type { ReleaseKind } from './tables.ts'

/** A release among others. */
export type ReleaseCard = {
  id: string
  path: string
  artistId: string
  artistSlug: string
  slug: string
  title: string
  kind: ReleaseKind
  /** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
  date: string | null
  publishedAt: Date | null
  artists: Named[]
  cover: Cover | null
  trackCount: number
}

/**
 * Everything public by an artist, newest first: their own catalogue, and what they appear on elsewhere in this place, as far as they
 * agreed (`isOwn` false).
 */
export async function artistReleases(
  db: Db | Tx,
  artistId: string,
  now: Date,
): Promise<(ReleaseCard & { isOwn: boolean })[]> {
  const cards = await readCards(
    db,
    sql`${isPublic(now)} and (r.artist_id = ${artistId} or ${appearsWith(artistId)})`,
    500,
  )
  return cards.map((card) => ({ ...card, isOwn: card.artistId === artistId }))
}

/** What an artist gave to members, newest first: what these memberships open, and what everybody may know of (`opens` false). */
export async function memberReleases(
  db: Db | Tx,
  artistId: string,
  now: Date,
  memberships: readonly Membership[] = [],
): Promise<(ReleaseCard & { opens: boolean; membersAt: Date | null })[]> {
  const cards = await readCards(
    db,
    sql`r.removed_at is null and r.artist_id = ${artistId} and not ${isPublic(now)} and ${listedFor('r', sql`${planKeys(memberships)}`)}`,
    100,
  )
  if (!cards.length) return []
  const { rows } = await sql<{ id: string; givenTo: GivenTo | null; membersAt: Date | null }>`
    select r.id, ${givenTo} as given_to, r.members_at from releases r where r.id = any(${cards.map(({ id }) => id)}::uuid[])`.execute(
    db,
  )
  const known = new Map(rows.map((row) => [row.id, row]))
  return cards.map((card) => {
    const row = known.get(card.id)
    return {
      ...card,
      opens: membershipFor(row?.givenTo ?? null, memberships) !== undefined,
      membersAt: row?.membersAt ?? null,
    }
  })
}

/** What came out last in this place. */
export const latestReleases = (db: Db | Tx, now: Date, limit = 12): Promise<ReleaseCard[]> =>
  readCards(db, isPublic(now), limit)

/** What came out under a label, and what its own artists brought out under none, newest first. */
export const labelReleases = (
  db: Db | Tx,
  label: { id: string; artistIds: string[] },
  now: Date,
): Promise<ReleaseCard[]> =>
  readCards(
    db,
    sql`${isPublic(now)} and (r.label_id = ${label.id}
      or (r.label_id is null and r.label_name is null and r.artist_id = any(${label.artistIds}::uuid[])))`,
    500,
  )

/** These releases, as far as they are public, by id. */
export async function releaseCards(db: Db | Tx, ids: string[], now: Date): Promise<Map<string, ReleaseCard>> {
  if (!ids.length) return new Map()
  const cards = await readCards(db, sql`${isPublic(now)} and r.id = any(${ids}::uuid[])`, ids.length)
  return new Map(cards.map((card) => [card.id, card]))
}

async function readCards(db: Db | Tx, where: RawBuilder<unknown>, limit: number): Promise<ReleaseCard[]> {
  const { rows } = await sql<Omit<ReleaseCard, 'path'>>`
    ${sql.raw(PREPARED)} select r.id, r.artist_id, a.slug as artist_slug, r.slug, r.title, r.kind, r.release_date as date, r.published_at,
      ${releaseArtists(sql`r.id`)} as artists, ${cover(sql`r.cover_image_id`)} as cover,
      (select count(*) from tracks t where t.release_id = r.id) as track_count
    from releases r join artists a on a.id = r.artist_id
    where ${where}
    order by coalesce(r.release_date, to_char(coalesce(r.published_at, r.publish_at), 'YYYY-MM-DD')) desc,
      coalesce(r.published_at, r.publish_at) desc, r.id desc
    limit ${limit}`.execute(db)
  return rows.map((row) => ({ ...row, path: releasePath(row.artistSlug, row.slug) }))
}
