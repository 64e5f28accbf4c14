import { sql } from 'kysely'
import type { Db } from '../../platform/database/index.ts'
import { productPath, shopPath } from './paths.rules.ts'

const OFFERED = sql`p.state = 'offered' and exists (select from variants v where v.product_id = p.id and v.removed_at is null)`

/** The shops that have something to offer and what they offer, in an order that new ones do not disturb: for sitemaps. */
export async function publicShopPages(
  db: Db,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ path: string; updatedAt: Date }[]> {
  const { rows } = await sql<{ artist: string; product: string | null; updatedAt: Date }>`
    select a.slug as artist, page.product, page.updated_at
    from artists a join (
      select p.artist_id, p.id, p.slug as product, p.updated_at from products p where ${OFFERED}
      union all
      select p.artist_id, p.artist_id, null, max(p.updated_at) from products p where ${OFFERED} group by p.artist_id
    ) page on page.artist_id = a.id
    order by page.id limit ${limit} offset ${offset}`.execute(db)
  return rows.map(({ artist, product, updatedAt }) => ({
    path: product === null ? shopPath(artist) : productPath(artist, product),
    updatedAt,
  }))
}

/** How many of them there are. */
export async function countShopPages(db: Db): Promise<number> {
  const { rows } = await sql<{ pages: number }>`
    select (count(*) + count(distinct p.artist_id))::int as pages from products p where ${OFFERED}`.execute(db)
  return rows[0]?.pages ?? 0
}
