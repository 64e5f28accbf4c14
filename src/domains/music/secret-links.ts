import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { audit } from '../identity/index.ts'
import type { By } from './publish-release.ts'
import { lockRelease } from './release.store.ts'
import { insertLink, revokeLink, type SecretLink } from './secret-links.store.ts'

/** Makes a secret link to a release. `note` says whom it is for; it stays out of the record of changes, as the link itself does. */
export async function makeLink(
  { db }: Pick<Platform, 'db'>,
  { releaseId, note, by }: { releaseId: string; note: string } & By,
): Promise<Result<SecretLink, 'missing'>> {
  return db.transaction().execute(async (tx) => {
    const release = await lockRelease(tx, releaseId)
    if (!release || release.removedAt) return fail('missing')
    const link = await insertLink(tx, releaseId, note)
    await audit(tx, { accountId: by, action: 'release.link', artistId: release.artistId, subject: release.title })
    return ok(link)
  })
}

/** Closes a secret link for good. */
export async function closeLink(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { releaseId, id, by }: { releaseId: string; id: string } & By,
): Promise<Result<null, 'missing'>> {
  return db.transaction().execute(async (tx) => {
    const release = await lockRelease(tx, releaseId)
    if (!release || !(await revokeLink(tx, releaseId, id, now()))) return fail('missing')
    await audit(tx, { accountId: by, action: 'release.link-close', artistId: release.artistId, subject: release.title })
    return ok(null)
  })
}
