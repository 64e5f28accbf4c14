import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../platform/database/index.ts'
import type { Cover } from '../music/index.ts'

/** A photograph of something that is offered. `variantId`: the one variant that it shows. */
export type ProductPicture = { id: string; picture: Cover; alt: string; variantId: string | null }

const COVER = sql`json_build_object('id', i.id, 'sha256', i.sha256, 'width', i.width, 'height', i.height, 'widths', i.widths, 'palette', i.palette)`

/** The photographs of the product of this id, in their order, as JSON. */
export const picturesOf = (productId: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  select coalesce(json_agg(json_build_object('id', x.id, 'alt', x.alt, 'variantId', x.variant_id, 'picture', ${COVER}) order by x.position, x.id), '[]')
  from product_pictures x join images i on i.id = x.image_id where x.product_id = ${productId} and x.removed_at is null)`

/** The sleeve of the music of this subject, as JSON: what is shown of a thing that has no photograph. */
export const sleeveOf = (subject: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  select ${COVER} from releases r join images i on i.id = r.cover_image_id
  where r.removed_at is null and r.id = case split_part(${subject}, ':', 1) when 'release' then split_part(${subject}, ':', 2)::uuid
    when 'track' then (select t.release_id from tracks t where t.id = split_part(${subject}, ':', 2)::uuid) end)`

/** The music by whose sleeve a product `p` is known: its own, of a bundle that of the first of its parts that is music. */
export const KNOWN_BY = sql`coalesce(p.subject, (select pp.subject from bundle_parts bp join variants pv on pv.id = bp.variant_id
  join products pp on pp.id = pv.product_id where bp.bundle_id = p.id and pp.subject is not null order by bp.position limit 1))`

/** The one picture by which a variant is known: its own, else the first of the product, else the sleeve. */
export const pictureOfVariant = (
  { pictures, sleeve }: { pictures: ProductPicture[]; sleeve: Cover | null },
  variantId: string | null,
): Cover | null =>
  (pictures.find((one) => one.variantId !== null && one.variantId === variantId) ?? pictures[0])?.picture ?? sleeve

/** By what the products of an order are known today, by product: what is not offered any more has its pictures still. */
export async function picturesFor(
  db: Db,
  productIds: (string | null)[],
): Promise<Map<string, { pictures: ProductPicture[]; sleeve: Cover | null }>> {
  const ids = productIds.filter((id) => id !== null)
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; pictures: ProductPicture[]; sleeve: Cover | null }>`
    select p.id, ${picturesOf(sql`p.id`)} as pictures, ${sleeveOf(KNOWN_BY)} as sleeve
    from products p where p.id = any(${ids}::uuid[])`.execute(db)
  return new Map(rows.map(({ id, ...rest }) => [id, rest]))
}

export type StudioPicture = ProductPicture & { removedAt: Date | null }

/** All pictures of a product for whoever edits it: those that are shown, then those that can be put back. */
export async function studioPictures(db: Db, productId: string): Promise<StudioPicture[]> {
  const { rows } = await sql<StudioPicture>`
    select x.id, x.alt, x.variant_id as "variantId", x.removed_at as "removedAt", ${COVER} as picture
    from product_pictures x join images i on i.id = x.image_id where x.product_id = ${productId}
    order by x.removed_at is not null, x.position, x.id`.execute(db)
  return rows
}
