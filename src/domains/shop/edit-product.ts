import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { audit } from '../identity/index.ts'
import type { Every } from './members/member.rules.ts'
import type { Pricing } from './price.rules.ts'
import { insertProduct, lockProduct, type NewProduct, type Product } from './product.store.ts'
import { bundleable } from './product.views.ts'
import { changeRelease } from './release-product.ts'
import { wholly } from './wholly.ts'

export type VariantEdit = {
  /** Null for a new one. */
  id: string | null
  name: string
  price: number | null
  weight: number | null
  stock: number | null
}

export type ProductEdit = {
  title: string
  description: string
  subject: string | null
  pricing: Pricing
  price: number
  suggested: number | null
  /** Of a membership alone. */
  every: Every | null
  givesAll: boolean
  variants: VariantEdit[]
  /** Of a bundle: what is in it. */
  parts: { variantId: string; quantity: number }[]
  /** What customs are told of what is sent: in words, its code in the Harmonized System, where it was made. */
  customsName: string
  hsCode: string
  origin: string
  /** Until then it is a pre-order. */
  releasedAt: Date | null
  /** The tracks that come at once with a pre-order. */
  early: string[]
}

export type EditProblem = 'missing' | 'changed' | 'fewer-than-held' | 'variant-missing' | 'part-missing'
type By = { by: string }
type Deps = Pick<Platform, 'db' | 'now'>

/** Begins a draft of something to offer. */
export const createProduct = ({ db }: Pick<Deps, 'db'>, product: NewProduct & By): Promise<string> =>
  db.transaction().execute(async (tx) => {
    const { by, ...fields } = product
    const id = await insertProduct(tx, fields)
    await audit(tx, { accountId: by, action: 'product.create', artistId: product.artistId, subject: product.title })
    return id
  })

/**
 * Saves what the form of a product says. `version` is the one that was shown: somebody else's changes are not written over. What was ordered
 * before stays as it was ordered. A variant that orders speak of is not deleted but put away.
 */
export const editProduct = (
  { db, now }: Deps,
  { productId, version, edit, by }: { productId: string; version: number; edit: ProductEdit } & By,
): Promise<Result<null, EditProblem>> =>
  wholly(db, async (tx) => {
    const product = await lockProduct(tx, productId)
    if (!product) return fail('missing')
    if (product.version !== version) return fail('changed')
    const { variants, parts, early, ...fields } = edit
    await tx
      .updateTable('products')
      .set({ ...fields, version: sql`version + 1`, updatedAt: sql`now()` })
      .where('id', '=', productId)
      .execute()
    if (product.kind === 'bundle' && !(await saveParts(tx, product, parts))) return fail('part-missing')
    await saveEarly(tx, productId, fields.releasedAt ? early : [])
    if (fields.releasedAt?.getTime() !== product.releasedAt?.getTime())
      await changeRelease(tx, { productId, releasedAt: fields.releasedAt }, now())
    const saved = await saveVariants(tx, productId, variants)
    if (saved.ok)
      await audit(tx, { accountId: by, action: 'product.edit', artistId: product.artistId, subject: edit.title })
    return saved
  })

/** What a bundle is made of, in its order; false when something of it is not there, or is no part of a bundle of this seller. */
async function saveParts(tx: Tx, bundle: Product, parts: ProductEdit['parts']): Promise<boolean> {
  const known = new Set((await bundleable(tx, bundle)).map(({ variantId }) => variantId))
  if (parts.length === 0 || !parts.every(({ variantId }) => known.has(variantId))) return false
  await tx.deleteFrom('bundleParts').where('bundleId', '=', bundle.id).execute()
  await tx
    .insertInto('bundleParts')
    .values(parts.map((part, position) => ({ ...part, bundleId: bundle.id, position })))
    .execute()
  return true
}

async function saveEarly(tx: Tx, productId: string, early: string[]): Promise<void> {
  await tx.deleteFrom('earlyTracks').where('productId', '=', productId).execute()
  if (early.length > 0)
    await tx
      .insertInto('earlyTracks')
      .values(early.map((trackId) => ({ productId, trackId })))
      .execute()
}

async function saveVariants(tx: Tx, productId: string, variants: VariantEdit[]): Promise<Result<null, EditProblem>> {
  if (variants.length === 0) return fail('variant-missing')
  // Kept from buyers for a moment, so that the count of what is held stays true.
  const there = await tx
    .selectFrom('variants')
    .selectAll()
    .where('productId', '=', productId)
    .where('removedAt', 'is', null)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
  const known = new Map(there.map((variant) => [variant.id, variant]))
  for (const [position, { id, ...fields }] of variants.entries()) {
    if (id === null) {
      await tx
        .insertInto('variants')
        .values({ ...fields, id: newId(), productId, position, removedAt: null })
        .execute()
      continue
    }
    const own = known.get(id)
    if (!own) return fail('changed')
    if (fields.stock !== null && fields.stock < own.held) return fail('fewer-than-held')
    // What is no longer counted holds nothing for anybody.
    const held = fields.stock === null ? 0 : own.stock === null ? 0 : own.held
    if (fields.stock === null) await tx.deleteFrom('stockHolds').where('variantId', '=', id).execute()
    await tx
      .updateTable('variants')
      .set({ ...fields, held, position })
      .where('id', '=', id)
      .execute()
    known.delete(id)
  }
  if (known.size > 0)
    await tx
      .updateTable('variants')
      .set({ removedAt: sql`now()` })
      .where('id', 'in', [...known.keys()])
      .execute()
  return ok(null)
}

/** Offers a product to everybody, or takes it back. */
export const setOffered = (
  { db }: Pick<Deps, 'db'>,
  { productId, offered, by }: { productId: string; offered: boolean } & By,
): Promise<Result<null, 'missing'>> =>
  db.transaction().execute(async (tx) => {
    const product = await lockProduct(tx, productId)
    if (!product) return fail('missing' as const)
    await tx
      .updateTable('products')
      .set({ state: offered ? 'offered' : 'withdrawn', version: sql`version + 1`, updatedAt: sql`now()` })
      .where('id', '=', productId)
      .execute()
    await audit(tx, {
      accountId: by,
      action: offered ? 'product.offer' : 'product.withdraw',
      artistId: product.artistId,
      subject: product.title,
    })
    return ok(null)
  })
