import { dropImage } from '../../../platform/images/index.ts'
import type { Platform } from '../../../platform/platform.ts'

const DAY_MS = 24 * 3_600_000
const ASKED_DAYS = 7
/** How long a picture that was taken down is kept, to be shown again. */
export const KEPT_DAYS = 14

/** What nobody said was theirs is forgotten after a week, with its address and its picture; the picture of what was taken down, after two. */
export async function tidyMissions({ db, storage, now }: Pick<Platform, 'db' | 'storage' | 'now'>): Promise<void> {
  const before = (days: number) => new Date(now().getTime() - days * DAY_MS)
  const forgotten = await db
    .deleteFrom('missionContributions')
    .where('confirmedAt', 'is', null)
    .where('at', '<', before(ASKED_DAYS))
    .returning('imageId')
    .execute()
  const down = await db
    .selectFrom('missionContributions')
    .select(['id', 'imageId'])
    .where('state', '=', 'blocked')
    .where('imageId', 'is not', null)
    .where('decidedAt', '<', before(KEPT_DAYS))
    .execute()
  for (const { id } of down)
    await db
      .updateTable('missionContributions')
      .set({ imageId: null })
      .where('id', '=', id)
      .where('state', '=', 'blocked')
      .execute()
  for (const { imageId } of [...forgotten, ...down]) if (imageId) await dropImage({ db, storage }, imageId)
}
