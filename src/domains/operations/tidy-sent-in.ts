import { dropImage } from '../../platform/images/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { forgetEntryFile, tidyEntryFiles } from './entry-files/keep-file.ts'
import { heldInVain, type Pictured, settlePicture, tidyHeld } from './held-pictures.ts'

const DAY_MS = 24 * 3_600_000
const ASKED_DAYS = 7
/** How long a picture that was taken down is kept, to be shown again. */
export const KEPT_DAYS = 14

/**
 * What was sent in to contests and missions and nobody said was theirs is forgotten after a week, with its address, its picture and its file; the picture and the file
 * of what was taken down, after two. What came with a form that nobody finished goes after a day.
 */
export async function tidySentIn(platform: Pick<Platform, 'db' | 'storage' | 'now' | 'log'>): Promise<void> {
  const { db, now, log } = platform
  // One that cannot be read must not keep the others where they are.
  const settle = async (one: { what: Pictured; id: string }) => {
    try {
      await settlePicture(platform, one)
    } catch (error) {
      log.warn({ ...one, problem: error instanceof Error ? error.message : '' }, 'a picture could not be settled')
    }
  }
  const before = (days: number) => new Date(now().getTime() - days * DAY_MS)
  await db.deleteFrom('contestBallots').where('confirmedAt', 'is', null).where('at', '<', before(ASKED_DAYS)).execute()
  for (const table of ['contestEntries', 'missionContributions'] as const) {
    const forgotten = await db
      .deleteFrom(table)
      .where('confirmedAt', 'is', null)
      .where('at', '<', before(ASKED_DAYS))
      .returning('imageId')
      .execute()
    const down = await db
      .selectFrom(table)
      .select(['id', 'imageId'])
      .where('state', '=', 'blocked')
      .where('imageId', 'is not', null)
      .where('decidedAt', '<', before(KEPT_DAYS))
      .execute()
    const justDown = await db
      .selectFrom(table)
      .select('id')
      .where('state', '=', 'blocked')
      .where('imageId', 'is not', null)
      .where('decidedAt', '>=', before(KEPT_DAYS))
      .execute()
    // A job of its own does it when something is taken down; this finds those whose job was lost.
    for (const { id } of justDown) await settle({ what: table === 'contestEntries' ? 'entry' : 'contribution', id })
    for (const { id } of down)
      await db.updateTable(table).set({ imageId: null }).where('id', '=', id).where('state', '=', 'blocked').execute()
    for (const { imageId } of [...forgotten, ...down]) if (imageId) await dropImage(platform, imageId)
  }
  for (const one of await heldInVain(db)) await settle(one)
  const files = await db
    .updateTable('contestEntries')
    .set({ fileId: null })
    .from('entryFiles')
    .whereRef('entryFiles.id', '=', 'contestEntries.fileId')
    .where('contestEntries.state', '=', 'blocked')
    .where('decidedAt', '<', before(KEPT_DAYS))
    .returning('entryFiles.id')
    .execute()
  for (const { id } of files) await forgetEntryFile(platform, id)
  await tidyEntryFiles(platform, before(1))
  await tidyHeld(platform, before(KEPT_DAYS))
}
