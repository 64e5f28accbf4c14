import { newId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { audit } from '../identity/index.ts'
import type { By } from './publish-release.ts'
import { lockRelease, markChanged } from './release.store.ts'

/** Makes a picture that is kept here the sleeve of a release, and says on it whose work it is. Whoever is credited with the sleeve already stays. */
export async function takeCover(
  { db }: Pick<Platform, 'db'>,
  { releaseId, imageId, name, by }: { releaseId: string; imageId: string; name: string } & By,
): Promise<Result<null, 'missing'>> {
  return db.transaction().execute(async (tx) => {
    const release = await lockRelease(tx, releaseId)
    if (!release) return fail('missing')
    const credits = await tx
      .selectFrom('credits')
      .select(['role', 'name', 'position'])
      .where('releaseId', '=', releaseId)
      .execute()
    const isCredited = credits.some((credit) => credit.role === 'artwork' && credit.name === name)
    if (release.coverImageId === imageId && isCredited) return ok(null)
    await tx.updateTable('releases').set({ coverImageId: imageId }).where('id', '=', releaseId).execute()
    if (!isCredited)
      await tx
        .insertInto('credits')
        .values({
          id: newId(),
          ...{ releaseId, recordingId: null, role: 'artwork', name, detail: null },
          position: Math.max(-1, ...credits.map(({ position }) => position)) + 1,
        })
        .execute()
    await markChanged(tx, releaseId, { heard: true })
    const { artistId, title } = release
    await audit(tx, { accountId: by, action: 'release.cover', artistId, subject: title, details: { credit: name } })
    return ok(null)
  })
}
