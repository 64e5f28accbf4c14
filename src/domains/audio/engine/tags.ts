/** What a file says of itself. Everything is optional: nothing is written for what is absent. */
export interface Tags {
  title?: string
  artists?: string[]
  albumArtists?: string[]
  album?: string
  trackNumber?: number
  trackTotal?: number
  discNumber?: number
  discTotal?: number
  /** `2026`, `2026-05` or `2026-05-04`. */
  date?: string
  genres?: string[]
  composers?: string[]
  /** Twelve characters, no hyphens. */
  isrc?: string
  lyrics?: string
  /** BCP 47 or ISO 639; ID3 frames get its three-letter code. */
  language?: string
  /** The rights in words: `© 2026 Name. CC BY 4.0`. */
  licence?: string
  licenceUrl?: string
  comment?: string
  label?: string
  catalogueNumber?: string
  /** GTIN: UPC or EAN. */
  barcode?: string
  musicbrainz?: MusicBrainzIds
  replayGain?: ReplayGain
  bpm?: number
  /** As written on a score: `Am`, `F#`, `Bb`. */
  key?: string
}

export interface MusicBrainzIds {
  recording?: string
  release?: string
  releaseGroup?: string
  work?: string
  artists?: string[]
  albumArtists?: string[]
}

/** Gains in dB towards -18 LUFS (ReplayGain 2.0); peaks with full scale 1. */
export interface ReplayGain {
  trackGainDb?: number
  trackPeak?: number
  albumGainDb?: number
  albumPeak?: number
}

export interface Picture {
  mimeType: string
  data: Uint8Array
}

/** Names and values as Vorbis comments have them, and as TagLib takes them for every format. */
export type Properties = Record<string, string[]>

const decibels = (gain: number | undefined) => (gain === undefined ? undefined : `${gain.toFixed(2)} dB`)

/** RFC 7845 §5.2.1: Q7.8 dB towards -23 LUFS, 5 dB under ReplayGain's reference; in Opus it replaces ReplayGain. */
const r128 = (gain: number | undefined) => {
  if (gain === undefined) return undefined
  return String(Math.max(-32_768, Math.min(32_767, Math.round((gain - 5) * 256))))
}

/** Turns tags into properties; Opus has its own gains. */
export function toProperties(tags: Tags, family: 'vorbis' | 'opus' | 'mp4'): Properties {
  const { musicbrainz: ids = {}, replayGain: gain = {} } = tags
  const fields: Record<string, string | number | string[] | undefined> = {
    TITLE: tags.title,
    ARTIST: tags.artists,
    ALBUMARTIST: tags.albumArtists,
    ALBUM: tags.album,
    TRACKNUMBER: tags.trackNumber,
    TRACKTOTAL: family === 'mp4' ? undefined : tags.trackTotal,
    DISCNUMBER: family === 'mp4' ? numbering(tags.discNumber, tags.discTotal) : tags.discNumber,
    DISCTOTAL: family === 'mp4' ? undefined : tags.discTotal,
    DATE: tags.date,
    GENRE: tags.genres,
    COMPOSER: tags.composers,
    ISRC: tags.isrc,
    LANGUAGE: tags.language,
    COPYRIGHT: tags.licence,
    LICENSE: tags.licenceUrl,
    COMMENT: tags.comment,
    LABEL: tags.label,
    CATALOGNUMBER: tags.catalogueNumber,
    BARCODE: tags.barcode,
    MUSICBRAINZ_TRACKID: ids.recording,
    MUSICBRAINZ_ALBUMID: ids.release,
    MUSICBRAINZ_RELEASEGROUPID: ids.releaseGroup,
    MUSICBRAINZ_WORKID: ids.work,
    MUSICBRAINZ_ARTISTID: ids.artists,
    MUSICBRAINZ_ALBUMARTISTID: ids.albumArtists,
    BPM: tags.bpm === undefined ? undefined : Math.round(tags.bpm),
    INITIALKEY: tags.key,
    KEY: family === 'mp4' ? undefined : tags.key,
    ...(family === 'opus'
      ? { R128_TRACK_GAIN: r128(gain.trackGainDb), R128_ALBUM_GAIN: r128(gain.albumGainDb) }
      : {
          REPLAYGAIN_TRACK_GAIN: decibels(gain.trackGainDb),
          REPLAYGAIN_TRACK_PEAK: gain.trackPeak?.toFixed(6),
          REPLAYGAIN_ALBUM_GAIN: decibels(gain.albumGainDb),
          REPLAYGAIN_ALBUM_PEAK: gain.albumPeak?.toFixed(6),
        }),
  }
  const properties: Properties = {}
  for (const [name, value] of Object.entries(fields)) {
    const values = [value].flat().map(clean).filter(Boolean)
    if (values.length > 0) properties[name] = values
  }
  return properties
}

/** `3/12`, `3`, or nothing. */
export const numbering = (number?: number, total?: number) =>
  number === undefined ? undefined : total === undefined ? String(number) : `${number}/${total}`

/** Text that every container takes: well-formed Unicode without control characters but line breaks and tabs. */
export function clean(value: string | number | undefined): string {
  const text = String(value ?? '').toWellFormed()
  return Array.from(text, (c) => (c < ' ' && !'\n\t'.includes(c) ? '' : c)).join('')
}

/** Two-letter codes and their ISO 639-2/T three letters, for the languages that songs are most often in. */
const ALPHA_3 =
  'ar:ara bg:bul bn:ben br:bre ca:cat co:cos cs:ces cy:cym da:dan de:deu el:ell en:eng eo:epo es:spa et:est eu:eus fa:fas fi:fin fr:fra ga:gle gl:glg he:heb hi:hin hr:hrv hu:hun hy:hye id:ind is:isl it:ita ja:jpn ka:kat ko:kor la:lat lt:lit lv:lav mk:mkd mn:mon ms:msa nb:nob nl:nld nn:nno no:nor oc:oci pl:pol pt:por qu:que ro:ron ru:rus sk:slk sl:slv sq:sqi sr:srp sv:swe sw:swa ta:tam th:tha tr:tur uk:ukr ur:urd vi:vie wo:wol yo:yor zh:zho zu:zul'
const alpha3 = new Map(ALPHA_3.split(' ').map((pair) => pair.split(':') as [string, string]))

/** The three letters that ID3 wants; `und` when they are not known. */
export function languageCode(language: string | undefined): string {
  const base = (language ?? '').toLowerCase().split(/[-_]/)[0] ?? ''
  return base.length === 3 ? base : (alpha3.get(base) ?? 'und')
}
