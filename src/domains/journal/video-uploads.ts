import { mkdirSync } from 'node:fs'
import { rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Tx } from '../../platform/database/index.ts'
import { newToken } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { twin } from '../audio/index.ts'
import { addVideo, filmTitle, MAX_VIDEO_BYTES } from './videos.ts'

type Deps = Pick<Platform, 'db' | 'paths'>

/** A film on its way in. `received`: how much of it is on the disk. */
export type VideoUpload = { id: string; fileName: string; size: number; modifiedMs: number; received: number }
export type AskedFilm = { fileName: string; size: number; modifiedMs: number }
export type FilmRefusal = 'none' | 'too-large' | 'no-room'

/** Kept free on the disk: a database that cannot write loses more than a film that is not taken. */
const SPARE_BYTES = 1_000_000_000

/** A folder of its own: what is in the one above is the music's. */
export function filmsFolder(paths: Platform['paths']): string {
  const folder = join(paths.uploads, 'films')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

const pathOf = (paths: Platform['paths'], id: string) => join(filmsFolder(paths), id)

/** What is on its way to this post and has not come whole, or was not taken yet. */
export async function videoUploadsOf({ db, paths }: Deps, postId: string): Promise<VideoUpload[]> {
  const rows = await db
    .selectFrom('videoUploads')
    .select(['id', 'fileName', 'size', 'modifiedMs'])
    .where('postId', '=', postId)
    .orderBy('touchedAt', 'desc')
    .execute()
  return Promise.all(rows.map(async (row) => ({ ...row, received: await receivedOf(paths, row.id) })))
}

const receivedOf = async (paths: Platform['paths'], id: string): Promise<number> =>
  (await stat(pathOf(paths, id)).catch(() => null))?.size ?? 0

/** Gives a coming film its name on disk, or refuses it before any byte is sent. The same file again begins anew. */
export async function announceVideo(
  { db, paths }: Deps,
  postId: string,
  asked: AskedFilm,
): Promise<Result<string, FilmRefusal>> {
  const { fileName, size, modifiedMs } = asked
  if (!fileName || !Number.isSafeInteger(size) || size <= 0 || !Number.isSafeInteger(modifiedMs)) return fail('none')
  if (size > MAX_VIDEO_BYTES) return fail('too-large')
  const there = await videoUploadsOf({ db, paths }, postId)
  const same = there.find((one) => one.fileName === fileName && one.size === size && one.modifiedMs === modifiedMs)
  const { bavail, bsize } = await statfs(filmsFolder(paths))
  const promised = there.reduce((sum, one) => sum + (one === same ? 0 : one.size - one.received), 0)
  if (size + promised + SPARE_BYTES > bavail * bsize + (same?.received ?? 0)) return fail('no-room')
  if (same) await forgetVideoUpload({ db, paths }, same.id)
  const id = newToken()
  await db.insertInto('videoUploads').values({ id, postId, fileName, size, modifiedMs }).execute()
  return ok(id)
}

/** Makes a film of what has come whole. Whoever dies on the way does it again: the bytes stay until the film has its row. */
export async function finishVideo(
  deps: Deps & Pick<Platform, 'storage'>,
  { postId, uploadId }: { postId: string; uploadId: string },
): Promise<Result<{ id: string }, 'missing' | 'incomplete'>> {
  const { paths } = deps
  const found = (await videoUploadsOf(deps, postId)).find(({ id }) => id === uploadId)
  if (!found) return fail('missing')
  const { fileName, size, received } = found
  if (received < size) return fail('incomplete')
  const path = await twin(paths, pathOf(paths, uploadId))
  try {
    const taken = (tx: Tx) =>
      tx.deleteFrom('videoUploads').where('id', '=', uploadId).returning('id').executeTakeFirst()
    const done = await addVideo(deps, { postId, path, fileName, title: filmTitle(fileName), taken })
    if (done.ok) await rm(pathOf(paths, uploadId), { force: true })
    return done
  } finally {
    await rm(path, { force: true })
  }
}

/** Forgets a film on its way, first on disk: a row without bytes is sent again, bytes without a row would be nobody's. */
export async function forgetVideoUpload({ db, paths }: Deps, id: string): Promise<void> {
  await rm(pathOf(paths, id), { force: true })
  await db.deleteFrom('videoUploads').where('id', '=', id).execute()
}
