import type { Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import type { ImageError, ImageInput } from '../../platform/images/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { keepPicture } from '../music/index.ts'
import { lockProduct } from './product.store.ts'

/** The most pictures of one thing: whoever shows more wants a post. */
export const MOST_PICTURES = 12
/** How long what was taken off can be put back. */
export const KEPT_DAYS = 14

type Of = { productId: string; pictureId: string }
/** `variantId`: the one variant that it shows; null: the thing as such. */
export type PictureWords = { alt: string; variantId: string | null }
export type PictureProblem = 'missing' | 'too-many'

/** Keeps a picture for a product, after those that it has. */
export async function addProductPicture(
  deps: Pick<Platform, 'db' | 'storage'>,
  { productId, picture, ...words }: { productId: string; picture: ImageInput } & PictureWords,
): Promise<Result<{ id: string }, PictureProblem | ImageError>> {
  const kept = await keepPicture(deps, picture)
  if (!kept.ok) return kept
  return deps.db.transaction().execute(async (tx) => {
    if (!(await lockProduct(tx, productId))) return fail('missing' as const)
    const there = await shownOf(tx, productId)
    if (there.length >= MOST_PICTURES) return fail('too-many' as const)
    const id = newId()
    await tx
      .insertInto('productPictures')
      .values({
        ...{ id, productId, imageId: kept.value, alt: words.alt, removedAt: null },
        variantId: await variantOf(tx, productId, words.variantId),
        position: afterAll(there),
      })
      .execute()
    return ok({ id })
  })
}

/** Says anew what a picture shows. */
export const editProductPicture = (
  { db }: Pick<Platform, 'db'>,
  { productId, pictureId, alt, variantId }: Of & PictureWords,
): Promise<Result<null, 'missing'>> =>
  db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('productPictures')
      .set({ alt, variantId: await variantOf(tx, productId, variantId) })
      .where('id', '=', pictureId)
      .where('productId', '=', productId)
      .where('removedAt', 'is', null)
      .executeTakeFirst()
    return Number(numUpdatedRows) > 0 ? ok(null) : fail('missing' as const)
  })

/** Puts a picture one place nearer to the first, or to the last; at the end of the row it stays. */
export const moveProductPicture = (
  { db }: Pick<Platform, 'db'>,
  { productId, pictureId, by }: Of & { by: -1 | 1 },
): Promise<Result<null, 'missing'>> =>
  db.transaction().execute(async (tx) => {
    await lockProduct(tx, productId)
    const order = (await shownOf(tx, productId)).map(({ id }) => id)
    const at = order.indexOf(pictureId)
    if (at < 0) return fail('missing' as const)
    const to = Math.min(Math.max(at + by, 0), order.length - 1)
    order.splice(to, 0, ...order.splice(at, 1))
    for (const [position, id] of order.entries())
      await tx.updateTable('productPictures').set({ position }).where('id', '=', id).execute()
    return ok(null)
  })

/** Takes a picture off its product. It is kept for {@link KEPT_DAYS} days, so that it can be put back. */
export const removeProductPicture = (
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { productId, pictureId }: Of,
): Promise<Result<null, 'missing'>> =>
  db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('productPictures')
      .set({ removedAt: now() })
      .where('id', '=', pictureId)
      .where('productId', '=', productId)
      .where('removedAt', 'is', null)
      .executeTakeFirst()
    return Number(numUpdatedRows) > 0 ? ok(null) : fail('missing' as const)
  })

/** Puts a picture back where it was, unless there are as many as there may be. */
export const restoreProductPicture = (
  { db }: Pick<Platform, 'db'>,
  { productId, pictureId }: Of,
): Promise<Result<null, PictureProblem>> =>
  db.transaction().execute(async (tx) => {
    await lockProduct(tx, productId)
    if ((await shownOf(tx, productId)).length >= MOST_PICTURES) return fail('too-many' as const)
    const { numUpdatedRows } = await tx
      .updateTable('productPictures')
      .set({ removedAt: null })
      .where('id', '=', pictureId)
      .where('productId', '=', productId)
      .where('removedAt', 'is not', null)
      .executeTakeFirst()
    return Number(numUpdatedRows) > 0 ? ok(null) : fail('missing' as const)
  })

/** Pictures that were taken off and that nobody put back. */
export const forgetRemovedPictures = async ({ db, now }: Pick<Platform, 'db' | 'now'>): Promise<void> =>
  void (await db
    .deleteFrom('productPictures')
    .where('removedAt', '<', new Date(now().getTime() - KEPT_DAYS * 86_400_000))
    .execute())

const shownOf = (tx: Tx, productId: string) =>
  tx
    .selectFrom('productPictures')
    .select(['id', 'position'])
    .where('productId', '=', productId)
    .where('removedAt', 'is', null)
    .orderBy('position')
    .orderBy('id')
    .execute()

const afterAll = (there: { position: number }[]): number => Math.max(-1, ...there.map(({ position }) => position)) + 1

/** The variant, when it is one of this product's. */
async function variantOf(tx: Tx, productId: string, variantId: string | null): Promise<string | null> {
  const found =
    variantId !== null &&
    (await tx
      .selectFrom('variants')
      .select('id')
      .where('id', '=', variantId)
      .where('productId', '=', productId)
      .where('removedAt', 'is', null)
      .executeTakeFirst())
  return found ? found.id : null
}
