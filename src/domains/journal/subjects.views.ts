import { sql } from 'kysely'
import type { Offer, OfferSource, SubjectSource } from '../exchange/index.ts'
import { postPath } from './paths.rules.ts'

type Row = { id: string; senderId: string; title: string; writerSlug: string; slug: string }

const posts: SubjectSource = async (db, ids) => {
  const { rows } = await sql<Row>`
    select p.id, p.sender_id, p.title, w.slug as writer_slug, p.slug
    from posts p join senders w on w.id = p.sender_id where p.id = any(${ids}::uuid[])`.execute(db)
  return new Map(
    rows.map(({ id, senderId, title, writerSlug, slug }) => [
      id,
      { artistId: senderId, title, path: postPath(writerSlug, slug), givenAs: `post:${id}` },
    ]),
  )
}

/** How the exchange learns what `post:` ids are. */
export const journalSubjects = { post: posts }

/** What this artist or label may speak of: the latest posts. */
export const journalOffers: OfferSource = async (db, senderId) => {
  const { rows } = await sql<Offer>`
    select 'post:' || id as subject, title, null as within,
      case when visibility = 'public' then published_at when visibility = 'scheduled' then publish_at end as "publicAt"
    from posts where sender_id = ${senderId} and removed_at is null order by created_at desc limit 50`.execute(db)
  return rows
}
