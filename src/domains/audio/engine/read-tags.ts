import { AudioFailure } from './problem.ts'
import { dropTagLib, taglib } from './tag.ts'
import type { MusicBrainzIds, Picture, ReplayGain, Tags } from './tags.ts'

export interface ReadTags {
  tags: Tags
  /** The front cover, else the first picture, as it was embedded. */
  cover: Picture | null
}

/** Embedded pictures above this are not read. */
const MAX_COVER_BYTES = 64 * 1024 * 1024

/** What a stranger's file says of itself, whatever its format. Values are trimmed; empty ones are left out. */
export async function readTagsOf(path: string): Promise<ReadTags> {
  const lib = await taglib()
  using file = await lib.open(path).catch((error: unknown) => {
    dropTagLib()
    throw new AudioFailure('damaged', `tags: ${String(error)}`)
  })
  const values = new Map(Object.entries(file.properties()).map(([name, list]) => [plain(name), list ?? []]))
  const all = (...names: string[]) => {
    for (const name of names) {
      const list = (values.get(plain(name)) ?? []).map((value) => value.trim()).filter(Boolean)
      if (list.length > 0) return list
    }
    return undefined
  }
  const one = (...names: string[]) => all(...names)?.[0]
  const [trackNumber, trackTotal] = pair(one('trackNumber'), one('totalTracks', 'TRACKTOTAL', 'TOTALTRACKS'))
  const [discNumber, discTotal] = pair(one('discNumber'), one('totalDiscs', 'DISCTOTAL', 'TOTALDISCS'))
  const lyrics = file.getLyrics().find(({ text }) => text.trim())?.text ?? one('LYRICS', 'UNSYNCEDLYRICS')
  const bpm = Number.parseFloat(one('bpm', 'TEMPO') ?? '')

  const musicbrainz = present<MusicBrainzIds>({
    recording: one('musicbrainzTrackId', 'MUSICBRAINZ_TRACKID'),
    release: one('musicbrainzReleaseId', 'MUSICBRAINZ_ALBUMID'),
    releaseGroup: one('musicbrainzReleaseGroupId', 'MUSICBRAINZ_RELEASEGROUPID'),
    work: one('musicbrainzWorkId', 'MUSICBRAINZ_WORKID'),
    artists: all('musicbrainzArtistId', 'MUSICBRAINZ_ARTISTID')?.flatMap((ids) => ids.split('/')),
    albumArtists: all('musicbrainzReleaseArtistId', 'MUSICBRAINZ_ALBUMARTISTID')?.flatMap((ids) => ids.split('/')),
  })
  const replayGain = present<ReplayGain>({
    trackGainDb: number(one('replayGainTrackGain')),
    trackPeak: number(one('replayGainTrackPeak')),
    albumGainDb: number(one('replayGainAlbumGain')),
    albumPeak: number(one('replayGainAlbumPeak')),
  })
  const tags = present<Tags>({
    title: one('title'),
    artists: all('ARTISTS', 'artist'),
    albumArtists: all('ALBUMARTISTS', 'albumArtist', 'ALBUM ARTIST'),
    album: one('album'),
    trackNumber,
    trackTotal,
    discNumber,
    discTotal,
    date: /^\d{4}(-\d\d(-\d\d)?)?/.exec(one('date', 'YEAR', 'originalDate') ?? '')?.[0],
    genres: all('genre'),
    composers: all('composer'),
    isrc: one('isrc')?.replace(/[-\s]/g, '').toUpperCase(),
    lyrics: lyrics?.trim() || undefined,
    language: one('language'),
    licence: one('copyright'),
    licenceUrl: one('LICENSE', 'COPYRIGHTURL'),
    comment: one('comment', 'DESCRIPTION'),
    label: one('label', 'publisher', 'ORGANIZATION'),
    catalogueNumber: one('catalogNumber', 'LABELNO'),
    barcode: one('barcode', 'UPC', 'EAN'),
    musicbrainz: Object.keys(musicbrainz).length > 0 ? musicbrainz : undefined,
    replayGain: Object.keys(replayGain).length > 0 ? replayGain : undefined,
    bpm: Number.isFinite(bpm) && bpm > 0 ? bpm : undefined,
    key: one('INITIALKEY', 'KEY'),
  })
  const pictures = file.getPictures()
  const cover = pictures.find(({ type }) => type === 'FrontCover') ?? pictures[0]
  const usable = cover && cover.data.length > 0 && cover.data.length <= MAX_COVER_BYTES
  return { tags, cover: usable ? { mimeType: cover.mimeType, data: cover.data.slice() } : null }
}

/** Names differ by case and joins: `MUSICBRAINZ_ALBUMARTISTID`, `musicbrainzAlbumArtistId`. */
const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '')

function pair(numbered: string | undefined, total: string | undefined): [number | undefined, number | undefined] {
  const [first, second] = (numbered ?? '').split('/')
  return [count(first), count(total) ?? count(second)]
}

function count(text: string | undefined): number | undefined {
  const value = Number.parseInt(text ?? '', 10)
  return value > 0 && value < 10_000 ? value : undefined
}

function number(text: string | undefined): number | undefined {
  const value = Number.parseFloat(text ?? '')
  return Number.isFinite(value) ? value : undefined
}

/** Without the fields that are undefined. */
function present<T>(fields: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
}
