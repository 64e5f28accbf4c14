import { sql } from 'kysely'
import type { Offer, OfferSource, SubjectFacts, SubjectSource } from '../exchange/index.ts'
import { operationPath } from './paths.rules.ts'

const operations: SubjectSource = async (db, ids) => {
  const rows = await db
    .selectFrom('operations')
    .innerJoin('artists', 'artists.id', 'operations.artistId')
    .select(['operations.id', 'artistId', 'title', 'operations.slug', 'artists.slug as artistSlug'])
    .select(['operations.kind', 'operations.state', 'operations.hiddenAt'])
    .select(sql<Date | null>`case when state <> 'draft' and hidden_at is null then opened_at end`.as('publicAt'))
    .where('operations.id', 'in', ids)
    .execute()
  return new Map(
    rows.map(({ id, artistId, title, slug, artistSlug, kind, state, hiddenAt, publicAt }): [string, SubjectFacts] => {
      const [path, goesOn] = [operationPath(artistSlug, slug), kind === 'series' && state === 'open' && !hiddenAt]
      return [id, { artistId, title, path, givenAs: `operation:${id}`, publicAt, goesOn }]
    }),
  )
}

/** How the exchange learns what `operation:` ids are. */
export const operationsSubjects = { operation: operations }

/** What this artist may speak of: operations that are open or over, the latest or those that are named. */
export const operationsOffers: OfferSource = async (db, senderId, named) => {
  const { rows } = await sql<Offer>`
    select 'operation:' || id as subject, title, null as within, opened_at as "publicAt", state = 'closed' or coalesce(ends_at <= now(), false) as "isOver" from operations
    where artist_id = ${senderId} and state <> 'draft' and hidden_at is null
      and ${named ? sql`'operation:' || id = any(${named}::text[])` : sql`true`}
    order by opened_at desc limit ${named ? null : 50}`.execute(db)
  return rows
}
