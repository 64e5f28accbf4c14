import type { IAudioMetadata, ICommonTagsResult } from 'music-metadata'
import type { Tags } from './facts.rules.ts'
import { mended, tidyLines, tidy as tidyName } from './names.rules.ts'
import type { Credit, CreditRole } from './plan.ts'
import { isVersionNote } from './titles.rules.ts'

const CREDITS: [keyof ICommonTagsResult, CreditRole][] = [
  ['lyricist', 'lyricist'],
  ['writer', 'writer'],
  ['arranger', 'arranger'],
  ['conductor', 'conductor'],
  ['remixer', 'remixer'],
  ['producer', 'producer'],
  ['engineer', 'engineer'],
  ['mixer', 'mixer'],
  ['djmixer', 'dj-mixer'],
]
const tidy = (text: string | null | undefined, maxLength?: number) => tidyName(text && mended(text), maxLength)
const MBID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Puts what the tag reader found into our words. Nothing is invented: an empty or absurd value is left out. */
export function tagsFrom(found: Pick<IAudioMetadata, 'common' | 'native'>): Tags {
  const { common } = found
  const tags: Tags = {
    artists: names(common.artists ?? (common.artist ? [common.artist] : []), common.artist),
    albumArtists: names(common.albumartists ?? (common.albumartist ? [common.albumartist] : []), common.albumartist),
    genres: list(common.genre)
      .flatMap((genre) => genre.split(/\s*[;/]\s*/))
      .filter((genre) => genre !== ''),
    composers: list(common.composer),
    credits: creditsFrom(found),
    compilation: common.compilation === true,
    releaseTypes: list(common.releasetype),
    musicbrainz: { artists: ids(common.musicbrainz_artistid), albumArtists: ids(common.musicbrainz_albumartistid) },
  }
  const text: [keyof Tags, string | null | undefined][] = [
    ['title', tidy(common.title)],
    ['subtitle', list(common.subtitle).find(isVersionNote)],
    ['album', tidy(common.album)],
    ['discTitle', list(common.discsubtitle)[0]],
    ['date', tidy(common.releasedate ?? common.date ?? (common.year ? String(common.year) : null))],
    ['originalDate', tidy(common.originaldate ?? (common.originalyear ? String(common.originalyear) : null))],
    ['label', list(common.label)[0] ?? list(common.publisher)[0]],
    ['catalogueNumber', list(common.catalognumber)[0]],
    ['barcode', tidy(common.barcode)],
    ['isrc', list(common.isrc)[0]],
    ['description', tidyLines(common.longDescription ?? common.description?.[0])],
    ['copyright', tidy(common.copyright)],
    ['licence', tidy(common.license)],
    ['lyrics', lyricsFrom(common)],
    ['language', language(common.language)],
    ['key', tidy(common.key, 20)],
  ]
  for (const [field, value] of text) if (value) Object.assign(tags, { [field]: value })
  if (positive(common.track.no)) tags.track = positive(common.track.no) as number
  if (positive(common.disk.no)) tags.disc = positive(common.disk.no) as number
  if (common.bpm && common.bpm >= 20 && common.bpm <= 400) tags.bpm = Math.round(common.bpm * 100) / 100
  const mb = tags.musicbrainz
  const one: [keyof Tags['musicbrainz'], string | undefined][] = [
    ['recording', common.musicbrainz_recordingid],
    ['track', common.musicbrainz_trackid],
    ['work', common.musicbrainz_workid],
    ['release', common.musicbrainz_albumid],
    ['releaseGroup', common.musicbrainz_releasegroupid],
  ]
  for (const [field, id] of one) if (id && MBID.test(id)) Object.assign(mb, { [field]: id.toLowerCase() })
  return tags
}

const list = (values: unknown): string[] =>
  (Array.isArray(values) ? values : values === undefined ? [] : [values])
    .map((value) => (typeof value === 'string' ? tidy(value) : null))
    .filter((value): value is string => value !== null)

const ids = (values: string[] | undefined): string[] =>
  list(values)
    .filter((id) => MBID.test(id))
    .map((id) => id.toLowerCase())

const positive = (number: number | null): number | undefined =>
  number !== null && Number.isInteger(number) && number > 0 && number < 1000 ? number : undefined

// ID3v2.3 separates names by a slash, so "AC/DC" arrives as two. One letter or two on a side is a name, not a list.
function names(values: string[], whole: string | undefined): string[] {
  const tidied = list(values)
  const joined = tidied.join('/')
  const shortSide = tidied.some((name) => [...name].length <= 2)
  if (tidied.length === 2 && shortSide && whole !== undefined) return [joined]
  return [...new Set(tidied)]
}

function creditsFrom({ common, native }: Pick<IAudioMetadata, 'common' | 'native'>): Credit[] {
  const credits = CREDITS.flatMap(([field, role]) => list(common[field]).map((name): Credit => ({ role, name })))
  const performers = (native.vorbis ?? []).filter((tag) => tag.id.toUpperCase() === 'PERFORMER').map((tag) => tag.value)
  for (const performer of list(performers)) {
    const [, name, instrument] = /^(.+?)(?:\s*\(([^()]+)\))?$/u.exec(performer) ?? []
    if (name) credits.push({ role: 'performer', name, ...(instrument ? { detail: instrument } : {}) })
  }
  return credits
}

function lyricsFrom(common: ICommonTagsResult): string | null {
  for (const { text, syncText } of common.lyrics ?? []) {
    const plain = tidyLines(mended(text ?? syncText?.map((line) => line.text).join('\n') ?? ''))
    if (plain) return plain
  }
  return null
}

function language(code: string | undefined): string | null {
  const tidied = tidy(code)?.toLowerCase() ?? ''
  return /^[a-z]{2,3}$/.test(tidied) && !['xxx', 'und', 'zxx', 'mul'].includes(tidied) ? tidied : null
}
