import { createReadStream, createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import id3 from 'node-id3'
import { clean, languageCode, numbering, type Tags } from './tags.ts'

/**
 * An ID3v2.3 tag (Windows players miss 2.4), its text in UTF-16. Where 2.3 takes several values they are joined by `/`, as
 * it asks; several artists are also kept apart in `TXXX:ARTISTS`, which players that know it prefer. The date is TYER and TDAT: beside a TDRC, TagLib would lose the day.
 */
export function id3Tag(tags: Tags, cover: Buffer | null): Buffer {
  const { musicbrainz: ids = {}, replayGain: gain = {} } = tags
  const language = languageCode(tags.language)
  const [, year, month, day] = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?/.exec(tags.date ?? '') ?? []
  const text = (value: string | undefined) => clean(value) || undefined
  const joined = (values: string[] | undefined) => text(values?.map(clean).join('/'))
  const several = (values: string[] | undefined) =>
    (values?.length ?? 0) > 1 ? values?.map(clean).join('\0') : undefined
  const free = (description: string, value: string | undefined) => (value ? [{ description, value }] : [])
  const decibels = (value: number | undefined) => (value === undefined ? undefined : `${value.toFixed(2)} dB`)

  const frames = {
    title: text(tags.title),
    artist: joined(tags.artists),
    performerInfo: joined(tags.albumArtists),
    album: text(tags.album),
    trackNumber: numbering(tags.trackNumber, tags.trackTotal),
    partOfSet: numbering(tags.discNumber, tags.discTotal),
    year,
    date: day && month ? `${day}${month}` : undefined,
    genre: joined(tags.genres),
    composer: joined(tags.composers),
    ISRC: text(tags.isrc),
    language: tags.language ? language : undefined,
    copyright: text(tags.licence),
    copyrightUrl: tags.licenceUrl ? encodeURI(decodeURI(clean(tags.licenceUrl))) : undefined,
    publisher: text(tags.label),
    bpm: tags.bpm === undefined ? undefined : String(Math.round(tags.bpm)),
    initialKey: text(tags.key?.slice(0, 3)),
    comment: tags.comment ? { language, text: clean(tags.comment) } : undefined,
    unsynchronisedLyrics: tags.lyrics ? { language, text: clean(tags.lyrics) } : undefined,
    uniqueFileIdentifier: ids.recording
      ? [{ ownerIdentifier: 'http://musicbrainz.org', identifier: Buffer.from(clean(ids.recording), 'latin1') }]
      : undefined,
    userDefinedText: [
      ...free('ARTISTS', several(tags.artists)),
      ...free('ALBUMARTISTS', several(tags.albumArtists)),
      ...free('CATALOGNUMBER', text(tags.catalogueNumber)),
      ...free('BARCODE', text(tags.barcode)),
      ...free('LICENSE', text(tags.licenceUrl)),
      ...free('MusicBrainz Album Id', text(ids.release)),
      ...free('MusicBrainz Release Group Id', text(ids.releaseGroup)),
      ...free('MusicBrainz Work Id', text(ids.work)),
      ...free('MusicBrainz Artist Id', joined(ids.artists)),
      ...free('MusicBrainz Album Artist Id', joined(ids.albumArtists)),
      ...free('REPLAYGAIN_TRACK_GAIN', decibels(gain.trackGainDb)),
      ...free('REPLAYGAIN_TRACK_PEAK', gain.trackPeak?.toFixed(6)),
      ...free('REPLAYGAIN_ALBUM_GAIN', decibels(gain.albumGainDb)),
      ...free('REPLAYGAIN_ALBUM_PEAK', gain.albumPeak?.toFixed(6)),
    ],
    image: cover ? { mime: 'image/jpeg', type: { id: 3 }, description: '', imageBuffer: cover } : undefined,
  }
  const present = Object.fromEntries(Object.entries(frames).filter(([, value]) => value !== undefined))
  return id3.create(present as id3.Tags)
}

/** Copies an MP3 under a new tag; whatever ID3v2 tag it had is left out. */
export async function writeMp3(from: string, to: string, tags: Tags, cover: Buffer | null): Promise<void> {
  const start = await soundStart(from)
  const out = createWriteStream(to)
  out.write(id3Tag(tags, cover))
  await pipeline(createReadStream(from, { start }), out)
}

async function soundStart(path: string): Promise<number> {
  const file = await open(path, 'r')
  try {
    const head = Buffer.alloc(10)
    await file.read(head, 0, 10, 0)
    if (head.toString('latin1', 0, 3) !== 'ID3') return 0
    return 10 + [6, 7, 8, 9].reduce((size, at) => size * 128 + ((head[at] ?? 0) & 127), 0)
  } finally {
    await file.close()
  }
}
