import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import type { Gives } from './given.rules.ts'
import { licenceTerms } from './licences.rules.ts'
import type { BonusFile, Cover, CreditLine } from './public.types.ts'
import { releaseById } from './release.views.ts'
import type { ReleaseKind } from './tables.ts'

export type TrackTags = {
  trackId: string
  recordingId: string
  slug: string
  /** With its version: "Song (Live)". */
  title: string
  /** In order; guests among them, as `artistLine` writes them. */
  artists: string[]
  artistLine: string
  /** From 1, on its disc; `total` counts that disc. */
  number: number
  total: number
  disc: number
  discTitle: string | null
  composers: string[]
  lyricists: string[]
  credits: CreditLine[]
  isrc: string | null
  lyrics: string | null
  language: string | null
  isExplicit: boolean
  bpm: number | null
  musicalKey: string | null
  musicbrainz: { recording?: string; track?: string; work?: string; artists: string[] }
  /** Not written into tags: what leaves with the release, and what does not. */
  gives: Gives
}

/** Everything that goes into the tags of a release's files. Equal `revision`: equal tags. */
export type ReleaseTags = {
  releaseId: string
  revision: number
  url: string
  artistSlug: string
  artistLanguage: Lang
  slug: string
  album: string
  albumArtists: string[]
  albumArtistLine: string
  kind: ReleaseKind
  /** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`: the release's date, else the day of its publication. */
  date: string | null
  genres: string[]
  label: string | null
  catalogueNumber: string | null
  barcode: string | null
  copyright: string | null
  licence: { id: string; text: string; url: string | null }
  language: string | null
  discs: number
  cover: Cover | null
  musicbrainz: { release?: string; releaseGroup?: string; artists: string[] }
  tracks: TrackTags[]
  bonus: BonusFile[]
}

/** Reads what tags say of a release, drafts included; null when there is no such release. `base` is the site's origin. */
export async function releaseForTags(
  db: Db | Tx,
  releaseId: string,
  { base, now }: { base: string; now: Date },
): Promise<ReleaseTags | null> {
  const release = await releaseById(db, releaseId, { now, preview: true, lyrics: true })
  if (!release) return null
  const ids = await artistIds(db, releaseId)
  const discs = Math.max(1, ...release.tracks.map((track) => track.disc))
  const onDisc = (disc: number) => release.tracks.filter((track) => track.disc === disc).length
  return {
    releaseId,
    revision: release.revision,
    url: base + release.path,
    artistSlug: release.artist.slug,
    artistLanguage: release.artist.language,
    slug: release.slug,
    album: release.title,
    albumArtists: release.artists.map(({ name }) => name),
    albumArtistLine: artistLine(release.artists),
    kind: release.kind,
    date: release.date ?? release.publishedAt?.toISOString().slice(0, 10) ?? null,
    genres: release.genres,
    label: release.label?.name ?? null,
    catalogueNumber: release.catalogueNumber,
    barcode: release.barcode,
    copyright: release.copyright,
    licence: {
      id: release.licence,
      text: licenceTerms(release.licence)?.name[release.artist.language] ?? release.licence,
      url: licenceTerms(release.licence)?.url ?? null,
    },
    language: release.language,
    discs,
    cover: release.cover,
    musicbrainz: { ...release.musicbrainz, artists: ids.get(releaseId) ?? [] },
    bonus: release.bonus,
    tracks: release.tracks.map((track) => ({
      trackId: track.id,
      recordingId: track.recordingId,
      slug: track.slug,
      title: track.version ? `${track.title} (${track.version})` : track.title,
      artists: track.artists.map(({ name }) => name),
      artistLine: artistLine(track.artists),
      number: track.position,
      total: onDisc(track.disc),
      disc: track.disc,
      discTitle: release.discTitles[track.disc] ?? null,
      composers: namesBy(track.credits, ['composer', 'writer']),
      lyricists: namesBy(track.credits, ['lyricist', 'writer']),
      credits: [...track.credits, ...release.credits],
      isrc: track.isrc,
      lyrics: track.lyrics || null,
      language: track.language ?? release.language,
      isExplicit: track.isExplicit,
      bpm: track.bpm,
      musicalKey: track.musicalKey,
      musicbrainz: { ...track.musicbrainz, artists: ids.get(track.recordingId) ?? [] },
      gives: track.gives,
    })),
  }
}

/** "A, B feat. C": as sleeves write it. */
export function artistLine(artists: readonly { name: string; isFeatured: boolean }[]): string {
  const join = (featured: boolean) =>
    artists
      .filter((artist) => artist.isFeatured === featured)
      .map(({ name }) => name)
      .join(', ')
  return [join(false), join(true)].filter(Boolean).join(' feat. ')
}

const namesBy = (credits: CreditLine[], roles: string[]): string[] => [
  ...new Set(credits.filter(({ role }) => roles.includes(role)).map(({ name }) => name)),
]

/** MusicBrainz identifiers of the artists, by release and recording, where every one is known: a partial list would be misread. */
async function artistIds(db: Db | Tx, releaseId: string): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ owner: string; ids: string[] }>`
    select release_id as owner, array_agg(musicbrainz order by position) as ids from release_artists
      where release_id = ${releaseId} group by 1 having count(*) = count(musicbrainz)
    union all
    select x.recording_id, array_agg(x.musicbrainz order by x.position) from tracks t
      join recording_artists x on x.recording_id = t.recording_id
      where t.release_id = ${releaseId} group by 1 having count(*) = count(x.musicbrainz)`.execute(db)
  return new Map(rows.map((row) => [row.owner, row.ids]))
}
