import { sql } from 'kysely'
import type { SubjectFacts, SubjectSource, Subjects } from '../exchange/index.ts'
import { productPath } from './paths.rules.ts'

const products: SubjectSource = async (db, ids) => {
  // When it was first offered is kept nowhere; while it is, its making stands for it. Music that is sold was given as its release: that is the gift.
  const { rows } = await sql<Omit<SubjectFacts, 'path'> & { id: string; slug: string; artistSlug: string }>`
    select p.id, p.artist_id as "artistId", p.title, p.slug, a.slug as "artistSlug",
      coalesce((select 'release:' || t.release_id from tracks t where t.id = case split_part(p.subject, ':', 1) when 'track' then split_part(p.subject, ':', 2)::uuid end), p.subject, 'product:' || p.id) as "givenAs",
      case when p.state = 'offered' and exists (select from variants v where v.product_id = p.id and v.removed_at is null) then p.created_at end as "publicAt"
    from products p join artists a on a.id = p.artist_id where p.id = any(${ids}::uuid[])`.execute(db)
  return new Map(
    rows.map(({ id, slug, artistSlug, ...facts }): [string, SubjectFacts] => [
      id,
      { ...facts, path: productPath(artistSlug, slug) },
    ]),
  )
}

/** A batch of codes, given as a whole. */
const codes: SubjectSource = async (db, ids) => {
  const rows = await db.selectFrom('codeBatches').select(['id', 'artistId', 'name']).where('id', 'in', ids).execute()
  return new Map(
    rows.map(({ id, artistId, name }): [string, SubjectFacts] => [
      id,
      { artistId, title: name, path: '/code', givenAs: `codes:${id}`, publicAt: null },
    ]),
  )
}

/** How the exchange learns what `product:` and `codes:` ids are. */
export const shopSubjects: Subjects = { product: products, codes }
