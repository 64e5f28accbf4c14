import { sql } from 'kysely'
import type { Db } from '../../platform/database/index.ts'
import type { Subject } from '../exchange/index.ts'
import type { Cover } from '../music/index.ts'
import { type ProductPicture, picturesOf, sleeveOf } from './pictures.views.ts'
import type { Pricing } from './price.rules.ts'
import type { Product } from './product.store.ts'
import type { ProductKind } from './tables.ts'

export type StudioProduct = {
  id: string
  kind: ProductKind
  title: string
  state: 'draft' | 'offered' | 'withdrawn'
  pricing: Pricing
  price: number
  currency: string
  sold: number
  /** How many there are in all; null when they are not counted. */
  stock: number | null
}

/** What an artist offers, for the studio: what is offered first. */
export async function studioProducts(db: Db, artistId: string): Promise<StudioProduct[]> {
  const { rows } = await sql<StudioProduct>`
    select p.id, p.kind, p.title, p.state, p.pricing, p.price, p.currency,
      coalesce((select sum(l.quantity) from order_lines l join orders o on o.id = l.order_id where l.product_id = p.id and o.state = 'paid'), 0)::int as sold,
      (select case when bool_or(v.stock is null) then null else sum(v.stock)::int end from variants v where v.product_id = p.id and v.removed_at is null) as stock
    from products p where p.artist_id = ${artistId}
    order by array_position(array['offered', 'draft', 'withdrawn'], p.state), p.position, p.created_at desc`.execute(db)
  return rows
}

export type VariantRow = {
  id: string
  name: string
  price: number | null
  weight: number | null
  stock: number | null
  held: number
}

/** One product with its variants, for whoever edits it. */
export async function productById(db: Db, id: string): Promise<(Product & { variants: VariantRow[] }) | null> {
  const product = await db.selectFrom('products').selectAll().where('id', '=', id).executeTakeFirst()
  if (!product) return null
  const variants = await db
    .selectFrom('variants')
    .select(['id', 'name', 'price', 'weight', 'stock', 'held'])
    .where('productId', '=', id)
    .where('removedAt', 'is', null)
    .orderBy('position')
    .orderBy('id')
    .execute()
  return { ...product, variants }
}

export type PublicVariant = { id: string; name: string; price: number; sent: boolean; left: number | null }

/** What a visitor sees of a product. */
export type PublicProduct = {
  id: string
  artistId: string
  artistName: string
  artistSlug: string
  sellerId: string
  slug: string
  kind: ProductKind
  subject: string | null
  title: string
  description: string
  pricing: Pricing
  price: number
  suggested: number | null
  currency: string
  releasedAt: Date | null
  variants: PublicVariant[]
  pictures: ProductPicture[]
  /** Of the music that comes with it: what is shown of a thing without a photograph. */
  sleeve: Cover | null
}

const PUBLIC = sql`
  select p.id, p.artist_id as "artistId", a.name as "artistName", a.slug as "artistSlug", p.seller_id as "sellerId", p.slug, p.kind, p.subject, p.title,
    p.description, p.pricing, p.price, p.suggested, p.currency, p.released_at as "releasedAt",
    (select json_agg(json_build_object('id', v.id, 'name', v.name, 'price', coalesce(v.price, p.price), 'sent', v.weight is not null,
        'left', v.stock - v.held) order by v.position, v.id)
      from variants v where v.product_id = p.id and v.removed_at is null) as variants,
    ${picturesOf(sql`p.id`)} as pictures, ${sleeveOf(sql`p.subject`)} as sleeve
  from products p join artists a on a.id = p.artist_id
  where p.state = 'offered' and exists (select from variants v where v.product_id = p.id and v.removed_at is null)`

/** All that an artist offers, in their order. */
export async function publicProducts(db: Db, artistId: string): Promise<PublicProduct[]> {
  const { rows } = await sql<PublicProduct>`
    ${PUBLIC} and p.artist_id = ${artistId} order by p.position, p.created_at desc`.execute(db)
  return rows
}

/** What can be had of music, alone or within a bundle: of the first subject first, then in their order. */
export async function productsAbout(db: Db, subjects: Subject[]): Promise<PublicProduct[]> {
  const { rows } = await sql<PublicProduct>`
    ${PUBLIC} and (p.subject = any(${subjects}::text[]) or exists (
      select from bundle_parts b join variants bv on bv.id = b.variant_id join products bp on bp.id = bv.product_id
      where b.bundle_id = p.id and bp.subject = any(${subjects}::text[])))
    order by coalesce(array_position(${subjects}::text[], p.subject), ${subjects.length + 1}), p.position, p.created_at`.execute(
    db,
  )
  return rows
}

export async function publicProduct(db: Db, artistId: string, slug: string): Promise<PublicProduct | null> {
  const { rows } = await sql<PublicProduct>`${PUBLIC} and p.artist_id = ${artistId} and p.slug = ${slug}`.execute(db)
  return rows[0] ?? null
}

export async function publicProductById(db: Db, id: string): Promise<PublicProduct | null> {
  const { rows } = await sql<PublicProduct>`${PUBLIC} and p.id = ${id}`.execute(db)
  return rows[0] ?? null
}
