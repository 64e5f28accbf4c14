import './tables.ts'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { newId } from '../ids.ts'
import type { Platform } from '../platform.ts'
import { fail, ok, type Result } from '../result.ts'
import type { ImageError, ImageInput } from './engine.ts'
import { checkImage, pixels } from './intake.ts'
import { COVER_WIDTHS, renditions, widthsFor } from './renditions.ts'

export type StoredImage = { id: string; sha256: string; width: number; height: number; widths: number[] }

/** File extensions of the renditions, by their media type: the same at every width of `StoredImage.widths`. */
export const IMAGE_TYPES = { avif: 'image/avif', webp: 'image/webp', jpg: 'image/jpeg' } as const
export type ImageExtension = keyof typeof IMAGE_TYPES

export const originalKey = (sha256: string): string => `images/${sha256}/original`
export const renditionKey = (sha256: string, width: number, extension: ImageExtension): string =>
  `images/${sha256}/${width}.${extension}`

/** Public address of one rendition. What it shows never changes. */
export const imageUrl = (sha256: string, width: number, extension: ImageExtension): string =>
  `/media/image/${sha256}/${width}.${extension}`

/**
 * Keeps a picture: the original as it came, its renditions in three formats, a row. The same bytes twice are one image.
 * `paletteOf` reads colours from RGBA pixels; what it answers is kept as JSON beside the row.
 */
export async function storeImage(
  { db, storage }: Pick<Platform, 'db' | 'storage'>,
  input: ImageInput,
  paletteOf?: (rgba: Uint8Array) => object,
): Promise<Result<StoredImage, ImageError>> {
  const checked = await checkImage(input)
  if (!checked.ok) return checked
  const bytes = typeof input === 'string' ? await readFile(input) : Buffer.from(input)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const columns = ['id', 'sha256', 'width', 'height', 'widths'] as const
  const known = await db.selectFrom('images').select(columns).where('sha256', '=', sha256).executeTakeFirst()
  if (known) return ok(known)

  const made = await renditions(bytes)
  if (!made.ok) return made
  const small = paletteOf ? await pixels(bytes, 64) : null
  if (small && !small.ok) return fail(small.error)
  for (const { width, format, bytes: content } of made.value)
    await storage.put(renditionKey(sha256, width, format === 'jpeg' ? 'jpg' : (format as 'avif')), Buffer.from(content))
  await storage.put(originalKey(sha256), bytes)
  const { width, height } = checked.value
  const palette = small && paletteOf ? JSON.stringify(paletteOf(small.value.data)) : null
  // Two people may send the same picture at once: both find the one row.
  const row = await db
    .insertInto('images')
    .values({ id: newId(), sha256, width, height, widths: widthsFor(width, COVER_WIDTHS), palette })
    .onConflict((conflict) => conflict.column('sha256').doUpdateSet({ sha256 }))
    .returning(columns)
    .executeTakeFirstOrThrow()
  return ok(row)
}

/** Lets go of a picture with its files; where any row still refers to it, it stays. Not within a transaction. Answers whether it went. */
export async function dropImage({ db, storage }: Pick<Platform, 'db' | 'storage'>, id: string): Promise<boolean> {
  const gone = await db
    .deleteFrom('images')
    .where('id', '=', id)
    .returning(['sha256', 'widths'])
    .executeTakeFirst()
    .catch((error: { code?: string }) => {
      if (error.code === '23503') return undefined
      throw error
    })
  if (!gone) return false
  for (const width of gone.widths)
    for (const extension of Object.keys(IMAGE_TYPES) as ImageExtension[])
      await storage.remove(renditionKey(gone.sha256, width, extension))
  await storage.remove(originalKey(gone.sha256))
  return true
}
