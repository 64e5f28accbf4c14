import { type RawBuilder, sql } from 'kysely'
import { type Db, PREPARED, prepared, type Tx } from '../../platform/database/index.ts'
import { type Seller, sellerColumn } from '../books/index.ts'
import type { Cover } from '../music/index.ts'
import type { Every } from './members/member.rules.ts'
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
  /** Of a membership: how often it is paid. */
  every?: Every | null
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

const lockedBaskets = prepared<{ id: string; seller: Seller; isOrdered: true | null; lines: BasketLine[] | null }>(
  () => sql`
    select basket.id, ${sellerColumn('s')} as seller, (select true from orders o where o.form_key = w.form_key) as is_ordered,
      (select json_agg(l) from (${linesOf({ basket: sql.raw('basket.id'), now: sql.raw('w.at'), more: sql`` })}) l) as lines
    from unnest($1::uuid[], $2::text[], $3::timestamptz[]) as w(basket_id, form_key, at)
      join baskets basket on basket.id = w.basket_id join sellers s on s.id = basket.seller_id
    order by basket.id for update of basket`,
)

export type LockedBasket = { seller: Seller; isOrdered: boolean; lines: BasketLine[] }

/**
 * What lies in baskets, in the order in which it was put there, with whose they are, kept from others until the transaction ends; by basket. Whoever waited for one reads it as it was before: who
 * empties it sees by what lay there that it is another by now. `isOrdered`: an order of this form stands already. What is not there is left out.
 */
export async function lockBaskets(
  tx: Tx,
  wanted: { basketId: string; formKey: string; at: Date }[],
): Promise<Map<string, LockedBasket>> {
  const column = <K extends keyof (typeof wanted)[0]>(name: K) => wanted.map((one) => one[name])
  const rows = await lockedBaskets(tx, column('basketId'), column('formKey'), column('at'))
  return new Map(
    rows.map(({ id, seller, isOrdered, lines }) => [
      id,
      { seller, isOrdered: isOrdered === true, lines: (lines ?? []).map(dated) },
    ]),
  )
}

/** The same for the page that shows it, without whose it is and kept from nobody. */
export async function shownLines(db: Db | Tx, basketId: string, now: Date): Promise<ShownLine[]> {
  const more = sql`, ${picturesOf(sql`p.id`)} as pictures, ${sleeveOf(KNOWN_BY)} as sleeve`
  const { rows } =
    await sql<ShownLine>`${sql.raw(PREPARED)} ${linesOf({ basket: sql`${basketId}`, now: sql`${now}`, more })}`.execute(
      db,
    )
  return rows.map(dated)
}

const dated = <Line extends BasketLine>(line: Line): Line => ({
  ...line,
  releasedAt: line.releasedAt && new Date(line.releasedAt),
  parts: line.parts.map(withDate),
})

const linesOf = ({ basket, now, more }: Record<'basket' | 'now' | 'more', RawBuilder<unknown>>) => sql`
    select v.id as "variantId", p.id as "productId", p.artist_id as "artistId", a.name as "artistName", p.kind, p.every, p.subject, p.title, v.name as variant,
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
    where b.basket_id = ${basket} order by b.added_at, v.id`
