import type { Db } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { hashOf } from '../../platform/signing.ts'
import { wayHome } from '../exchange/index.ts'
import { type ReleaseTags, releaseForTags, type TrackTags } from '../music/index.ts'
import type { Format, Loudness, Tags } from './engine/index.ts'

/** Raised when the same sound and tags would be written differently by a new version of this program. */
const EDITION = 1

export type PlannedEncoding = {
  trackId: string
  format: Format
  /** Names the result: sound, format, tags, cover. */
  contentHash: string
  masterKey: string
  tags: Tags
  coverSha256: string | null
}
export type ReleasePlan = { release: ReleaseTags; encodings: PlannedEncoding[] }

/**
 * What must be made for a release in one format: one file for each track that is wanted. Null when there is no such release, or when a
 * track that is to be given has no sound yet: a release leaves complete or not at all.
 */
export async function planEncodings(
  { db, config, now }: Pick<Platform, 'db' | 'config' | 'now'>,
  releaseId: string,
  format: Format,
  only: (track: TrackTags) => boolean,
): Promise<ReleasePlan | null> {
  const release = await releaseForTags(db, releaseId, { base: config.baseUrl, now: now() })
  if (!release) return null
  const masters = await mastersOf(
    db,
    release.tracks.map((track) => track.recordingId),
  )
  const album = albumLoudness([...masters.values()])
  const tracks = release.tracks.filter(only)
  const encodings: PlannedEncoding[] = []
  for (const track of tracks) {
    const master = masters.get(track.recordingId)
    if (!master) return null
    const tags = tagsFor(release, track, master.loudness, album)
    const coverSha256 = release.cover?.sha256 ?? null
    const contentHash = hashOf(JSON.stringify([EDITION, master.sha256, format, tags, coverSha256]))
    encodings.push({ trackId: track.trackId, format, contentHash, masterKey: master.storageKey, tags, coverSha256 })
  }
  return encodings.length ? { release, encodings } : null
}

type Master = { recordingId: string; storageKey: string; sha256: string; durationMs: number; loudness: Loudness | null }

async function mastersOf(db: Db, recordingIds: string[]): Promise<Map<string, Master>> {
  const rows = await db
    .selectFrom('masters')
    .select(['recordingId', 'storageKey', 'sha256', 'durationMs', 'loudness'])
    .where('recordingId', 'in', recordingIds)
    .where('state', '=', 'ready')
    .execute()
  return new Map(rows.map((row) => [row.recordingId, row]))
}

const REPLAYGAIN_LUFS = -18

/** The album as one sound: energy averaged over its length. An approximation of ReplayGain 2.0's album gain that needs no second pass. */
function albumLoudness(masters: Master[]): { lufs: number; peak: number } | null {
  const heard = masters.filter((master) => master.loudness && master.loudness.integratedLufs > -70)
  const total = heard.reduce((sum, master) => sum + master.durationMs, 0)
  if (!total) return null
  const power = heard.reduce(
    (sum, { loudness, durationMs }) => sum + 10 ** ((loudness as Loudness).integratedLufs / 10) * durationMs,
    0,
  )
  return {
    lufs: 10 * Math.log10(power / total),
    peak: Math.max(...heard.map(({ loudness }) => (loudness as Loudness).samplePeak)),
  }
}

function tagsFor(
  release: ReleaseTags,
  track: TrackTags,
  loudness: Loudness | null,
  album: { lufs: number; peak: number } | null,
): Tags {
  const present = <T>(value: T | null | undefined | ''): value is T =>
    value !== null && value !== undefined && value !== ''
  const all: { [K in keyof Tags]: Tags[K] | null } = {
    title: track.title,
    artists: track.artists.length ? track.artists : release.albumArtists,
    albumArtists: release.albumArtists,
    album: release.album,
    trackNumber: track.number,
    trackTotal: track.total,
    discNumber: release.discs > 1 ? track.disc : null,
    discTotal: release.discs > 1 ? release.discs : null,
    date: release.date,
    genres: release.genres,
    composers: track.composers,
    isrc: track.isrc,
    lyrics: track.lyrics,
    language: track.language,
    licence: [release.copyright, release.licence.text].filter(Boolean).join('. '),
    licenceUrl: release.licence.url,
    comment: wayHome(release.url, release.releaseId, 'tags'),
    label: release.label,
    catalogueNumber: release.catalogueNumber,
    barcode: release.barcode,
    bpm: track.bpm,
    key: track.musicalKey,
    musicbrainz: {
      ...(track.musicbrainz.recording ? { recording: track.musicbrainz.recording } : {}),
      ...(track.musicbrainz.work ? { work: track.musicbrainz.work } : {}),
      ...(release.musicbrainz.release ? { release: release.musicbrainz.release } : {}),
      ...(release.musicbrainz.releaseGroup ? { releaseGroup: release.musicbrainz.releaseGroup } : {}),
      artists: track.musicbrainz.artists,
      albumArtists: release.musicbrainz.artists,
    },
    replayGain: {
      ...(loudness ? { trackGainDb: REPLAYGAIN_LUFS - loudness.integratedLufs, trackPeak: loudness.samplePeak } : {}),
      ...(album ? { albumGainDb: REPLAYGAIN_LUFS - album.lufs, albumPeak: album.peak } : {}),
    },
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => present(value))) as Tags
}
