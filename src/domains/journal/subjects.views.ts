import { sql } from 'kysely'
import type { Offer, OfferSource, SubjectSource } from '../exchange/index.ts'
import { postPath } from './paths.rules.ts'
import { GIVEN_TO } from './post.views.ts'

type Row = { id: string; senderId: string; title: string; writerSlug: string; slug: string; publicAt: Date | null }

/** Of a post `p`. */
const PUBLIC_AT = sql.raw(
  "case when p.removed_at is not null then null when p.visibility = 'public' then p.published_at when p.visibility = 'scheduled' then p.publish_at end",
)

const posts: SubjectSource = async (db, ids) => {
  const { rows } = await sql<Row>`
    select p.id, p.sender_id, p.title, w.slug as writer_slug, p.slug, ${PUBLIC_AT} as public_at
    from posts p join senders w on w.id = p.sender_id where p.id = any(${ids}::uuid[])`.execute(db)
  return new Map(
    rows.map(({ id, senderId, title, writerSlug, slug, publicAt }) => [
      id,
      { artistId: senderId, title, path: postPath(writerSlug, slug), givenAs: `post:${id}`, publicAt },
    ]),
  )
}

/** How the exchange learns what `post:` ids are. */
export const journalSubjects = { post: posts }

/** What this artist or label may speak of: the latest posts, or those that are named. */
export const journalOffers: OfferSource = async (db, senderId, named) => {
  const { rows } = await sql<Offer>`
    select 'post:' || p.id as subject, p.title, null as within, ${PUBLIC_AT} as "publicAt", ${GIVEN_TO} as "givenTo"
    from posts p where p.sender_id = ${senderId} and p.removed_at is null
      and ${named ? sql`'post:' || p.id = any(${named}::text[])` : sql`true`}
    order by p.created_at desc limit ${named ? null : 50}`.execute(db)
  return rows
}
