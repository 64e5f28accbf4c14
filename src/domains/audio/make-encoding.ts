import { createReadStream } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { newToken } from '../../platform/ids.ts'
import { coverJpeg, originalKey } from '../../platform/images/index.ts'
import type { JobContext } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { planEncodings } from './encoding-plan.ts'
import type { Format } from './engine/index.ts'
import { engine } from './run-engine.ts'

type Deps = Pick<Platform, 'db' | 'storage' | 'paths' | 'config' | 'now'>
export type EncodeJob = { releaseId: string; trackId: string; format: Format }

/** Makes one file of a download: encoded from the master, tagged, with its cover. What exists already is not made again. */
export async function makeEncoding(
  deps: Deps,
  { releaseId, trackId, format }: EncodeJob,
  context: Pick<JobContext, 'signal'>,
): Promise<void> {
  const plan = await planEncodings(deps, releaseId, format, (track) => track.trackId === trackId)
  const wanted = plan?.encodings[0]
  if (!wanted) return
  const known = await deps.db
    .selectFrom('encodings')
    .select('storageKey')
    .where('contentHash', '=', wanted.contentHash)
    .executeTakeFirst()
  if (known && (await deps.storage.stat(known.storageKey))) return

  const folder = join(deps.paths.work, `encode-${newToken(9)}`)
  await mkdir(folder, { recursive: true })
  try {
    const path = join(folder, 'out')
    const encoded = await deps.storage.withLocal(wanted.masterKey, (master) =>
      engine('encode', { path: master, outPath: path, format }, { signal: context.signal }),
    )
    if (!encoded.ok) throw new Error(`${encoded.error.code}: ${encoded.error.detail}`)
    const coverJpegPath = wanted.coverSha256 ? await coverIn(deps, folder, wanted.coverSha256) : null
    const tagged = await engine('tag', { path, format, tags: wanted.tags, coverJpegPath }, { signal: context.signal })
    if (!tagged.ok) throw new Error(`${tagged.error.code}: ${tagged.error.detail}`)
    const check = await crcOf(createReadStream(path, { highWaterMark: 1024 * 1024 }))
    const storageKey = `encodings/${wanted.contentHash.slice(0, 2)}/${wanted.contentHash}`
    const size = await deps.storage.adopt(storageKey, path)
    await deps.db
      .insertInto('encodings')
      .values({
        contentHash: wanted.contentHash,
        format,
        storageKey,
        size,
        crc32: check,
        createdAt: deps.now(),
        lastUsedAt: deps.now(),
      })
      .onConflict((conflict) =>
        conflict.column('contentHash').doUpdateSet({ size, crc32: check, storageKey, lastUsedAt: deps.now() }),
      )
      .execute()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export async function crcOf(chunks: AsyncIterable<Buffer>): Promise<number> {
  let value = 0
  for await (const chunk of chunks) value = crc32(chunk, value)
  return value
}

/** The cover as a JPEG small enough for players to show, made once a picture. */
export async function coverIn({ storage }: Pick<Platform, 'storage'>, folder: string, sha256: string): Promise<string> {
  const path = join(folder, 'cover.jpg')
  const made = await storage.withLocal(originalKey(sha256), (original) => coverJpeg(original))
  if (!made.ok) throw new Error(`The cover cannot be read: ${made.error.code}`)
  await writeFile(path, made.value.bytes)
  return path
}
