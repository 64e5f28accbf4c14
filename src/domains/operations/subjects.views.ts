import { sql } from 'kysely'
import type { Offer, OfferSource, SubjectFacts, SubjectSource } from '../exchange/index.ts'
import { operationPath } from './paths.rules.ts'

const operations: SubjectSource = async (db, ids) => {
  const rows = await db
    .selectFrom('operations')
    .innerJoin('artists', 'artists.id', 'operations.artistId')
    .select(['operations.id', 'artistId', 'title', 'operations.slug', 'artists.slug as artistSlug'])
    .select(sql<Date | null>`case when state <> 'draft' and hidden_at is null then opened_at end`.as('publicAt'))
    .where('operations.id', 'in', ids)
    .execute()
  return new Map(
    rows.map(({ id, artistId, title, slug, artistSlug, publicAt }): [string, SubjectFacts] => [
      id,
      { artistId, title, path: operationPath(artistSlug, slug), givenAs: `operation:${id}`, publicAt },
    ]),
  )
}

/** How the exchange learns what `operation:` ids are. */
export const operationsSubjects = { operation: operations }

/** What this artist may speak of: operations that are open or over. */
export const operationsOffers: OfferSource = async (db, senderId) => {
  const { rows } = await sql<Offer>`
    select 'operation:' || id as subject, title, null as within, opened_at as "publicAt" from operations
    where artist_id = ${senderId} and state <> 'draft' and hidden_at is null order by opened_at desc limit 50`.execute(
    db,
  )
  return rows
}
