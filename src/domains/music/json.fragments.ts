import { type RawBuilder, sql } from 'kysely'

/** Pieces of queries that fold rows into JSON, so that a page is one question to the database. */
type Piece = RawBuilder<unknown>

const names = (table: Piece, owner: Piece, id: Piece): Piece => sql`(
  select coalesce(json_agg(json_build_object('name', n.name, 'slug', home.slug, 'isFeatured', n.is_featured) order by n.position), '[]')
  from ${table} n left join artists home on home.id = n.artist_id and home.goes_at is null where n.${owner} = ${id})`

export const releaseArtists = (id: Piece): Piece => names(sql`release_artists`, sql`release_id`, id)
export const recordingArtists = (id: Piece): Piece => names(sql`recording_artists`, sql`recording_id`, id)

const credits = (owner: Piece, id: Piece): Piece => sql`(
  select coalesce(json_agg(json_build_object('role', c.role, 'detail', c.detail, 'name', c.name) order by c.position), '[]')
  from credits c where c.${owner} = ${id})`

export const releaseCredits = (id: Piece): Piece => credits(sql`release_id`, id)
export const recordingCredits = (id: Piece): Piece => credits(sql`recording_id`, id)

export const cover = (id: Piece): Piece => sql`(
  select json_build_object('id', i.id, 'sha256', i.sha256, 'width', i.width, 'height', i.height, 'widths', i.widths, 'palette', i.palette)
  from images i where i.id = ${id})`

/** In what may be seen by everyone at a moment: `r` is the release. */
export const isPublic = (now: Date): Piece =>
  sql`(r.visibility = 'public' or (r.visibility = 'scheduled' and r.publish_at <= ${now}))`

/** Whose members see a release `r` as long as not everybody does; null where none do. */
export const givenTo: Piece = sql`(case when r.for_members and r.visibility in ('members', 'scheduled')
  then json_build_object('artistId', r.artist_id, 'plans', r.member_plans) end)`

/**
 * In what is for members, and is told of to who holds memberships with these keys (`planKeys`): they may see it, or everybody sees that it exists. `of` is
 * a release `r` or a post `p`.
 */
export const listedFor = (of: 'r' | 'p', keys: Piece): Piece => {
  const x = sql.raw(of)
  return sql`(${x}.for_members and ${x}.visibility in ('members', 'scheduled') and (${x}.members_listed
    or (${x}.member_plans = '{}' and ${x}.artist_id::text = any(${keys}::text[]))
    or exists (select from unnest(${x}.member_plans) plan where ${x}.artist_id || ':' || plan = any(${keys}::text[]))))`
}
