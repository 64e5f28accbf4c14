import type { Db, Tx } from '../../platform/database/index.ts'

export type OpenOperation = { title: string; path: [artistSlug: string, slug: string] }

/** What goes on just now, of every kind, for the artist's own page. */
export async function openOperations(db: Db | Tx, artistId: string): Promise<OpenOperation[]> {
  const rows = await db
    .selectFrom('operations')
    .innerJoin('artists', 'artists.id', 'operations.artistId')
    .select(['title', 'operations.slug', 'artists.slug as artistSlug'])
    .where('artistId', '=', artistId)
    .where('operations.state', '=', 'open')
    .where('operations.hiddenAt', 'is', null)
    .orderBy('openedAt', 'desc')
    .execute()
  return rows.map(({ title, artistSlug, slug }) => ({ title, path: [artistSlug, slug] }))
}
