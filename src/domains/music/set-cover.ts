import { type ImageError, type ImageInput, storeImage } from '../../platform/images/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { paletteOf } from '../../ui/colour/palette.ts'
import { audit } from '../identity/index.ts'
import type { By } from './publish-release.ts'
import { lockRelease, markChanged } from './release.store.ts'

/** Keeps a picture with its colours read, for a sleeve or a portrait. Answers with the image's id. */
export async function keepPicture(
  deps: Pick<Platform, 'db' | 'storage'>,
  picture: ImageInput,
): Promise<Result<string, ImageError>> {
  const stored = await storeImage(deps, picture, paletteOf)
  return stored.ok ? ok(stored.value.id) : stored
}

/** Gives a release its sleeve, or takes it away. */
export async function setCover(
  deps: Pick<Platform, 'db' | 'storage'>,
  { releaseId, picture, by }: { releaseId: string; picture: ImageInput | null } & By,
): Promise<Result<null, 'missing' | ImageError>> {
  const kept = picture === null ? ok(null) : await keepPicture(deps, picture)
  if (!kept.ok) return kept
  return deps.db.transaction().execute(async (tx) => {
    const release = await lockRelease(tx, releaseId)
    if (!release) return fail('missing' as const)
    if (release.coverImageId === kept.value) return ok(null)
    await tx.updateTable('releases').set({ coverImageId: kept.value }).where('id', '=', releaseId).execute()
    await markChanged(tx, releaseId, { heard: true })
    const action = kept.value ? 'release.cover' : 'release.cover-remove'
    await audit(tx, { accountId: by, action, artistId: release.artistId, subject: release.title })
    return ok(null)
  })
}
