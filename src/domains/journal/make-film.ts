import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { newToken } from '../../platform/ids.ts'
import { storeImage } from '../../platform/images/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { ok, type Result } from '../../platform/result.ts'
import { type AudioProblem, engine, type FilmLimits } from '../audio/index.ts'

/** A film of an hour, on a slow machine. */
const TIMEOUT_MS = 6 * 3_600_000

/** Keeps a film as it came, under its hash. The file at `path` is taken over. Size in bytes. */
export async function keepFilm(
  { storage }: Pick<Platform, 'storage'>,
  path: string,
): Promise<{ storageKey: string; sha256: string; size: number }> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  const sha256 = hash.digest('hex')
  const storageKey = `videos/${sha256.slice(0, 2)}/${sha256}`
  return { storageKey, sha256, size: await storage.adopt(storageKey, path) }
}

type Kept = { storageKey: string; size: number; type: string }
export type MadeFilm = {
  mp4: Kept
  webm: Kept
  /** A picture of it; null when none could be taken. */
  posterImageId: string | null
  width: number
  height: number
  durationMs: number
}

type Options = { signal: AbortSignal; onProgress: (progress: number) => void; limits?: FilmLimits }

/** Makes what browsers play of a film that is kept, stored beside it, and a picture of it. */
export async function makeFilm(
  deps: Pick<Platform, 'db' | 'storage' | 'paths'>,
  storageKey: string,
  { signal, onProgress, limits }: Options,
): Promise<Result<MadeFilm, AudioProblem>> {
  const { storage, paths } = deps
  const folder = join(paths.work, `film-${newToken(9)}`)
  await mkdir(folder, { recursive: true })
  try {
    const made = await storage.withLocal(storageKey, (path) =>
      engine('film', { path, folder, ...(limits && { limits }) }, { signal, onProgress, timeoutMs: TIMEOUT_MS }),
    )
    if (!made.ok) return made
    const { poster, mp4, webm, width, height, durationMs } = made.value
    const image = poster ? await storeImage(deps, poster) : null
    const keep = async (extension: string, { path, type }: { path: string; type: string }): Promise<Kept> => {
      const key = `${storageKey}.${extension}`
      return { storageKey: key, size: await storage.adopt(key, path), type }
    }
    return ok({
      mp4: await keep('mp4', mp4),
      webm: await keep('webm', webm),
      posterImageId: image?.ok ? image.value.id : null,
      width,
      height,
      durationMs,
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
