import { stat } from 'node:fs/promises'
import { coverJpeg } from '../../../platform/images/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { embeddedCover } from '../../music/index.ts'
import type { Batch } from './batches.store.ts'
import { lastSegment } from './paths.rules.ts'
import { uploadPath } from './uploads.store.ts'

/** The cover that was found for one release of a batch, made anew as a JPEG of our own: a stranger's bytes are never shown. */
export async function coverPreview(
  { paths }: Pick<Platform, 'paths'>,
  batch: Batch | undefined,
  index: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const cover = batch?.plan?.releases[index]?.cover
  if (!cover) return null
  const path = uploadPath(paths, cover.path)
  const found = await stat(path).catch(() => null)
  if (!found) return null
  const picture = cover.kind === 'file' ? path : await embeddedCover(path, found.size, lastSegment(cover.file))
  const jpeg = picture === null ? null : await coverJpeg(picture)
  return jpeg?.ok ? new Uint8Array(jpeg.value.bytes) : null
}
