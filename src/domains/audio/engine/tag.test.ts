import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseFile } from 'music-metadata'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { makeSound, temporaryFolder, writeWav } from './fixtures.ts'
import { encode, type Format, formatFiles, formats, probe, readTags, type Tags, tag } from './index.ts'

const tags: Tags = {
  title: 'Ночь на 夜 — l’été',
  artists: ['Anaïs Œuvre', '坂本 龍'],
  albumArtists: ['Anaïs Œuvre', 'Le Grand Ensemble'],
  album: 'Deux rivières 🌊',
  trackNumber: 3,
  trackTotal: 12,
  discNumber: 1,
  discTotal: 2,
  date: '2026-05-04',
  genres: ['Folk', 'Jazz'],
  composers: ['Anaïs Œuvre', 'Béla B.'],
  isrc: 'FRABC2600001',
  lyrics: 'Premier vers\nDeuxième vers',
  language: 'fr',
  licence: '2026 Anaïs Œuvre. CC BY 4.0',
  licenceUrl: 'https://creativecommons.org/licenses/by/4.0/',
  comment: 'https://example.org/anais/deux-rivieres',
  label: 'Étiquette',
  catalogueNumber: 'ETQ 001',
  barcode: '3612345678905',
  musicbrainz: {
    recording: '8f3471b5-7e6a-48da-86a9-c1c07a0f47ae',
    release: '11111111-7e6a-48da-86a9-c1c07a0f47ae',
    releaseGroup: '22222222-7e6a-48da-86a9-c1c07a0f47ae',
    work: '33333333-7e6a-48da-86a9-c1c07a0f47ae',
    artists: ['44444444-7e6a-48da-86a9-c1c07a0f47ae', '55555555-7e6a-48da-86a9-c1c07a0f47ae'],
    albumArtists: ['44444444-7e6a-48da-86a9-c1c07a0f47ae'],
  },
  replayGain: { trackGainDb: -6.54, trackPeak: 0.988553, albumGainDb: -7.1, albumPeak: 1.001 },
  bpm: 120,
  key: 'Am',
}

async function made(format: Format) {
  const folder = temporaryFolder()
  const path = join(folder, `out.${formatFiles[format].extension}`)
  const cover = join(folder, 'cover.jpg')
  await sharp({ create: { width: 300, height: 300, channels: 3, background: '#a33' } })
    .jpeg()
    .toFile(cover)
  expect(await encode(writeWav(folder, makeSound({ seconds: 1 })), path, format)).toMatchObject({ ok: true })
  return { folder, path, cover }
}

describe.each(formats)('%s', (format) => {
  it('is read back by another program, word for word, with its cover', async () => {
    const { folder, path, cover } = await made(format)
    const before = await probe(path)
    expect(await tag(path, format, tags, cover)).toEqual({ ok: true, value: null })
    expect(readdirSync(folder)).not.toContainEqual(expect.stringContaining('.tagged'))
    expect(await probe(path)).toEqual(before)

    const { common } = await parseFile(path, { duration: true })
    expect(common).toMatchObject({
      title: tags.title,
      artists: tags.artists,
      album: tags.album,
      track: { no: 3, of: 12 },
      disk: { no: 1, of: 2 },
      composer: tags.composers,
      isrc: [tags.isrc],
      copyright: tags.licence,
      label: [tags.label],
      catalognumber: [tags.catalogueNumber],
      barcode: tags.barcode,
      musicbrainz_recordingid: tags.musicbrainz?.recording,
      musicbrainz_albumid: tags.musicbrainz?.release,
      musicbrainz_releasegroupid: tags.musicbrainz?.releaseGroup,
      musicbrainz_workid: tags.musicbrainz?.work,
      bpm: 120,
    })
    expect(common.albumartist).toContain('Anaïs Œuvre')
    expect(common.comment?.[0]).toMatchObject({ text: tags.comment })
    expect(common.lyrics?.[0]?.text).toBe(tags.lyrics)
    expect(common.musicbrainz_artistid?.join('/')).toBe(tags.musicbrainz?.artists?.join('/'))
    expect(common.picture?.[0]?.format).toBe('image/jpeg')
    if (/mp3|wav|aiff/.test(format)) expect(common.year).toBe(2026)
    else expect(common.date).toBe('2026-05-04')
    expect(common.genre?.join('/')).toBe('Folk/Jazz')
    expect(common.license).toBe(tags.licenceUrl)
    // music-metadata does not look for the key in MP4.
    if (!/alac|aac/.test(format)) expect(common.key).toBe('Am')
    if (format !== 'opus') expect(common.replaygain_track_gain?.dB).toBeCloseTo(-6.54)
  })

  it('is read back by ourselves', async () => {
    const { path, cover } = await made(format)
    await tag(path, format, tags, cover)
    const read = await readTags(path)
    if (!read.ok) throw new Error(read.error.detail)
    const { language, replayGain, genres, composers, trackTotal, discTotal, ...rest } = tags
    expect(read.value.tags).toMatchObject(rest)
    expect(read.value.cover?.mimeType).toBe('image/jpeg')
  })

  it('forgets the former tags and cover', async () => {
    const { path, cover } = await made(format)
    await tag(path, format, tags, cover)
    await tag(path, format, { title: 'Alone' })
    expect(await readTags(path)).toEqual({ ok: true, value: { tags: { title: 'Alone' }, cover: null } })
  })
})

it('writes MP3 tags as ID3v2.3', async () => {
  const { path } = await made('mp3-v0')
  await tag(path, 'mp3-v0', tags)
  const { format, native } = await parseFile(path)
  expect(format.tagTypes).toEqual(['ID3v2.3'])
  expect(native['ID3v2.3']?.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['TPE1', 'TYER', 'TDAT', 'TXXX:ARTISTS']),
  )
})

it('writes the gain of Opus as RFC 7845 asks', async () => {
  const { path } = await made('opus')
  await tag(path, 'opus', tags)
  const native = (await parseFile(path)).native.vorbis ?? []
  expect(native).toContainEqual({ id: 'R128_TRACK_GAIN', value: String(Math.round((-6.54 - 5) * 256)) })
  expect(native.map(({ id }) => id)).not.toContain('REPLAYGAIN_TRACK_GAIN')
})

it('says when the cover is not there', async () => {
  const { path, folder } = await made('flac')
  expect(await tag(path, 'flac', tags, join(folder, 'none.jpg'))).toMatchObject({ error: { code: 'unwritable' } })
})

it('says that a text has no tags to read, and reads the next file', async () => {
  const path = join(temporaryFolder(), 'poem.mp3')
  writeFileSync(path, 'Longtemps, je me suis couché de bonne heure.')
  expect(await readTags(path)).toMatchObject({ error: { code: 'damaged' } })
  const { path: music } = await made('flac')
  await tag(music, 'flac', { title: 'Alone' })
  expect(await readTags(music)).toMatchObject({ value: { tags: { title: 'Alone' } } })
})
