import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { makeSound, temporaryFolder, writeWav } from './fixtures.ts'
import { prepareStream, probe } from './index.ts'

async function streamOf(shape: Parameters<typeof makeSound>[0], edit?: (samples: Int32Array) => void) {
  const folder = temporaryFolder()
  const sound = makeSound(shape)
  edit?.(sound.samples as Int32Array)
  const seen: number[] = []
  const kind = sound.channels > 2 ? 'extensible' : 'riff'
  const result = await prepareStream(writeWav(folder, sound, 'master.wav', kind), folder, {
    onProgress: (done) => seen.push(done),
  })
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.detail}`)
  return { ...result.value, progress: seen }
}

/** A 997 Hz sine at -20 dBFS in both channels measures -20 LUFS (ITU-R BS.1770-4, annex 1). */
it('measures the loudness of the reference tone', async () => {
  const { loudness, progress } = await streamOf({ sampleRate: 48_000, seconds: 4 }, (samples) => {
    for (let i = 0; i < samples.length; i++) {
      const frame = i >> 1
      samples[i] = Math.round(0.1 * 32_767 * Math.sin((2 * Math.PI * 997 * frame) / 48_000)) << 16
    }
  })
  expect(loudness.integratedLufs).toBeCloseTo(-20, 1)
  expect(loudness.truePeakDb).toBeCloseTo(-20, 1)
  expect(loudness.samplePeak).toBeCloseTo(0.1, 3)
  expect(loudness.rangeLu).toBeCloseTo(0, 1)
  expect(progress.at(-1)).toBe(1)
})

it('makes an AAC as long as the master, its index in front', async () => {
  const { aac, facts } = await streamOf({ sampleRate: 96_000, bits: 24, frames: 96_000 * 2 + 78 })
  expect(facts).toMatchObject({ samples: 192_078, bitDepth: 24 })
  expect(await probe(aac.path)).toMatchObject({ value: { codec: 'aac', sampleRate: 48_000, samples: 96_039 } })
  const bytes = readFileSync(aac.path)
  expect(bytes.indexOf('moov')).toBeGreaterThan(0)
  expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'))
})

it('makes an Opus whose cues come before the sound', async () => {
  const { opus } = await streamOf({ seconds: 9 })
  const bytes = readFileSync(opus.path)
  const [cues, cluster] = [Buffer.from('1c53bb6b', 'hex'), Buffer.from('1f43b675', 'hex')]
  expect(bytes.indexOf(cues, 100)).toBeGreaterThan(0)
  expect(bytes.indexOf(cues, 100)).toBeLessThan(bytes.indexOf(cluster))
  expect(bytes.indexOf('OpusHead')).toBeGreaterThan(0)
})

it('mixes more channels down to two for streaming, without clipping', async () => {
  const { aac, facts } = await streamOf({ channels: 6, sampleRate: 48_000, bits: 24, seconds: 1 })
  expect(facts.channelLayout).toBe('5.1')
  expect(await probe(aac.path)).toMatchObject({ value: { channels: 2, samples: 48_000 } })
})

it('draws the sound: a quiet half, then a loud one', async () => {
  const { waveform } = await streamOf({ seconds: 3 }, (samples) => {
    for (let i = 0; i < samples.length / 2; i++) samples[i] = Math.round((samples[i] ?? 0) / 100)
  })
  expect(waveform).toHaveLength(800)
  expect(Math.max(...waveform.subarray(0, 399))).toBeLessThan(5)
  expect(Math.min(...waveform.subarray(401))).toBeGreaterThan(70)
})

it('bears silence', async () => {
  const { loudness, waveform } = await streamOf({ seconds: 1 }, (samples) => samples.fill(0))
  expect(loudness.integratedLufs).toBeLessThanOrEqual(-70)
  expect(loudness.samplePeak).toBe(0)
  expect(Math.max(...waveform)).toBe(0)
})
