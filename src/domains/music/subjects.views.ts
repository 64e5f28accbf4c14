import { sql } from 'kysely'
import type { Offer, OfferSource, SubjectFacts, SubjectSource } from '../exchange/index.ts'
import { givenTo } from './json.fragments.ts'
import { releasePath, trackPath } from './paths.rules.ts'

type Row = {
  id: string
  artistId: string
  title: string
  artistSlug: string
  slug: string
  trackSlug: string | null
  releaseId: string
  publicAt: Date | null
}

/** Of a release `r`. */
const PUBLIC_AT = sql.raw(
  "case when r.removed_at is not null then null when r.visibility = 'public' then r.published_at when r.visibility = 'scheduled' then r.publish_at end",
)

const fact = (row: Row): SubjectFacts => ({
  artistId: row.artistId,
  title: row.title,
  path: row.trackSlug ? trackPath(row.artistSlug, row.slug, row.trackSlug) : releasePath(row.artistSlug, row.slug),
  givenAs: `release:${row.releaseId}`,
  publicAt: row.publicAt,
})

const releases: SubjectSource = async (db, ids) => {
  const { rows } = await sql<Row>`
    select r.id, r.artist_id, r.title, a.slug as artist_slug, r.slug, null as track_slug, r.id as release_id, ${PUBLIC_AT} as public_at
    from releases r join artists a on a.id = r.artist_id where r.id = any(${ids}::uuid[])`.execute(db)
  return new Map(rows.map((row) => [row.id, fact(row)]))
}

/** Tracks taken off their release stay readable in what came back from them. */
const tracks: SubjectSource = async (db, ids) => {
  const { rows } = await sql<Row>`
    select t.id, r.artist_id, rec.title, a.slug as artist_slug, r.slug, t.slug as track_slug, r.id as release_id,
      case when t.is_there then ${PUBLIC_AT} end as public_at
    from (select id, release_id, recording_id, slug, true as is_there from tracks where id = any(${ids}::uuid[])
      union all select id, release_id, recording_id, slug, false from removed_tracks where id = any(${ids}::uuid[])) t
    join recordings rec on rec.id = t.recording_id join releases r on r.id = t.release_id join artists a on a.id = r.artist_id`.execute(
    db,
  )
  return new Map(rows.map((row) => [row.id, fact(row)]))
}

/** How the exchange learns what `release:` and `track:` ids are. */
export const musicSubjects = { release: releases, track: tracks }

/** What this artist may give and speak of: the latest releases, each followed by its tracks; or those that are named. */
export const musicOffers: OfferSource = async (db, artistId, named) => {
  const { rows } = await sql<Offer>`
    with mine as (
      select r.id, r.title, ${PUBLIC_AT} as public_at, ${givenTo} as given_to, r.created_at
      from releases r where r.artist_id = ${artistId} and r.removed_at is null order by r.created_at desc limit ${named ? null : 100}
    )
    select subject, title, within, public_at as "publicAt", given_to as "givenTo" from (
      select 'release:' || id as subject, title, null as within, public_at, given_to, created_at, 0 as disc, 0 as place from mine
      union all
      select 'track:' || t.id, rec.title, 'release:' || m.id, m.public_at, m.given_to, m.created_at, t.disc, t.position
      from mine m join tracks t on t.release_id = m.id join recordings rec on rec.id = t.recording_id
    ) offers where ${named ? sql`subject = any(${named}::text[])` : sql`true`} order by created_at desc, coalesce(within, subject), disc, place`.execute(
    db,
  )
  return rows
}
