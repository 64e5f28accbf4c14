import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { newId, newToken } from '../../platform/ids.ts'
import { storeImage } from '../../platform/images/index.ts'
import { addJob, type JobContext } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { engine } from '../audio/index.ts'
import { blockLine } from './blocks.rules.ts'
import { append } from './edit-post.ts'
import { lockPost } from './post.store.ts'

type Deps = Pick<Platform, 'db' | 'storage' | 'paths'>

/** Largest film that is taken. */
export const MAX_VIDEO_BYTES = 4_000_000_000
/** A film of an hour, on a slow machine. */
const TIMEOUT_MS = 6 * 3_600_000
const PROGRESS_MS = 1_000
/** Problems of the file itself: trying again would find the same. */
const OF_THE_FILE = new Set(['empty', 'not-audio', 'unsupported', 'protected', 'too-long', 'truncated', 'damaged'])

export type NewVideo = {
  postId: string
  path: string
  fileName: string
  title: string
  /** Told in the transaction that makes it a film: false when somebody else did so meanwhile. */
  taken?: (tx: Tx) => Promise<unknown>
}

/** Keeps a film as it came, puts its line at the end of the text, and has it made ready. The file at `path` is taken over. */
export async function addVideo(
  { db, storage }: Deps,
  { postId, path, fileName, title, taken }: NewVideo,
): Promise<Result<{ id: string }, 'missing'>> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  const sha256 = hash.digest('hex')
  const id = newId()
  const key = `videos/${sha256.slice(0, 2)}/${sha256}`
  const size = await storage.adopt(key, path)
  return db.transaction().execute(async (tx) => {
    const post = await lockPost(tx, postId)
    if (!post || post.removedAt || (taken && !(await taken(tx)))) return fail('missing')
    await tx
      .insertInto('postVideos')
      .values({
        id,
        postId,
        title,
        fileName,
        originalStorageKey: key,
        originalSize: size,
        problem: null,
        mp4StorageKey: null,
        mp4Size: null,
        mp4Type: null,
        webmStorageKey: null,
        webmSize: null,
        webmType: null,
        posterImageId: null,
        width: null,
        height: null,
        durationMs: null,
      })
      .execute()
    await append(tx, post, blockLine('video', id, title))
    await makeReady(tx, id)
    return ok({ id })
  })
}

/** What a film is called until somebody says otherwise: its file's name. */
export const filmTitle = (fileName: string): string =>
  fileName
    .replace(/\.[a-z0-9]{2,4}$/i, '')
    .replace(/[_\s]+/g, ' ')
    .trim()
    .slice(0, 200) || 'Film'

const makeReady = (tx: Tx, videoId: string) =>
  addJob(tx, 'journal.prepare-video', { videoId }, { key: `film:${videoId}` })

/** Tries to make a film ready once more: what failed may have been the machine. False when there is nothing to try. */
export const retryVideo = (
  { db }: Pick<Platform, 'db'>,
  { postId, videoId }: { postId: string; videoId: string },
): Promise<boolean> =>
  db.transaction().execute(async (tx) => {
    const again = await tx
      .updateTable('postVideos')
      .set({ state: 'waiting', progress: 0, problem: null })
      .where('id', '=', videoId)
      .where('postId', '=', postId)
      .where('state', '=', 'failed')
      .where('removedAt', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (again) await makeReady(tx, videoId)
    return again !== undefined
  })

/** Makes what browsers play, and a picture of it. A problem of the file is kept with it at once, one of the machine once the last attempt failed. */
export async function prepareVideo(deps: Deps, { videoId }: { videoId: string }, context: JobContext): Promise<void> {
  const { db, storage, paths } = deps
  const video = await db.selectFrom('postVideos').selectAll().where('id', '=', videoId).executeTakeFirst()
  if (!video || video.removedAt || video.state === 'ready') return
  const set = (values: Partial<typeof video>) =>
    db.updateTable('postVideos').set(values).where('id', '=', videoId).execute()
  await set({ state: 'preparing', progress: 0, problem: null })
  const folder = join(paths.work, `film-${newToken(9)}`)
  await mkdir(folder, { recursive: true })
  let told = 0
  const onProgress = (progress: number) => {
    if (Date.now() - told < PROGRESS_MS) return
    told = Date.now()
    void set({ progress }).catch(() => undefined)
  }
  try {
    const made = await storage.withLocal(video.originalStorageKey, (path) =>
      engine('film', { path, folder }, { signal: context.signal, onProgress, timeoutMs: TIMEOUT_MS }),
    )
    if (!made.ok) {
      if (!OF_THE_FILE.has(made.error.code)) throw new Error(`${made.error.code}: ${made.error.detail}`)
      return void (await set({ state: 'failed', problem: made.error.code }))
    }
    const { mp4, webm, poster, width, height, durationMs } = made.value
    const base = video.originalStorageKey
    const image = poster ? await storeImage(deps, poster) : null
    await set({
      mp4StorageKey: `${base}.mp4`,
      mp4Size: await storage.adopt(`${base}.mp4`, mp4.path),
      mp4Type: mp4.type,
      webmStorageKey: `${base}.webm`,
      webmSize: await storage.adopt(`${base}.webm`, webm.path),
      webmType: webm.type,
      posterImageId: image?.ok ? image.value.id : null,
      width,
      height,
      durationMs,
      state: 'ready',
      progress: 1,
    })
  } catch (error) {
    if (context.lastAttempt) await set({ state: 'failed', problem: 'crashed' })
    throw error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Sets the captions of one language, or takes them away. */
export async function setCaptions(
  { db }: Pick<Platform, 'db'>,
  { videoId, language, vtt }: { videoId: string; language: Lang; vtt: string | null },
): Promise<void> {
  if (vtt === null) {
    await db.deleteFrom('videoCaptions').where('videoId', '=', videoId).where('language', '=', language).execute()
    return
  }
  await db
    .insertInto('videoCaptions')
    .values({ videoId, language, vtt })
    .onConflict((conflict) => conflict.columns(['videoId', 'language']).doUpdateSet({ vtt }))
    .execute()
}
