import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeSound, readSamples, temporaryFolder, writeWav } from './fixtures.ts'
import { encode, type Format, formatFiles, probe } from './index.ts'

const lossless = ['flac', 'wav', 'aiff', 'alac'] as const
const lossy = ['mp3-320', 'mp3-v0', 'aac', 'ogg', 'opus'] as const

const encodeTo = async (format: Format, master: string, folder: string) => {
  const path = join(folder, `out.${formatFiles[format].extension}`)
  const result = await encode(master, path, format)
  expect(result).toMatchObject({ ok: true })
  return path
}

describe('a lossless download', () => {
  const masters = [
    { name: '16-bit stereo at 44.1 kHz', channels: 2, bits: 16, sampleRate: 44_100 },
    { name: '16-bit mono at 8 kHz', channels: 1, bits: 16, sampleRate: 8000 },
    { name: '24-bit stereo at 96 kHz', channels: 2, bits: 24, sampleRate: 96_000 },
    { name: '24-bit mono at 48 kHz', channels: 1, bits: 24, sampleRate: 48_000 },
    { name: '24-bit 5.1 at 48 kHz', channels: 6, bits: 24, sampleRate: 48_000 },
    { name: '16-bit 5.1 at 44.1 kHz', channels: 6, bits: 16, sampleRate: 44_100 },
    { name: '8-bit mono at 22.05 kHz', channels: 1, bits: 8, sampleRate: 22_050 },
    { name: '24-bit stereo at 192 kHz', channels: 2, bits: 24, sampleRate: 192_000 },
  ] as const

  it.each(masters)('of a $name master decodes to the same samples', async ({ channels, bits, sampleRate }) => {
    const folder = temporaryFolder()
    const sound = makeSound({ channels, bits, sampleRate, frames: 12_345 })
    const master = writeWav(folder, sound, 'master.wav', channels > 2 ? 'extensible' : 'riff')
    for (const format of lossless) {
      const path = await encodeTo(format, master, folder)
      expect(await probe(path)).toMatchObject({
        value: { samples: 12_345, channels, sampleRate, bitDepth: Math.max(16, bits), lossless: true },
      })
      expect(Buffer.compare(bytes(await readSamples(path)), bytes(sound.samples)), format).toBe(0)
    }
  })

  it('keeps floats as they are in WAV and AIFF, even beyond full scale, and makes 24 bits of them elsewhere', async () => {
    const folder = temporaryFolder()
    const sound = makeSound({ float: true, bits: 32, frames: 5000 })
    const loud = sound.samples
    loud[10] = 1.5
    const master = writeWav(folder, sound)
    expect(await probe(master)).toMatchObject({ value: { float: true, bitDepth: 32 } })
    for (const format of ['wav', 'aiff'] as const) {
      const path = await encodeTo(format, master, folder)
      expect(Buffer.compare(bytes(await readSamples(path, 'flt')), bytes(loud)), format).toBe(0)
    }
    for (const format of ['flac', 'alac'] as const) {
      const path = await encodeTo(format, master, folder)
      expect(await probe(path)).toMatchObject({ value: { float: false, bitDepth: 24, samples: 5000 } })
      const read = await readSamples(path, 'flt')
      const furthest = Math.max(...Array.from(read, (sample, i) => Math.abs(sample - Math.min(1, loud[i] ?? 0))))
      expect(furthest).toBeLessThan(2 ** -22)
    }
  })

  it('keeps 32-bit integers in WAV and AIFF', async () => {
    const folder = temporaryFolder()
    const sound = makeSound({ bits: 32, frames: 5000 })
    const master = writeWav(folder, sound)
    for (const format of ['wav', 'aiff'] as const) {
      const path = await encodeTo(format, master, folder)
      expect(Buffer.compare(bytes(await readSamples(path)), bytes(sound.samples)), format).toBe(0)
    }
  })
})

describe('a lossy download', () => {
  const masters = [
    { name: 'stereo at 44.1 kHz', channels: 2, sampleRate: 44_100, frames: 44_100 },
    { name: 'mono at 48 kHz', channels: 1, sampleRate: 48_000, frames: 50_001 },
    { name: 'stereo at 96 kHz', channels: 2, sampleRate: 96_000, frames: 96_007 },
    { name: 'mono at 8 kHz', channels: 1, sampleRate: 8000, frames: 8123 },
    { name: '5.1 at 48 kHz', channels: 6, sampleRate: 48_000, frames: 48_000 },
  ] as const

  it.each(masters)('of $name has the length of the master', async ({ channels, sampleRate, frames }) => {
    const folder = temporaryFolder()
    const master = writeWav(
      folder,
      makeSound({ channels, sampleRate, frames }),
      'm.wav',
      channels > 2 ? 'extensible' : 'riff',
    )
    for (const format of lossy) {
      const path = await encodeTo(format, master, folder)
      const result = await probe(path)
      if (!result.ok) throw new Error(`${format}: ${result.error.code} ${result.error.detail}`)
      const wanted = (frames * result.value.sampleRate) / sampleRate
      expect(
        Math.abs((result.value.samples ?? 0) - wanted),
        `${format} at ${result.value.sampleRate}`,
      ).toBeLessThanOrEqual(1)
    }
  })
})

it('leaves nothing behind when it is stopped', async () => {
  const folder = temporaryFolder()
  const master = writeWav(folder, makeSound({ seconds: 30 }))
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 20)
  const result = await encode(master, join(folder, 'out.m4a'), 'aac', { signal: stop.signal })
  expect(result).toMatchObject({ ok: false, error: { code: 'aborted' } })
  expect(readdirSync(folder)).toEqual(['master.wav'])
})

it('says why when the result cannot be written', async () => {
  const folder = temporaryFolder()
  const master = writeWav(folder, makeSound({ frames: 1000 }))
  expect(await encode(master, join(folder, 'nowhere', 'out.flac'), 'flac')).toMatchObject({
    error: { code: 'unwritable' },
  })
})

const bytes = (samples: Int32Array | Float32Array) =>
  Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)
