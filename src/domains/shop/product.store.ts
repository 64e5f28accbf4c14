import type { Selectable } from 'kysely'
import type { Tables, Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import { slugify } from '../identity/index.ts'
import type { Every } from './members/member.rules.ts'
import type { Pricing } from './price.rules.ts'
import type { ProductKind } from './tables.ts'

export type Product = Selectable<Tables['products']>
export type Variant = Selectable<Tables['variants']>

export type NewProduct = {
  artistId: string
  sellerId: string
  currency: string
  kind: ProductKind
  subject: string | null
  title: string
  pricing?: Pricing
  price?: number
  every?: Every
}

/** A draft with the one variant that every product has. */
export async function insertProduct(tx: Tx, product: NewProduct): Promise<string> {
  const id = newId()
  await tx
    .insertInto('products')
    .values({ ...product, id, slug: await freeSlug(tx, product), suggested: null, releasedAt: null })
    .execute()
  await tx
    .insertInto('variants')
    .values({ id: newId(), productId: id, price: null, weight: null, stock: null, removedAt: null })
    .execute()
  return id
}

async function freeSlug(tx: Tx, { artistId, title }: NewProduct): Promise<string> {
  const wanted = slugify(title, 'thing')
  const taken = await tx
    .selectFrom('products')
    .select('slug')
    .where('artistId', '=', artistId)
    .where('slug', 'like', `${wanted}%`)
    .execute()
  const slugs = new Set(taken.map(({ slug }) => slug))
  for (let n = 1; ; n++) {
    const slug = n === 1 ? wanted : `${wanted}-${n}`
    if (!slugs.has(slug)) return slug
  }
}

/** The row, kept from others until the transaction ends. */
export const lockProduct = (tx: Tx, id: string): Promise<Product | undefined> =>
  tx.selectFrom('products').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
