import { copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeSound, readSamples, temporaryFolder, wavBytes, writeWav } from './fixtures.ts'
import { defaultLimits, encode, type Format, formatFiles, prepareStream, probe } from './index.ts'
import { run } from './run.ts'

/** A master of a second in `format`, made by our own encoder. */
async function encoded(folder: string, format: Format, shape: Parameters<typeof makeSound>[0] = {}): Promise<string> {
  const path = join(folder, `made.${formatFiles[format].extension}`)
  await encode(writeWav(folder, makeSound(shape), 'source.wav'), path, format)
  return path
}

describe('what is accepted', () => {
  const wavs = [
    ['a plain WAV', 'riff', { bits: 16, channels: 1, sampleRate: 8000 }],
    ['a 24-bit WAV', 'riff', { bits: 24, sampleRate: 48_000 }],
    ['a 32-bit WAV', 'riff', { bits: 32, sampleRate: 88_200 }],
    ['a floating WAV', 'riff', { bits: 32, float: true }],
    ['WAVE_FORMAT_EXTENSIBLE in 24 bits', 'extensible', { bits: 24, channels: 6, sampleRate: 48_000 }],
    ['WAVE_FORMAT_EXTENSIBLE in floats', 'extensible', { bits: 32, float: true, sampleRate: 192_000 }],
    ['RF64', 'rf64', { bits: 24, sampleRate: 96_000 }],
  ] as const

  it.each(wavs)('%s', async (_, kind, shape) => {
    const folder = temporaryFolder()
    const sound = makeSound({ ...shape, frames: 4321 })
    const path = writeWav(folder, sound, 'Ночь — 夜 🌙: un été.wav', kind)
    const { channels, sampleRate, bits, float } = sound
    expect(await probe(path)).toEqual({
      ok: true,
      value: {
        container: 'wav',
        codec: 'pcm',
        sampleRate,
        channels,
        channelLayout: { 1: 'mono', 2: 'stereo', 6: '5.1' }[channels],
        bitDepth: bits,
        float,
        lossless: true,
        samples: 4321,
        durationMs: Math.round(4_321_000 / sampleRate),
      },
    })
    expect(Array.from(await readSamples(path, float ? 'flt' : 's32'))).toEqual(Array.from(sound.samples))
  })

  const others: [Format, string, string, boolean][] = [
    ['flac', 'flac', 'flac', true],
    ['aiff', 'aiff', 'pcm', true],
    ['alac', 'mp4', 'alac', true],
    ['aac', 'mp4', 'aac', false],
    ['mp3-v0', 'mp3', 'mp3', false],
    ['ogg', 'ogg', 'vorbis', false],
    ['opus', 'ogg', 'opus', false],
  ]
  it.each(others)('%s', async (format, container, codec, lossless) => {
    const path = await encoded(temporaryFolder(), format)
    const bitDepth = lossless ? 16 : null
    expect(await probe(path)).toMatchObject({
      value: { container, codec, lossless, bitDepth, channels: 2, durationMs: 1000 },
    })
  })

  it.each([
    ['w64', 'pcm_s24le', 's32'],
    ['caf', 'alac', 's32p'],
  ] as const)('%s', async (muxer, encoder, sampleFormat) => {
    const folder = temporaryFolder()
    const path = join(folder, `made.${muxer}`)
    const sound = { sampleRate: 44_100, channels: 2, bits: 24 } as const
    const sink = { path, muxer, encoder, sampleFormat, layout: 'stereo', ...sound }
    const filter = `aformat=sample_fmts=${sampleFormat}`
    const options = { limits: defaultLimits, threads: 1 }
    await run(writeWav(folder, makeSound({ ...sound, frames: 9001 })), () => [{ filter, sink }], options)
    expect(await probe(path)).toMatchObject({ value: { container: muxer, bitDepth: 24, samples: 9001 } })
  })

  it('a WAV of unknown length, as programs write it into a pipe', async () => {
    const path = join(temporaryFolder(), 'piped.wav')
    const bytes = wavBytes(makeSound({ frames: 3000 }))
    bytes.writeUInt32LE(0xffffffff, 4)
    bytes.writeUInt32LE(0xffffffff, 40)
    writeFileSync(path, bytes)
    expect(await probe(path)).toMatchObject({ value: { samples: 3000 } })
  })

  it('an MP3 without a length, with stray bytes and an ID3v1 tag at its end', async () => {
    const folder = temporaryFolder()
    const bytes = readFileSync(await encoded(folder, 'mp3-320'))
    const path = join(folder, 'old.mp3')
    writeFileSync(
      path,
      Buffer.concat([bytes.subarray(1500), Buffer.alloc(300, 'stray'), Buffer.from('TAG'.padEnd(128))]),
    )
    expect(await probe(path)).toMatchObject({ ok: true, value: { codec: 'mp3' } })
  })
})

describe('what is refused', () => {
  const refused = async (path: string) => {
    const result = await probe(path)
    return result.ok ? result.value : result.error.code
  }
  const named = (name: string, content: string | Buffer) => {
    const path = join(temporaryFolder(), name)
    writeFileSync(path, content)
    return path
  }

  it('a file that is not there, or a folder', async () => {
    expect(await refused('/nowhere/at/all.wav')).toBe('missing')
    expect(await refused(temporaryFolder())).toBe('missing')
  })
  it('an empty file, and a WAV without a sample', async () => {
    expect(await refused(named('empty.wav', ''))).toBe('empty')
    expect(await refused(named('silent.wav', wavBytes(makeSound({ frames: 0 }))))).toBe('empty')
  })
  it('a text named .wav', async () => {
    expect(await refused(named('poem.wav', 'Longtemps, je me suis couché de bonne heure.\n'.repeat(200)))).toBe(
      'not-audio',
    )
  })
  it('random bytes', async () => {
    const noise = Buffer.from(Array.from({ length: 50_000 }, (_, i) => (Math.imul(i + 7, 2_654_435_761) >>> 13) & 255))
    expect(await refused(named('noise.wav', noise))).toBe('not-audio')
  })
  it('a picture named .flac', async () => {
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    )
    expect(await refused(named('cover.flac', png))).toBe('not-audio')
  })
  it.each([
    ['ffconcat', (target: string) => `ffconcat version 1.0\nfile '${target}'\n`],
    ['m3u8', (target: string) => `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:1,\n${target}\n#EXT-X-ENDLIST\n`],
  ])('a playlist (%s) that points at a neighbour, which is not read', async (_, playlist) => {
    const folder = temporaryFolder()
    const neighbour = writeWav(folder, makeSound(), 'neighbour.wav')
    const before = statSync(neighbour).atimeMs
    for (const target of ['neighbour.wav', neighbour, `file:${neighbour}`]) {
      const path = join(folder, 'playlist.wav')
      writeFileSync(path, playlist(target))
      expect(await refused(path)).toBe('not-audio')
      expect(await prepareStream(path, folder)).toMatchObject({ error: { code: 'not-audio' } })
    }
    expect(statSync(neighbour).atimeMs).toBe(before)
  })
  it('a FLAC, a WAV, an AIFF, an MP3, an M4A cut in the middle', async () => {
    for (const format of ['flac', 'wav', 'aiff', 'mp3-320', 'alac', 'aac'] as const) {
      const path = await encoded(temporaryFolder(), format, { seconds: 3 })
      truncateSync(path, Math.round(statSync(path).size * 0.6))
      expect(await refused(path), format).toBe('truncated')
      expect(await prepareStream(path, temporaryFolder()), format).toMatchObject({ error: { code: 'truncated' } })
    }
  })
  it('an Ogg cut in the middle of a page', async () => {
    const path = await encoded(temporaryFolder(), 'ogg', { seconds: 3 })
    truncateSync(path, Math.round(statSync(path).size * 0.6))
    expect(await refused(path)).toBe('truncated')
  })
  it('a FLAC with a hole in it', async () => {
    const path = await encoded(temporaryFolder(), 'flac', { seconds: 3 })
    const bytes = readFileSync(path)
    bytes.fill(0x5a, 100_000, 103_000)
    writeFileSync(path, bytes)
    expect(await refused(path)).toBe('damaged')
  })
  it('a protected M4A', async () => {
    const path = await encoded(temporaryFolder(), 'aac')
    const bytes = readFileSync(path)
    bytes.write('drms', bytes.indexOf('mp4a', bytes.indexOf('stsd')), 'latin1')
    writeFileSync(path, bytes)
    expect(await refused(path)).toBe('protected')
  })
  it('too many channels, absurd rates', async () => {
    expect(await refused(named('wide.wav', wavBytes(makeSound({ channels: 12, frames: 100 }))))).toBe('unsupported')
    expect(await refused(named('slow.wav', wavBytes(makeSound({ sampleRate: 200, frames: 400 }))))).toBe('unsupported')
    expect(await refused(named('fast.wav', wavBytes(makeSound({ sampleRate: 4_000_000, frames: 400 }))))).toBe(
      'unsupported',
    )
  })
  it('a sound longer than the limit, whether it says so or not', async () => {
    const folder = temporaryFolder()
    const limits = { ...defaultLimits, maxDurationMs: 2000 }
    const long = writeWav(folder, makeSound({ seconds: 3 }))
    expect(await probe(long, { limits })).toMatchObject({ error: { code: 'too-long' } })
    const silent = join(folder, 'undeclared.flac')
    await encode(long, silent, 'flac')
    const bytes = readFileSync(silent)
    // STREAMINFO's last 36 bits of byte 18..25 are the number of samples; 0 means unknown.
    bytes.writeUInt8((bytes[21] ?? 0) & 0xf0, 21)
    bytes.writeUInt32BE(0, 22)
    writeFileSync(silent, bytes)
    expect(await probe(silent, { limits })).toMatchObject({ error: { code: 'too-long' } })
  })
  it('media of other kinds, by name', async () => {
    const folder = temporaryFolder()
    const made = await prepareStream(writeWav(folder, makeSound()), folder)
    if (!made.ok) throw new Error(made.error.code)
    const path = join(folder, 'film.mp3')
    copyFileSync(made.value.opus.path, path)
    expect(await probe(path)).toMatchObject({ error: { code: 'unsupported', detail: 'container matroska,webm' } })
  })
})
