import { type RawBuilder, sql } from 'kysely'
import { type Db, PREPARED, type Tx } from '../../platform/database/index.ts'
import type { Cover } from '../music/index.ts'
import { KNOWN_BY, type ProductPicture, picturesOf, sleeveOf } from './pictures.views.ts'
import type { Pricing } from './price.rules.ts'
import { aloneOf, LEFT, withDate } from './product.views.ts'
import type { ProductKind } from './tables.ts'

/** One line of a basket with all that its price and its dispatch depend on; of a bundle, its parts as well. */
export type BasketLine = {
  variantId: string
  productId: string
  artistId: string
  artistName: string
  kind: ProductKind
  subject: string | null
  title: string
  variant: string
  quantity: number
  named: number | null
  pricing: Pricing
  /** The variant's own price, else the product's. */
  price: number
  suggested: number | null
  currency: string
  weight: number | null
  /** How many may still be had; null: as many as are wanted. */
  left: number | null
  /** From when on it is out, while it is not yet; a part of a bundle has its own. */
  releasedAt: Date | null
  /** Whether it is still offered. */
  offered: boolean
  parts: BundlePart[]
}

/** With what shows it. */
export type ShownLine = BasketLine & { pictures: ProductPicture[]; sleeve: Cover | null }

export type BundlePart = {
  variantId: string
  productId: string
  kind: ProductKind
  subject: string | null
  title: string
  variant: string
  /** In one bundle. */
  quantity: number
  /** What one costs alone, as the price of the bundle is divided by it. */
  price: number
  weight: number | null
  releasedAt: Date | null
}

/** What lies in a basket, in the order in which it was put there. */
export const basketLines = (db: Db | Tx, basketId: string, now: Date): Promise<BasketLine[]> =>
  linesWith<BasketLine>(db, { basketId, now, more: sql`` })

/** The same, for the page that shows it. */
export const shownLines = (db: Db | Tx, basketId: string, now: Date): Promise<ShownLine[]> =>
  linesWith<ShownLine>(db, {
    basketId,
    now,
    more: sql`, ${picturesOf(sql`p.id`)} as pictures, ${sleeveOf(KNOWN_BY)} as sleeve`,
  })

async function linesWith<Line extends BasketLine>(
  db: Db | Tx,
  { basketId, now, more }: { basketId: string; now: Date; more: RawBuilder<unknown> },
): Promise<Line[]> {
  const { rows } = await sql<Line>`${sql.raw(PREPARED)}
    select v.id as "variantId", p.id as "productId", p.artist_id as "artistId", a.name as "artistName", p.kind, p.subject, p.title, v.name as variant,
      case when p.kind = 'membership' then 1 else b.quantity end as quantity, b.named,
      p.pricing, coalesce(v.price, p.price) as price, p.suggested, p.currency, v.weight, ${LEFT} as left,
      case when p.released_at > ${now} then p.released_at end as "releasedAt",
      p.state = 'offered' and v.removed_at is null as offered,
      coalesce((
        select json_agg(json_build_object('variantId', pv.id, 'productId', pp.id, 'kind', pp.kind, 'subject', pp.subject, 'title', pp.title,
          'variant', pv.name, 'quantity', bp.quantity, 'price', ${aloneOf('pv', 'pp')}, 'weight', pv.weight,
          'releasedAt', case when pp.released_at > ${now} then pp.released_at end) order by bp.position, pv.id)
        from bundle_parts bp join variants pv on pv.id = bp.variant_id join products pp on pp.id = pv.product_id where bp.bundle_id = p.id
      ), '[]') as parts${more}
    from basket_lines b join variants v on v.id = b.variant_id join products p on p.id = v.product_id join artists a on a.id = p.artist_id
    where b.basket_id = ${basketId} order by b.added_at, v.id`.execute(db)
  return rows.map((line) => ({ ...line, parts: line.parts.map(withDate) }))
}
