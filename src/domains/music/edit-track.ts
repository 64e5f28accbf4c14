import { newId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { digestOf } from '../../platform/signing.ts'
import { audit } from '../identity/index.ts'
import type { EditProblem } from './edit-release.ts'
import { setArtists, setCredits } from './names.store.ts'
import type { By } from './publish-release.ts'
import { lockRelease, markChanged } from './release.store.ts'
import { giveTrackSlug } from './slugs.store.ts'
import { studioRelease } from './studio.views.ts'
import { type TrackEdit, type TrackFields, trackFields } from './track.form.ts'

/**
 * Saves what the form of a track says, as `editRelease` does for its release. A recording that stands on several releases changes on
 * all of them. `mayPublish` as for `setGives`: `publisher-only` when the form changes what a track that is out gives.
 */
export async function editTrack(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  of: {
    releaseId: string
    trackId: string
    edit: TrackEdit
    seen: string
    lang: 'en' | 'fr'
    mayPublish: boolean
  } & By,
): Promise<Result<{ changed: boolean }, EditProblem<TrackFields> | { code: 'publisher-only' }>> {
  const { releaseId, trackId, edit } = of
  return db.transaction().execute(async (tx) => {
    const release = await lockRelease(tx, releaseId)
    if (!release) return fail({ code: 'missing' as const })
    const read = async () => (await studioRelease(tx, releaseId, now()))?.tracks.find(({ id }) => id === trackId)
    const before = await read()
    if (!before) return fail({ code: 'missing' as const })
    const digest = digestOf(trackFields(before, 'en'))
    if (digest !== of.seen)
      return fail({ code: 'changed' as const, current: trackFields(before, of.lang), seen: digest })

    const { stream, download } = before.own.stream === null && before.own.download === null ? before.own : before.gives
    const regiven = stream !== edit.givesStream || download !== edit.givesDownload
    if (regiven && !of.mayPublish && release.visibility !== 'draft') return fail({ code: 'publisher-only' as const })

    const { recordingId } = before
    const { title, version } = edit
    const renamed = title !== before.title || version !== before.version
    const name = [title, version].filter(Boolean).join(' ')
    await tx
      .updateTable('tracks')
      .set({
        slug: renamed ? await giveTrackSlug(tx, { releaseId, title: name, self: before }) : before.slug,
        givesStream: edit.givesStream,
        givesDownload: edit.givesDownload,
      })
      .where('id', '=', trackId)
      .execute()
    await tx
      .updateTable('recordings')
      .set({
        title,
        version,
        lyrics: edit.lyrics,
        language: edit.language,
        isExplicit: edit.isExplicit,
        isrc: edit.isrc,
        bpm: edit.bpm === null ? null : String(edit.bpm),
        musicalKey: edit.musicalKey,
      })
      .where('id', '=', recordingId)
      .execute()
    await setArtists(tx, { recordingId }, edit.artists)
    await setCredits(tx, { recordingId }, edit.credits, newId)

    const after = await read()
    const changed = after !== undefined && digestOf(trackFields(after, 'en')) !== digest
    if (changed) {
      const on = await tx.selectFrom('tracks').select('releaseId').where('recordingId', '=', recordingId).execute()
      for (const id of new Set(on.map((row) => row.releaseId))) await markChanged(tx, id, { heard: true })
      await audit(tx, { accountId: of.by, action: 'track.edit', artistId: release.artistId, subject: title })
    }
    return ok({ changed })
  })
}
