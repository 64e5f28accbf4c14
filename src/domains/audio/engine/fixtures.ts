/** Sounds made for the tests, and their samples read back. Not part of the engine's door. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { defaultLimits } from './facts.ts'
import { run } from './run.ts'

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface Sound {
  sampleRate: number
  channels: number
  bits: 8 | 16 | 24 | 32
  float: boolean
  frames: number
  /** Interleaved, as wide as 32 bits (8, 16 and 24 shifted up); for floats, full scale 1. */
  samples: Int32Array | Float32Array
}

/** A chord with a little noise, different in each channel: nothing that a codec could guess. */
export function makeSound(shape: Partial<Omit<Sound, 'samples'>> & { seconds?: number } = {}): Sound {
  const { sampleRate = 44_100, channels = 2, bits = 16, float = false, seconds = 1 } = shape
  const frames = shape.frames ?? Math.round(sampleRate * seconds)
  const samples = float ? new Float32Array(frames * channels) : new Int32Array(frames * channels)
  let seed = 1
  for (let i = 0; i < frames; i++) {
    for (let c = 0; c < channels; c++) {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff
      const noise = (seed / 0x7fffffff - 0.5) * 0.02
      const value = 0.4 * Math.sin((2 * Math.PI * (220 + 110 * c) * i) / sampleRate) + noise
      samples[i * channels + c] = float ? value * 2 : Math.round(value * 2 ** (bits - 1)) * 2 ** (32 - bits)
    }
  }
  return { sampleRate, channels, bits, float, frames, samples }
}

type WavKind = 'riff' | 'extensible' | 'rf64'

/** A WAV by hand: plain RIFF, WAVE_FORMAT_EXTENSIBLE, or RF64 (EBU Tech 3306) with its sizes in `ds64`. */
export function wavBytes(sound: Sound, kind: WavKind = 'riff'): Buffer {
  const { channels, bits, sampleRate, float, samples } = sound
  const width = bits / 8
  const data = Buffer.alloc(samples.length * width)
  samples.forEach((sample: number, i: number) => {
    if (float) data.writeFloatLE(sample, i * 4)
    else if (bits === 8) data.writeUInt8(sample / 2 ** 24 + 128, i)
    else data.writeIntLE(sample / 2 ** (32 - bits), i * width, width)
  })
  const extended = kind !== 'riff'
  const format = Buffer.alloc(extended ? 40 : 16)
  format.writeUInt16LE(extended ? 0xfffe : float ? 3 : 1, 0)
  format.writeUInt16LE(channels, 2)
  format.writeUInt32LE(sampleRate, 4)
  format.writeUInt32LE(sampleRate * channels * width, 8)
  format.writeUInt16LE(channels * width, 12)
  format.writeUInt16LE(bits, 14)
  if (extended) {
    format.writeUInt16LE(22, 16)
    format.writeUInt16LE(bits, 18)
    format.writeUInt32LE({ 1: 0x4, 2: 0x3, 6: 0x3f }[channels] ?? 0, 20)
    // KSDATAFORMAT_SUBTYPE_PCM or _IEEE_FLOAT.
    Buffer.from(`0${float ? 3 : 1}00000000001000800000aa00389b71`, 'hex').copy(format, 24)
  }
  const large = kind === 'rf64'
  const ds64 = Buffer.alloc(28)
  ds64.writeBigUInt64LE(BigInt(data.length + 100), 0)
  ds64.writeBigUInt64LE(BigInt(data.length), 8)
  ds64.writeBigUInt64LE(BigInt(sound.frames), 16)
  const chunks = [
    Buffer.from('WAVE'),
    ...(large ? [chunk('ds64', ds64)] : []),
    chunk('fmt ', format),
    chunk('data', data, large ? 0xffffffff : data.length),
  ]
  const body = Buffer.concat(chunks)
  return chunk(large ? 'RF64' : 'RIFF', body, large ? 0xffffffff : body.length)
}

function chunk(name: string, body: Buffer, size = body.length): Buffer {
  const head = Buffer.alloc(8)
  head.write(name, 'latin1')
  head.writeUInt32LE(size, 4)
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)])
}

export function writeWav(folder: string, sound: Sound, name = 'master.wav', kind: WavKind = 'riff'): string {
  const path = join(folder, name)
  writeFileSync(path, wavBytes(sound, kind))
  return path
}

/** The samples of any file the engine reads, interleaved: 32-bit integers, or floats when asked. */
export async function readSamples(path: string, as: 's32' | 'flt' = 's32'): Promise<Int32Array | Float32Array> {
  const blocks: Buffer[] = []
  let channels = 0
  await run(
    path,
    (source) => {
      channels = source.channels
      return [
        {
          filter: `aformat=sample_fmts=${as}`,
          look: (block) => {
            const plane = block.data?.[0]
            if (plane) blocks.push(Buffer.from(plane.subarray(0, block.nbSamples * channels * 4)))
          },
        },
      ]
    },
    { limits: defaultLimits, threads: 1 },
  )
  const bytes = new Uint8Array(Buffer.concat(blocks)).buffer
  return as === 's32' ? new Int32Array(bytes) : new Float32Array(bytes)
}
