import { newId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { digestOf } from '../../platform/signing.ts'
import { audit } from '../identity/index.ts'
import { labelOf } from './labels.store.ts'
import { setArtists, setCredits } from './names.store.ts'
import type { By } from './publish-release.ts'
import { type ReleaseEdit, type ReleaseFields, releaseFields } from './release.form.ts'
import { lockRelease, markChanged } from './release.store.ts'
import { releaseById } from './release.views.ts'
import { giveReleaseSlug } from './slugs.store.ts'

/** `changed`: somebody saved the same fields since the form was shown; `current` is what they saved. Nothing was written. */
export type EditProblem<Fields> = { code: 'missing' } | { code: 'changed'; current: Fields; seen: string }

/**
 * Saves what the form of a release says. `seen` is the digest of the fields as they were shown. A new title gives a new address; the old one
 * leads on.
 */
export async function editRelease(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { releaseId, edit, seen, lang, by }: { releaseId: string; edit: ReleaseEdit; seen: string; lang: 'en' | 'fr' } & By,
): Promise<Result<{ changed: boolean }, EditProblem<ReleaseFields>>> {
  return db.transaction().execute(async (tx) => {
    const row = await lockRelease(tx, releaseId)
    const before = row && (await releaseById(tx, releaseId, { now: now(), preview: true }))
    if (!row || !before) return fail({ code: 'missing' as const })
    const digest = digestOf(releaseFields(before, 'en'))
    if (digest !== seen) return fail({ code: 'changed' as const, current: releaseFields(before, lang), seen: digest })

    const slug =
      edit.title === row.title
        ? row.slug
        : await giveReleaseSlug(tx, { artistId: row.artistId, title: edit.title, self: row })
    const labelId = edit.label ? await labelOf(tx, row.artistId, edit.label) : null
    await tx
      .updateTable('releases')
      .set({
        slug,
        title: edit.title,
        kind: edit.kind,
        releaseDate: edit.releaseDate,
        description: edit.description,
        genres: edit.genres,
        tags: edit.tags,
        language: edit.language,
        licence: edit.licence,
        labelId,
        labelName: labelId ? null : edit.label,
        catalogueNumber: edit.catalogueNumber,
        barcode: edit.barcode,
        copyright: edit.copyright,
      })
      .where('id', '=', releaseId)
      .execute()
    await setArtists(tx, { releaseId }, edit.artists)
    await setCredits(tx, { releaseId }, edit.credits, newId)

    const after = await releaseById(tx, releaseId, { now: now(), preview: true })
    const changed = after !== null && digestOf(releaseFields(after, 'en')) !== digest
    if (changed) {
      await markChanged(tx, releaseId, { heard: true })
      await audit(tx, { accountId: by, action: 'release.edit', artistId: row.artistId, subject: edit.title })
    }
    return ok({ changed })
  })
}
