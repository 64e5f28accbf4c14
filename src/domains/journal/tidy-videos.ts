import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Platform } from '../../platform/platform.ts'
import { KEPT_DAYS } from './remove-video.ts'
import { filmsFolder, forgetVideoUpload } from './video-uploads.ts'

const DAY_MS = 24 * 3_600_000
/** What nobody sent a byte of for so long is thrown away. */
const UPLOAD_DAYS = 7

/**
 * Films that were taken off too long ago to be put back go, and so does what was never sent to its end. Of a film the row goes here; its files, which another post
 * may show as well, go with all that no row names (`platform.tidy-files`).
 */
export async function tidyVideos({ db, paths, now }: Pick<Platform, 'db' | 'paths' | 'now'>): Promise<void> {
  const before = (days: number) => new Date(now().getTime() - days * DAY_MS)
  const gone = await db
    .deleteFrom('postVideos')
    .where('removedAt', '<', before(KEPT_DAYS))
    .returning('posterImageId')
    .execute()
  for (const { posterImageId } of gone) {
    if (!posterImageId) continue
    // The same picture may stand elsewhere: then it stays.
    await db
      .deleteFrom('images')
      .where('id', '=', posterImageId)
      .execute()
      .catch((error: { code?: string }) => {
        if (error.code !== '23503') throw error
      })
  }
  const old = await db.selectFrom('videoUploads').select('id').where('touchedAt', '<', before(UPLOAD_DAYS)).execute()
  for (const { id } of old) await forgetVideoUpload({ db, paths }, id)
  await removeStrays({ db, paths, now })
}

/** Bytes that no row knows, a day old at least: a file is made a moment after its row is. */
async function removeStrays({ db, paths, now }: Pick<Platform, 'db' | 'paths' | 'now'>): Promise<void> {
  const folder = filmsFolder(paths)
  for (const name of await readdir(folder)) {
    const found = await stat(join(folder, name)).catch(() => null)
    if (!found || now().getTime() - found.mtimeMs < DAY_MS) continue
    const known = await db.selectFrom('videoUploads').select('id').where('id', '=', name).executeTakeFirst()
    if (!known) await rm(join(folder, name), { force: true })
  }
}
