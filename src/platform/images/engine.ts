import { open } from 'node:fs/promises'
import type { Sharp } from 'sharp'
import { fail, ok, type Result } from '../result.ts'
import { AT_ONCE, MAX_BYTES, MAX_PIXELS, MAX_SECONDS, MAX_SIDE } from './limits.ts'
import { type PictureKind, sniffPicture } from './sniff.rules.ts'

/** Why a picture is refused. `values` go with the sentence that the caller words. */
export type ImageError = {
  code: 'empty' | 'too-many-bytes' | 'svg' | 'not-an-image' | 'too-large' | 'broken'
  values: Record<string, string | number>
}

/** A path on this machine, or the bytes themselves. */
export type ImageInput = string | Uint8Array

export type ImageFacts = {
  format: Exclude<PictureKind, 'svg' | 'unknown'>
  /** As it is to be seen: EXIF orientation applied. */
  width: number
  height: number
  hasAlpha: boolean
  /** Holds several frames; only the first is ever used. */
  animated: boolean
  bytes: number
}

let loading: Promise<typeof import('sharp').default> | null = null

/** The library that works on pictures, loaded with the first of them: no page needs it. Nobody else imports it. */
export function library(): Promise<typeof import('sharp').default> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    // One thread per operation, no cache of decoded pixels: memory depends on AT_ONCE and MAX_PIXELS, not on traffic.
    sharp.cache(false)
    sharp.concurrency(1)
    // Only these readers exist for us. SVG is for pictures that we draw ourselves, see own-svg.ts.
    sharp.block({ operation: ['VipsForeignLoad'] })
    sharp.unblock({
      operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Tiff', 'Heif', 'Svg'].map((name) => `VipsForeignLoad${name}`),
    })
    return sharp
  })
  return loading
}

/** Opens a picture after every check that costs little. The pipeline is turned upright and in sRGB, without metadata. */
export async function openImage(
  input: ImageInput,
): Promise<Result<{ bytes: Uint8Array; facts: ImageFacts }, ImageError>> {
  const read = await readBounded(input)
  if (!read.ok) return read
  const bytes = read.value
  if (bytes.length === 0) return fail({ code: 'empty', values: {} })
  const kind = sniffPicture(bytes)
  if (kind === 'svg') return fail({ code: 'svg', values: {} })
  if (kind === 'unknown') return fail({ code: 'not-an-image', values: {} })
  return inTurn(async () => {
    const found = await readHeader(bytes, kind)
    return found.ok ? ok({ bytes, facts: found.value }) : found
  })
}

/** A fresh pipeline over bytes that `openImage` accepted: first frame, upright, sRGB, 8 bits, metadata left behind. */
export const pipeline = async (bytes: Uint8Array): Promise<Sharp> =>
  (await decoder(bytes)).autoOrient().toColourspace('srgb').timeout({ seconds: MAX_SECONDS })

/** Runs picture work when its turn comes; what the decoder throws becomes a result. */
export async function work<T>(job: () => Promise<T>): Promise<Result<T, ImageError>> {
  return inTurn(async () => {
    try {
      return ok(await job())
    } catch (error) {
      return fail(broken(error))
    }
  })
}

async function decoder(bytes: Uint8Array): Promise<Sharp> {
  const sharp = await library()
  return sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', pages: 1, page: 0, autoOrient: false })
}

async function readHeader(
  bytes: Uint8Array,
  kind: Exclude<PictureKind, 'svg' | 'unknown'>,
): Promise<Result<ImageFacts, ImageError>> {
  try {
    // The header is read without the pixel limit, so that the refusal can say the size.
    const sharp = await library()
    const header = await sharp(bytes, { limitInputPixels: false, failOn: 'error' }).metadata()
    const { width, height } = header.autoOrient
    if (header.format !== (kind === 'avif' ? 'heif' : kind)) return fail({ code: 'not-an-image', values: {} })
    if (width * height > MAX_PIXELS || Math.max(width, height) > MAX_SIDE) {
      return fail({ code: 'too-large', values: { width, height, megapixels: Math.round(MAX_PIXELS / 1e6) } })
    }
    return ok({
      format: kind,
      width,
      height,
      hasAlpha: header.hasAlpha,
      animated: (header.pages ?? 1) > 1,
      bytes: bytes.length,
    })
  } catch (error) {
    return fail(broken(error))
  }
}

function broken(error: unknown): ImageError {
  const detail = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  return { code: 'broken', values: { detail } }
}

async function readBounded(input: ImageInput): Promise<Result<Uint8Array, ImageError>> {
  if (typeof input !== 'string') return input.length > MAX_BYTES ? tooManyBytes(input.length) : ok(input)
  const file = await open(input, 'r')
  try {
    const { size } = await file.stat()
    return size > MAX_BYTES ? tooManyBytes(size) : ok(await file.readFile())
  } finally {
    await file.close()
  }
}

const tooManyBytes = (bytes: number) =>
  fail<ImageError>({ code: 'too-many-bytes', values: { bytes, limit: MAX_BYTES } })

let running = 0
const waiting: (() => void)[] = []

async function inTurn<T>(job: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
  else running++
  try {
    return await job()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}
