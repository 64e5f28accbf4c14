import type { Sharp } from 'sharp'
import type { Result } from '../result.ts'
import { type ImageError, type ImageInput, library, openImage, pipeline, work } from './engine.ts'
import { MAX_SECONDS } from './limits.ts'

export type Rendition = {
  format: 'avif' | 'webp' | 'jpeg' | 'png'
  type: `image/${'avif' | 'webp' | 'jpeg' | 'png'}`
  width: number
  height: number
  bytes: Uint8Array
}

/** The widths that pages use. */
export const COVER_WIDTHS = [160, 320, 640, 960, 1400]
export const ICON_SIZES = [32, 180, 192, 512]

const WHITE = { r: 255, g: 255, b: 255 }

/**
 * The widths worth making of a picture: those asked for that it can fill, and its own width where it falls short of
 * the largest. Never wider than the picture.
 */
export function widthsFor(pictureWidth: number, widths: number[] = COVER_WIDTHS): number[] {
  const smaller = widths.filter((width) => width <= pictureWidth)
  const largest = Math.max(0, ...widths)
  const own = pictureWidth < largest && !smaller.includes(pictureWidth) ? [pictureWidth] : []
  return [...new Set([...smaller, ...own])].sort((a, b) => a - b)
}

/** AVIF, WebP and JPEG at each width (`widthsFor`), proportions kept, one after the other so that memory stays small. */
export async function renditions(
  input: ImageInput,
  widths: number[] = COVER_WIDTHS,
): Promise<Result<Rendition[], ImageError>> {
  const opened = await openImage(input)
  if (!opened.ok) return opened
  const { bytes, facts } = opened.value
  return work(async () => {
    const wanted = widthsFor(facts.width, widths)
    const base = await decodeOnce(await pipeline(bytes), wanted.at(-1) ?? facts.width)
    const made: Rendition[] = []
    for (const width of wanted) {
      const sized = () => base().resize({ width, withoutEnlargement: true })
      made.push(await rendition(sized().avif({ quality: 58, effort: 3 }), 'avif'))
      made.push(await rendition(sized().webp({ quality: 80, effort: 4, smartSubsample: true }), 'webp'))
      made.push(await rendition(asJpeg(sized(), 82), 'jpeg'))
    }
    return made
  })
}

const TAG_COVER_SIDE = 1400
const TAG_COVER_BYTES = 1_000_000

/**
 * The cover that goes inside tags and beside the files of a download: progressive JPEG, at most 1400 pixels a side
 * and one megabyte, proportions kept, transparency on white, without metadata.
 */
export async function coverJpeg(input: ImageInput): Promise<Result<Rendition, ImageError>> {
  const opened = await openImage(input)
  if (!opened.ok) return opened
  const { bytes } = opened.value
  return work(async () => {
    const base = await decodeOnce(await pipeline(bytes), TAG_COVER_SIDE, TAG_COVER_SIDE)
    let made = await rendition(asJpeg(base(), 90), 'jpeg')
    for (const quality of [80, 65, 48, 30]) {
      if (made.bytes.length < TAG_COVER_BYTES) break
      made = await rendition(asJpeg(base(), quality), 'jpeg')
    }
    return made
  })
}

/** Square PNG icons cut from the middle of a picture. These sizes are fixed by their use, so a small picture is enlarged. */
export async function icons(input: ImageInput, sizes: number[] = ICON_SIZES): Promise<Result<Rendition[], ImageError>> {
  const opened = await openImage(input)
  if (!opened.ok) return opened
  const { bytes } = opened.value
  return work(async () => {
    const made: Rendition[] = []
    for (const size of sizes) {
      const square = (await pipeline(bytes)).resize(size, size, { fit: 'cover' })
      made.push(await rendition(square.png({ compressionLevel: 9, palette: size <= 64 }), 'png'))
    }
    return made
  })
}

const asJpeg = (image: Sharp, quality: number): Sharp =>
  image.flatten({ background: WHITE }).jpeg({ quality, progressive: true, mozjpeg: true, chromaSubsampling: '4:4:4' })

async function rendition(image: Sharp, format: Rendition['format']): Promise<Rendition> {
  const { data, info } = await image.timeout({ seconds: MAX_SECONDS }).toBuffer({ resolveWithObject: true })
  return { format, type: `image/${format}`, width: info.width, height: info.height, bytes: data }
}

/** Decodes the original once, at the largest size needed; what follows works from those pixels. */
async function decodeOnce(image: Sharp, width: number, height?: number): Promise<() => Sharp> {
  const size = height === undefined ? { width } : { width, height, fit: 'inside' as const }
  const { data, info } = await image
    .resize({ ...size, withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const sharp = await library()
  return () => sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } })
}
