import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import { type GivenTo, visibilityAt } from './given.rules.ts'
import { cover, givenTo, releaseArtists } from './json.fragments.ts'
import type { Cover, Named, PublicRelease } from './public.types.ts'
import { releaseById } from './release.views.ts'
import { type SecretLink, secretLinks } from './secret-links.store.ts'
import type { ReleaseKind, Visibility } from './tables.ts'
import type { EditedTrack } from './track.form.ts'

export type StudioRow = {
  id: string
  artistId: string
  artistName: string
  title: string
  kind: ReleaseKind
  artists: Named[]
  date: string | null
  visibility: Visibility
  publishAt: Date | null
  publishZone: string | null
  publishedAt: Date | null
  givenTo: GivenTo | null
  trackCount: number
  cover: Cover | null
  updatedAt: Date
  removedAt: Date | null
}

/** All releases of these artists for those who work on them: drafts first, then by date, newest first; those taken out last. */
export async function studioReleases(db: Db | Tx, artistIds: string | string[], now: Date): Promise<StudioRow[]> {
  const ids = typeof artistIds === 'string' ? [artistIds] : artistIds
  const { rows } = await sql<StudioRow>`
    select r.id, r.artist_id, a.name as artist_name, r.title, r.kind, ${releaseArtists(sql`r.id`)} as artists,
      r.release_date as date, r.visibility, r.publish_at, r.publish_zone, r.published_at, ${givenTo} as given_to, r.updated_at, r.removed_at,
      (select count(*) from tracks t where t.release_id = r.id) as track_count, ${cover(sql`r.cover_image_id`)} as cover
    from releases r join artists a on a.id = r.artist_id
    where r.artist_id = any(${ids}::uuid[])
    order by r.removed_at is not null, r.visibility = 'draft' desc,
      coalesce(r.release_date, to_char(coalesce(r.published_at, r.publish_at, r.created_at), 'YYYY-MM-DD')) desc, r.id desc
    limit 2000`.execute(db)
  return rows.map((row) => ({ ...row, visibility: visibilityAt(row, now) }))
}

export type RemovedTrack = { id: string; title: string; version: string | null; removedAt: Date }

export type StudioRelease = Omit<PublicRelease, 'tracks'> & {
  tracks: EditedTrack[]
  removedTracks: RemovedTrack[]
  links: SecretLink[]
}

/** A release as its makers see it, whatever its visibility; null when it is not there, or was taken out of the catalogue. */
export async function studioRelease(db: Db | Tx, id: string, now: Date): Promise<StudioRelease | null> {
  const release = await releaseById(db, id, { now, preview: true, lyrics: true })
  if (!release) return null
  const own = await db
    .selectFrom('tracks')
    .select(['id', 'givesStream as stream', 'givesDownload as download'])
    .where('releaseId', '=', id)
    .execute()
  const ownOf = new Map(own.map(({ id: trackId, ...gives }) => [trackId, gives]))
  const removedTracks = await db
    .selectFrom('removedTracks')
    .innerJoin('recordings', 'recordings.id', 'removedTracks.recordingId')
    .select(['removedTracks.id', 'title', 'version', 'removedAt'])
    .where('releaseId', '=', id)
    .orderBy('removedAt', 'desc')
    .execute()
  return {
    ...release,
    tracks: release.tracks.map((track) => ({ ...track, own: ownOf.get(track.id) ?? { stream: null, download: null } })),
    removedTracks,
    links: await secretLinks(db, id),
  }
}

/** The time zone in which this artist chose a moment last, or null. */
export async function lastZone(db: Db | Tx, artistId: string): Promise<string | null> {
  const row = await db
    .selectFrom('releases')
    .select('publishZone')
    .where('artistId', '=', artistId)
    .where('publishZone', 'is not', null)
    .orderBy('updatedAt', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.publishZone ?? null
}
