import { crc32 } from 'node:zlib'
import { sql } from 'kysely'
import type { Piece } from '../../platform/http/index.ts'
import { originalKey, renditionKey } from '../../platform/images/index.ts'
import { addJob } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { hashOf } from '../../platform/signing.ts'
import { wayHome } from '../exchange/index.ts'
import { type PlannedEncoding, planEncodings, type ReleasePlan } from './encoding-plan.ts'
import { type Format, formatFiles } from './engine/formats.ts'
import { crcOf } from './make-encoding.ts'
import { safeName, trackFileName } from './names.rules.ts'
import { words } from './words.ts'
import { layOutZip, type ZipEntry } from './zip.rules.ts'

type Deps = Pick<Platform, 'db' | 'config' | 'now' | 'storage'>

/** What is taken: a whole release, or one track of it. `whole`: of a release all tracks, also those that are not given to everybody. */
export type Wanted = { releaseId: string; trackId: string | null; format: Format; whole?: boolean }

export type Taking =
  | { state: 'ready'; pieces: Piece[]; size: number; fileName: string; type: string; etag: string }
  | { state: 'making'; done: number; total: number }
  | { state: 'failed' }
  | { state: 'absent' }

type Made = { contentHash: string; storageKey: string; size: number; crc32: number }

/**
 * Where a download stands: ready to be sent, complete; or still being made; or failed for good. Asks for what is missing when `start` is set: one job a file, the
 * same file never twice.
 */
export async function take(deps: Deps, wanted: Wanted, { start }: { start: boolean }): Promise<Taking> {
  const { releaseId, trackId, format, whole = false } = wanted
  // An archive holds the tracks that are given; a track asked for by itself was let through by its own word.
  const plan = await planEncodings(deps, releaseId, format, (track) =>
    trackId === null ? whole || track.gives.download : track.trackId === trackId,
  )
  if (!plan) return { state: 'absent' }
  const made = await madeOf(deps, plan.encodings)
  const missing = plan.encodings.filter(({ contentHash }) => !made.has(contentHash))
  if (missing.length === 0) return ready(deps, plan, made, wanted)
  if (await anyFailed(deps, missing)) {
    if (!start) return { state: 'failed' }
  }
  if (start) await askFor(deps, releaseId, missing)
  return { state: 'making', done: plan.encodings.length - missing.length, total: plan.encodings.length }
}

const jobKey = (contentHash: string) => `encode:${contentHash}`

async function askFor({ db }: Deps, releaseId: string, missing: PlannedEncoding[]): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { rows } = await sql<{
      key: string
    }>`select key from graphile_worker.jobs where key = any(${missing.map((e) => jobKey(e.contentHash))}) and attempts < max_attempts`.execute(
      tx,
    )
    const asked = new Set(rows.map((row) => row.key))
    for (const { trackId, format, contentHash } of missing) {
      const key = jobKey(contentHash)
      if (!asked.has(key)) await addJob(tx, 'audio.encode', { releaseId, trackId, format }, { key, attempts: 3 })
    }
  })
}

async function anyFailed({ db }: Deps, missing: PlannedEncoding[]): Promise<boolean> {
  const { rows } =
    await sql`select 1 from graphile_worker.jobs where key = any(${missing.map((e) => jobKey(e.contentHash))}) and attempts >= max_attempts and locked_at is null limit 1`.execute(
      db,
    )
  return rows.length > 0
}

/** The files that exist, checked on the storage itself: what was evicted or lost is made again. */
async function madeOf({ db, storage, now }: Deps, encodings: PlannedEncoding[]): Promise<Map<string, Made>> {
  const rows = await db
    .selectFrom('encodings')
    .select(['contentHash', 'storageKey', 'size', 'crc32', 'lastUsedAt'])
    .where(
      'contentHash',
      'in',
      encodings.map(({ contentHash }) => contentHash),
    )
    .execute()
  const there = await Promise.all(rows.map(async (row) => (await storage.stat(row.storageKey))?.size === row.size))
  const made = rows.filter((_, index) => there[index])
  const aDayAgo = new Date(now().getTime() - 24 * 3_600_000)
  const used = made.filter((row) => row.lastUsedAt < aDayAgo).map((row) => row.contentHash)
  if (used.length)
    await db.updateTable('encodings').set({ lastUsedAt: now() }).where('contentHash', 'in', used).execute()
  return new Map(made.map((row) => [row.contentHash, row]))
}

async function ready(
  deps: Deps,
  { release, encodings }: ReleasePlan,
  made: Map<string, Made>,
  { trackId, format }: Wanted,
): Promise<Taking> {
  const { extension, type } = formatFiles[format]
  const files = encodings.map((encoding) => {
    const track = release.tracks.find((candidate) => candidate.trackId === encoding.trackId)
    if (!track) throw new Error('A planned track left its release')
    return { ...(made.get(encoding.contentHash) as Made), name: trackFileName(track, release.discs, extension), track }
  })
  const [only] = files
  if (trackId && only) {
    const fileName = `${safeName(`${only.track.artistLine || release.albumArtistLine} - ${only.track.title}`)}.${extension}`
    return {
      state: 'ready',
      pieces: [{ key: only.storageKey, size: only.size }],
      size: only.size,
      fileName,
      type,
      etag: `"${only.contentHash.slice(0, 32)}"`,
    }
  }
  const folder = safeName(`${release.albumArtistLine} - ${release.album}`)
  const entries: ZipEntry<Piece>[] = files.map(({ name, size, crc32, storageKey }) => ({
    name: `${folder}/${name}`,
    size,
    crc32,
    content: { key: storageKey, size },
  }))
  entries.push(...(await beside(deps, release, folder)))
  entries.push(about(release, entries, folder, deps.now()))
  const at = release.date ? new Date(`${release.date.padEnd(10, '-01')}T12:00:00Z`) : new Date('1980-01-01T00:00:00Z')
  const pieces = layOutZip(entries, Number.isNaN(at.getTime()) ? new Date('1980-01-01T00:00:00Z') : at)
  const size = pieces.reduce((sum, piece) => sum + (Buffer.isBuffer(piece) ? piece.length : piece.size), 0)
  const etag = `"${hashOf(JSON.stringify([files.map((file) => file.contentHash), entries.map((entry) => [entry.name, entry.crc32])])).slice(0, 32)}"`
  return {
    state: 'ready',
    pieces,
    size,
    fileName: `${folder} (${format.toUpperCase()}).zip`,
    type: 'application/zip',
    etag,
  }
}

/** What lies beside the music in the archive: the cover and the bonus files. */
async function beside(
  { db, storage }: Deps,
  release: ReleasePlan['release'],
  folder: string,
): Promise<ZipEntry<Piece>[]> {
  const entries: ZipEntry<Piece>[] = []
  const files = release.bonus.map((bonus) => ({ ...bonus, name: safeName(bonus.fileName) }))
  if (release.cover) {
    const { sha256, widths } = release.cover
    const width = Math.max(...widths)
    const key = renditionKey(sha256, width, 'jpg')
    const stored = (await storage.stat(key)) ?? (await storage.stat(originalKey(sha256)))
    if (stored)
      files.unshift({
        id: '',
        fileName: 'cover.jpg',
        name: 'cover.jpg',
        storageKey: stored.key,
        sha256: `${sha256}-${width}`,
        size: stored.size,
        type: 'image/jpeg',
      })
  }
  const taken = new Set<string>()
  for (const { name, storageKey, sha256, size } of files) {
    const known = await db.selectFrom('checksums').select('crc32').where('sha256', '=', sha256).executeTakeFirst()
    const crc32 = known?.crc32 ?? (await crcOf((await storage.open(storageKey)) as AsyncIterable<Buffer>))
    if (!known)
      await db
        .insertInto('checksums')
        .values({ sha256, crc32 })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    entries.push({ name: `${folder}/${unused(name, taken)}`, size, crc32, content: { key: storageKey, size } })
  }
  return entries
}

/** What it is, under which licence, and where it lives: a copy finds its way home from wherever it was passed on to. */
function about(release: ReleasePlan['release'], beside: ZipEntry<Piece>[], folder: string, now: Date): ZipEntry<Piece> {
  const t = words(release.artistLanguage)
  const { text, url } = release.licence
  const lines = [
    `${release.albumArtistLine} – ${release.album}`,
    [release.copyright, text].filter(Boolean).join('. '),
    ...(url ? [url] : []),
    '',
    t('about_home', { artist: release.albumArtistLine }),
    wayHome(release.url, release.releaseId, now.toISOString().slice(0, 7)),
    '',
    t('about_token'),
  ]
  // Line ends that every old editor knows.
  const content = Buffer.from(`${lines.join('\r\n')}\r\n`)
  const taken = new Set(beside.map(({ name }) => name.slice(folder.length + 1).toLowerCase()))
  const name = `${folder}/${unused(`${t('about_name')}.txt`, taken)}`
  return { name, size: content.length, crc32: crc32(content), content }
}

/** Two bonus files of one name are told apart by a number. */
function unused(name: string, taken: Set<string>): string {
  let free = name
  for (let number = 2; taken.has(free.toLowerCase()); number++) free = name.replace(/(\.[^.]*)?$/, ` (${number})$1`)
  taken.add(free.toLowerCase())
  return free
}
