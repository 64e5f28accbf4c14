import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { audit } from '../../identity/index.ts'

/** Prepares a sound again that could not be prepared. False when there is none that failed. */
export async function retrySound(
  { db }: Pick<Platform, 'db'>,
  { masterId, by }: { masterId: string; by: string },
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const master = await tx
      .updateTable('masters')
      .set({ state: 'waiting', progress: 0, problem: null })
      .where('id', '=', masterId)
      .where('state', '=', 'failed')
      .returning(['artistId', 'fileName'])
      .executeTakeFirst()
    if (!master) return false
    await addJob(tx, 'audio.prepare', { masterId }, { key: `prepare:${masterId}`, attempts: 3 })
    await audit(tx, { accountId: by, action: 'sound.retry', artistId: master.artistId, subject: master.fileName })
    return true
  })
}
