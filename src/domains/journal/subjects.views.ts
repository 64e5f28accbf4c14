import { sql } from 'kysely'
import type { Offer, OfferSource, SubjectSource } from '../exchange/index.ts'
import { postPath } from './paths.rules.ts'

type Row = { id: string; artistId: string; title: string; artistSlug: string; slug: string }

const posts: SubjectSource = async (db, ids) => {
  const { rows } = await sql<Row>`
    select p.id, p.artist_id, p.title, a.slug as artist_slug, p.slug
    from posts p join artists a on a.id = p.artist_id where p.id = any(${ids}::uuid[])`.execute(db)
  return new Map(
    rows.map(({ id, artistId, title, artistSlug, slug }) => [
      id,
      { artistId, title, path: postPath(artistSlug, slug), givenAs: `post:${id}` },
    ]),
  )
}

/** How the exchange learns what `post:` ids are. */
export const journalSubjects = { post: posts }

/** What this artist may speak of: the latest posts. */
export const journalOffers: OfferSource = async (db, artistId) => {
  const { rows } = await sql<Offer>`
    select 'post:' || id as subject, title, null as within,
      case when visibility = 'public' then published_at when visibility = 'scheduled' then publish_at end as "publicAt"
    from posts where artist_id = ${artistId} and removed_at is null order by created_at desc limit 50`.execute(db)
  return rows
}
