import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import NodeID3 from 'node-id3'
import sharp from 'sharp'
import { tone } from '../../src/testing/tone.ts'
import { flac } from './flac.ts'

export type AlbumTrack = { title: string; seconds: number; as?: 'wav' | 'flac'; isrc?: string; lyrics?: string }
export type Album = { artist: string; title: string; date: string; genre: string; tracks: AlbumTrack[] }

/** Four tracks, one of which is long enough for half of it to be a listen; accents, and an apostrophe that file systems dislike. */
export const HARBOUR: Album = {
  artist: 'Ana Marsh',
  title: 'Harbour Lights, Été',
  date: '2024-05-17',
  genre: 'Folk',
  tracks: [
    { title: 'First Ferry', seconds: 40, isrc: 'FRZ031400123', lyrics: 'The water carries\nwhat the night has kept' },
    { title: 'Salt & Rope', seconds: 5, as: 'flac' },
    { title: 'L’été dernier', seconds: 4 },
    { title: 'Where Are We Now?', seconds: 4, as: 'flac' },
  ],
}

/** A second one, short, by somebody else. */
export const WINDOWS: Album = {
  artist: 'Les Quatre Fenêtres',
  title: 'Minuit',
  date: '2023',
  genre: 'Electronic',
  tracks: [
    { title: 'Minuit moins le quart', seconds: 3, as: 'flac' },
    { title: 'Minuit passé', seconds: 3 },
  ],
}

/**
 * Writes an album as people have them: a folder with sounding, tagged files (WAV with an ID3 chunk, FLAC with Vorbis
 * comments), a picture and a booklet beside them.
 * @returns the folder
 */
export async function writeAlbum(place: string, album: Album): Promise<string> {
  const folder = join(place, `${album.artist} - ${album.title}`)
  mkdirSync(folder, { recursive: true })
  for (const [index, track] of album.tracks.entries()) {
    const sound = tone({ seconds: track.seconds, hertz: 220 * 2 ** (index / 4) })
    const name = `${String(index + 1).padStart(2, '0')} ${track.title.replace('?', '')}`
    if (track.as === 'flac')
      writeFileSync(join(folder, `${name}.flac`), flac(sound.subarray(44), comments(album, track, index)))
    else writeFileSync(join(folder, `${name}.wav`), withId3(sound, id3(album, track, index)))
  }
  writeFileSync(join(folder, 'cover.jpg'), await sleeve(album))
  return folder
}

/** A sleeve of two colours, as large as shops ask for. */
export function sleeve({ title }: Pick<Album, 'title'>): Promise<Buffer> {
  const hue = [...title].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 360
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="1400" height="1400">
    <rect width="1400" height="1400" fill="hsl(${hue} 45% 32%)"/>
    <circle cx="940" cy="560" r="360" fill="hsl(${(hue + 40) % 360} 70% 68%)"/>
  </svg>`
  return sharp(Buffer.from(drawing)).jpeg().toBuffer()
}

const comments = ({ artist, title, date, genre, tracks }: Album, track: AlbumTrack, index: number) => ({
  TITLE: track.title,
  ARTIST: artist,
  ALBUMARTIST: artist,
  ALBUM: title,
  DATE: date,
  GENRE: genre,
  TRACKNUMBER: String(index + 1),
  TRACKTOTAL: String(tracks.length),
  ...(track.isrc ? { ISRC: track.isrc } : {}),
})

function id3({ artist, title, date, genre, tracks }: Album, track: AlbumTrack, index: number): Buffer {
  return NodeID3.create({
    title: track.title,
    artist,
    performerInfo: artist,
    album: title,
    year: date.slice(0, 4),
    genre,
    trackNumber: `${index + 1}/${tracks.length}`,
    ...(track.isrc ? { ISRC: track.isrc } : {}),
    ...(track.lyrics ? { unsynchronisedLyrics: { language: 'eng', text: track.lyrics } } : {}),
  })
}

function withId3(wav: Buffer, tag: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write('id3 ', 'latin1')
  head.writeUInt32LE(tag.length, 4)
  const whole = Buffer.concat([wav, head, tag, Buffer.alloc(tag.length % 2)])
  whole.writeUInt32LE(whole.length - 8, 4)
  return whole
}
