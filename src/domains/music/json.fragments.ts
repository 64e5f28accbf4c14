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
