import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import { giveReleaseSlug } from './slugs.store.ts'
import type { MusicBrainzIds, ReleaseKind } from './tables.ts'

export type NewRelease = {
  artistId: string
  title: string
  kind?: ReleaseKind
  labelId?: string | null
  labelName?: string | null
  releaseDate?: string | null
  description?: string
  language?: string | null
  licence?: string
  copyright?: string | null
  catalogueNumber?: string | null
  barcode?: string | null
  genres?: string[]
  coverImageId?: string | null
  musicbrainz?: MusicBrainzIds
  discTitles?: Record<string, string>
}

/** Runs in the transaction given, or in one of its own. */
export const within = <T>(db: Db | Tx, work: (tx: Tx) => Promise<T>): Promise<T> =>
  db.isTransaction ? work(db as Tx) : db.transaction().execute(work)

export async function insertRelease(tx: Tx, release: NewRelease): Promise<{ id: string; slug: string }> {
  const id = newId()
  const slug = await giveReleaseSlug(tx, release)
  await tx
    .insertInto('releases')
    .values({
      id,
      slug,
      artistId: release.artistId,
      title: release.title,
      labelId: release.labelId ?? null,
      labelName: release.labelName ?? null,
      releaseDate: release.releaseDate ?? null,
      language: release.language ?? null,
      copyright: release.copyright ?? null,
      catalogueNumber: release.catalogueNumber ?? null,
      barcode: release.barcode ?? null,
      coverImageId: release.coverImageId ?? null,
      musicbrainz: JSON.stringify(release.musicbrainz ?? {}),
      discTitles: JSON.stringify(release.discTitles ?? {}),
      publishAt: null,
      publishZone: null,
      publishedAt: null,
      removedAt: null,
      ...(release.kind ? { kind: release.kind } : {}),
      ...(release.description ? { description: release.description } : {}),
      ...(release.licence ? { licence: release.licence } : {}),
      ...(release.genres ? { genres: release.genres } : {}),
    })
    .execute()
  return { id, slug }
}

/** The release, held until the transaction ends: what is decided on it stays true. */
export const lockRelease = (tx: Tx, id: string) =>
  tx.selectFrom('releases').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export type ReleaseRow = NonNullable<Awaited<ReturnType<typeof lockRelease>>>

/**
 * Says that a release changed. `heard`: what goes downstream (tags, zips, feeds) is not what it was, so that everything made from
 * this release is made again.
 */
export async function markChanged(tx: Tx, releaseId: string, { heard }: { heard: boolean }): Promise<void> {
  await tx
    .updateTable('releases')
    .set({
      version: sql`version + 1`,
      updatedAt: sql`now()`,
      ...(heard ? { revision: sql`revision + 1` } : {}),
    })
    .where('id', '=', releaseId)
    .execute()
}
