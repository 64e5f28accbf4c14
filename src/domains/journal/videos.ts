import type { Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { newId } from '../../platform/ids.ts'
import { addJob, type JobContext } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { isOfTheFile } from '../audio/index.ts'
import { blockLine } from './blocks.rules.ts'
import { append } from './edit-post.ts'
import { keepFilm, makeFilm } from './make-film.ts'
import { lockPost } from './post.store.ts'

type Deps = Pick<Platform, 'db' | 'storage' | 'paths'>

/** Largest film that is taken. */
export const MAX_VIDEO_BYTES = 4_000_000_000
const PROGRESS_MS = 1_000

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
  const { storageKey: key, size } = await keepFilm({ storage }, path)
  const id = newId()
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
  const { db } = deps
  const video = await db.selectFrom('postVideos').selectAll().where('id', '=', videoId).executeTakeFirst()
  if (!video || video.removedAt || video.state === 'ready') return
  const set = (values: Partial<typeof video>) =>
    db.updateTable('postVideos').set(values).where('id', '=', videoId).execute()
  await set({ state: 'preparing', progress: 0, problem: null })
  let told = 0
  const onProgress = (progress: number) => {
    if (Date.now() - told < PROGRESS_MS) return
    told = Date.now()
    void set({ progress }).catch(() => undefined)
  }
  try {
    const made = await makeFilm(deps, video.originalStorageKey, { signal: context.signal, onProgress })
    if (!made.ok) {
      if (!isOfTheFile(made.error.code)) throw new Error(`${made.error.code}: ${made.error.detail}`)
      return void (await set({ state: 'failed', problem: made.error.code }))
    }
    const { mp4, webm, posterImageId, width, height, durationMs } = made.value
    await set({
      mp4StorageKey: mp4.storageKey,
      mp4Size: mp4.size,
      mp4Type: mp4.type,
      webmStorageKey: webm.storageKey,
      webmSize: webm.size,
      webmType: webm.type,
      posterImageId,
      width,
      height,
      durationMs,
      state: 'ready',
      progress: 1,
    })
  } catch (error) {
    if (context.lastAttempt) await set({ state: 'failed', problem: 'crashed' })
    throw error
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
