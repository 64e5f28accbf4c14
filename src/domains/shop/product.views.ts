import { sql } from 'kysely'
import { type Db, PREPARED, type Tx } from '../../platform/database/index.ts'
import type { Subject } from '../exchange/index.ts'
import type { Cover } from '../music/index.ts'
import type { Every } from './members/member.rules.ts'
import { SENT } from './parcels/parcels.views.ts'
import { KNOWN_BY, type ProductPicture, picturesOf, sleeveOf } from './pictures.views.ts'
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
  /** Of these, what orders keep that are not paid yet. */
  held: number
  /** Paid, pre-orders among it, and still to leave; it is not in `stock` any more. */
  promised: number
}

/**
 * What an artist offers, for the studio: what is offered first. Of a hundred thousand orders nearly all are paid, so what was sold is read from an index of lines alone,
 * without the few of orders that are not; and what is still to leave from the orders of which something is.
 */
export async function studioProducts(db: Db, artistId: string): Promise<StudioProduct[]> {
  const { rows } = await sql<StudioProduct>`
    with sold as (
      select l.product_id, sum(l.quantity) as quantity from products p join order_lines l on l.product_id = p.id
      where p.artist_id = ${artistId} and not exists (select from orders o where o.id = l.order_id and o.state <> 'paid') group by 1
    ), promised as (
      select l.product_id, sum(greatest(0, l.quantity - ${SENT})) as quantity
      from orders o join order_lines l on l.order_id = o.id join products p on p.id = l.product_id
      where p.artist_id = ${artistId} and l.weight is not null and o.state = 'paid' and o.address is not null and not o.all_sent
        and (o.total = 0 or o.refunded < o.total) and (l.gross = 0 or l.refunded < l.gross)
        and not exists (select from withdrawals w where w.order_id = o.id and l.position = any(w.positions))
      group by 1
    )
    select p.id, p.kind, p.title, p.state, p.pricing, p.price, p.currency, coalesce(sold.quantity, 0)::int as sold,
      (select case when bool_or(${LEFT} is null) then null when p.kind = 'bundle' then max(${LEFT}) else sum(v.stock)::int end
        from variants v where v.product_id = p.id and v.removed_at is null) as stock,
      (select coalesce(sum(v.held), 0)::int from variants v where v.product_id = p.id and v.removed_at is null and v.stock is not null) as held,
      coalesce(promised.quantity, 0)::int as promised
    from products p left join sold on sold.product_id = p.id left join promised on promised.product_id = p.id
    where p.artist_id = ${artistId}
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

/** A thing in a bundle, for whoever edits it. */
export type PartRow = { variantId: string; quantity: number; price: number }

export type EditedProduct = Product & { variants: VariantRow[]; parts: PartRow[]; early: string[] }

/** One product with its variants, the parts of a bundle and the tracks that come at once, for whoever edits it. */
export async function productById(db: Db, id: string): Promise<EditedProduct | null> {
  const product = await db.selectFrom('products').selectAll().where('id', '=', id).executeTakeFirst()
  if (!product) return null
  const [variants, { rows: parts }, early] = await Promise.all([
    db
      .selectFrom('variants')
      .select(['id', 'name', 'price', 'weight', 'stock', 'held'])
      .where('productId', '=', id)
      .where('removedAt', 'is', null)
      .orderBy('position')
      .orderBy('id')
      .execute(),
    sql<PartRow>`
      select bp.variant_id as "variantId", bp.quantity, ${aloneOf('v', 'p')} as price
      from bundle_parts bp join variants v on v.id = bp.variant_id join products p on p.id = v.product_id
      where bp.bundle_id = ${id} order by bp.position, v.id`.execute(db),
    db.selectFrom('earlyTracks').select('trackId').where('productId', '=', id).execute(),
  ])
  return { ...product, variants, parts, early: early.map(({ trackId }) => trackId) }
}

/**
 * What a bundle of this seller can hold, whether it is offered alone or not: all but tips, bundles and memberships, whose price is that of the next period too and
 * no share of anything.
 */
export type Bundleable = { variantId: string; title: string; variant: string; price: number; kind: ProductKind }

export async function bundleable(
  db: Db | Tx,
  { artistId, sellerId, currency }: Pick<Product, 'artistId' | 'sellerId' | 'currency'>,
): Promise<Bundleable[]> {
  const { rows } = await sql<Bundleable>`
    select v.id as "variantId", p.title, v.name as variant, ${aloneOf('v', 'p')} as price, p.kind
    from products p join variants v on v.product_id = p.id
    where p.artist_id = ${artistId} and p.seller_id = ${sellerId} and p.currency = ${currency} and p.kind not in ('bundle', 'tip', 'membership')
      and p.state <> 'withdrawn' and v.removed_at is null
    order by p.position, p.created_at, v.position, v.id`.execute(db)
  return rows
}

/** How many of a variant may still be had, of a bundle how many times all of its parts; null: as many as are wanted. For products `p` and variants `v`. */
export const LEFT = sql`case when p.kind <> 'bundle' then v.stock - v.held
  else (select min(case when bv.removed_at is not null then 0 else (bv.stock - bv.held) / bp.quantity end)
    from bundle_parts bp join variants bv on bv.id = bp.variant_id where bp.bundle_id = p.id) end`

/** What the database says as JSON has its moments as text. */
export const withDate = <T extends { releasedAt: Date | string | null }>(row: T): T & { releasedAt: Date | null } => ({
  ...row,
  releasedAt: row.releasedAt === null ? null : new Date(row.releasedAt),
})

/** What one thing costs alone, where what a buyer names has to be weighed: as it is suggested. */
export const aloneOf = (variant: string, product: string) => {
  const [v, p] = [sql.ref(variant), sql.ref(product)]
  return sql`coalesce(${v}.price, case when ${p}.pricing = 'named' then coalesce(${p}.suggested, ${p}.price) else ${p}.price end)`
}

/** A thing in a bundle, as a visitor reads it. */
export type PublicPart = {
  title: string
  variant: string
  quantity: number
  kind: ProductKind
  subject: string | null
  /** What one costs alone. */
  price: number
  releasedAt: Date | null
  /** Its own page, while it is offered alone as well. */
  slug: string | null
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
  every: Every | null
  givesAll: boolean
  currency: string
  /** From when on it is out, while it is not yet; of a bundle, when the last of its parts is. */
  releasedAt: Date | null
  /** Titles of the tracks that come at once, until it is out. */
  early: string[]
  parts: PublicPart[]
  variants: PublicVariant[]
  pictures: ProductPicture[]
  /** Of the music that comes with it: what is shown of a thing without a photograph. */
  sleeve: Cover | null
}

const offered = (now: Date) => sql`${sql.raw(PREPARED)}
  select p.id, p.artist_id as "artistId", a.name as "artistName", a.slug as "artistSlug", p.seller_id as "sellerId", p.slug, p.kind, p.subject, p.title,
    p.description, p.pricing, p.price, p.suggested, p.every, p.gives_all as "givesAll", p.currency, (
      select max(dated.released_at) from products dated
      where dated.released_at > ${now} and (dated.id = p.id or dated.id in (select bv.product_id from bundle_parts bp join variants bv on bv.id = bp.variant_id where bp.bundle_id = p.id))
    ) as "releasedAt",
    array(select rec.title from early_tracks e join tracks t on t.id = e.track_id join recordings rec on rec.id = t.recording_id
      where p.released_at > ${now} and e.product_id = p.id order by t.disc, t.position) as early,
    (select coalesce(json_agg(json_build_object('title', pp.title, 'variant', pv.name, 'quantity', bp.quantity, 'kind', pp.kind, 'subject', pp.subject,
        'price', ${aloneOf('pv', 'pp')}, 'releasedAt', case when pp.released_at > ${now} then pp.released_at end,
        'slug', case when pp.state = 'offered' then pp.slug end) order by bp.position, pv.id), '[]')
      from bundle_parts bp join variants pv on pv.id = bp.variant_id join products pp on pp.id = pv.product_id where bp.bundle_id = p.id) as parts,
    (select json_agg(json_build_object('id', v.id, 'name', v.name, 'price', coalesce(v.price, p.price), 'sent', v.weight is not null or (p.kind = 'bundle'
          and exists (select from bundle_parts bp join variants bv on bv.id = bp.variant_id where bp.bundle_id = p.id and bv.weight is not null)),
        'left', ${LEFT}) order by v.position, v.id)
      from variants v where v.product_id = p.id and v.removed_at is null) as variants,
    ${picturesOf(sql`p.id`)} as pictures, ${sleeveOf(KNOWN_BY)} as sleeve
  from products p join artists a on a.id = p.artist_id
  where p.state = 'offered' and exists (select from variants v where v.product_id = p.id and v.removed_at is null)`

const whole = (product: PublicProduct): PublicProduct => ({ ...product, parts: product.parts.map(withDate) })

/** All that an artist offers, in their order. */
export async function publicProducts(db: Db, artistId: string, now: Date): Promise<PublicProduct[]> {
  const { rows } = await sql<PublicProduct>`
    ${offered(now)} and p.artist_id = ${artistId} order by p.position, p.created_at desc`.execute(db)
  return rows.map(whole)
}

/** What can be had of music, alone or within a bundle: of the first subject first, then in their order. */
export async function productsAbout(db: Db, subjects: Subject[], now: Date): Promise<PublicProduct[]> {
  const { rows } = await sql<PublicProduct>`
    ${offered(now)} and (p.subject = any(${subjects}::text[]) or exists (
      select from bundle_parts b join variants bv on bv.id = b.variant_id join products bp on bp.id = bv.product_id
      where b.bundle_id = p.id and bp.subject = any(${subjects}::text[])))
    order by coalesce(array_position(${subjects}::text[], p.subject), ${subjects.length + 1}), p.position, p.created_at`.execute(
    db,
  )
  return rows.map(whole)
}

export async function publicProduct(
  db: Db,
  { artistId, slug, now }: { artistId: string; slug: string; now: Date },
): Promise<PublicProduct | null> {
  const { rows } = await sql<PublicProduct>`${offered(now)} and p.artist_id = ${artistId} and p.slug = ${slug}`.execute(
    db,
  )
  return rows.map(whole)[0] ?? null
}

export async function publicProductById(db: Db, id: string, now: Date): Promise<PublicProduct | null> {
  const { rows } = await sql<PublicProduct>`${offered(now)} and p.id = ${id}`.execute(db)
  return rows.map(whole)[0] ?? null
}

/** When something that is offered is out next: by time alone, its page is another then. */
export async function nextProductRelease(db: Db, now: Date): Promise<Date | null> {
  const row = await db
    .selectFrom('products')
    .select((of) => of.fn.min('releasedAt').as('at'))
    .where('state', '=', 'offered')
    .where('releasedAt', '>', now)
    .executeTakeFirst()
  return row?.at ?? null
}
