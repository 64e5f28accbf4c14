import type { Result } from '../result.ts'
import { type ImageError, type ImageFacts, type ImageInput, openImage, pipeline, work } from './engine.ts'
import { MAX_BYTES } from './limits.ts'

/**
 * What a picture is, from its header alone, or why it is refused: SVG (known by its bytes, not its name), more than
 * 50 megapixels, not a picture at all. Nothing is decoded; a body that is cut short is found by `checkImage`.
 */
export async function inspectImage(input: ImageInput): Promise<Result<ImageFacts, ImageError>> {
  const opened = await openImage(input)
  return opened.ok ? { ok: true, value: opened.value.facts } : opened
}

/** The same, after decoding the whole picture once at a small size: what passes can be shown. */
export async function checkImage(input: ImageInput): Promise<Result<ImageFacts, ImageError>> {
  const opened = await openImage(input)
  if (!opened.ok) return opened
  const { bytes, facts } = opened.value
  const decoded = await work(async () => (await pipeline(bytes)).resize(16, 16, { fit: 'fill' }).raw().toBuffer())
  return decoded.ok ? { ok: true, value: facts } : decoded
}

export type Pixels = { width: number; height: number; data: Uint8Array }

/** Raw RGBA, four bytes a pixel, the picture fitted within `size` x `size` and never enlarged: for finding colours. */
export async function pixels(input: ImageInput, size: number): Promise<Result<Pixels, ImageError>> {
  const opened = await openImage(input)
  if (!opened.ok) return opened
  const { bytes } = opened.value
  return work(async () => {
    const { data, info } = await (await pipeline(bytes))
      .resize(size, size, { fit: 'inside', withoutEnlargement: true })
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    return { width: info.width, height: info.height, data }
  })
}

/** The largest file that is read into memory at all. */
export const maxImageBytes = MAX_BYTES
