import { open } from 'node:fs/promises'
import type { Composition } from './compose.ts'
import { randomFrom } from './random.ts'

const FRAMES_AT_ONCE = 65_536

/**
 * Writes a WAV file (RIFF, PCM) by pieces. 16 bits get triangular dither of one step, so that quiet ends fade into noise
 * rather than into distortion; 24 bits as well, where it is inaudible. The dither is reproducible.
 */
export async function writeWav(path: string, sound: Composition, bits: 16 | 24 = 24): Promise<void> {
  const bytesPerFrame = (bits / 8) * 2
  const frames = sound.left.length
  const noise = randomFrom(`dither ${frames}`)
  const file = await open(path, 'w')
  try {
    await file.write(header(frames, bytesPerFrame, bits, sound.sampleRate))
    const block = Buffer.alloc(FRAMES_AT_ONCE * bytesPerFrame)
    for (let start = 0; start < frames; start += FRAMES_AT_ONCE) {
      const end = Math.min(frames, start + FRAMES_AT_ONCE)
      let at = 0
      for (let i = start; i < end; i++) {
        at = put(block, at, sound.left[i] as number, bits, noise.next)
        at = put(block, at, sound.right[i] as number, bits, noise.next)
      }
      await file.write(block, 0, at)
    }
  } finally {
    await file.close()
  }
}

function put(block: Buffer, at: number, value: number, bits: 16 | 24, noise: () => number): number {
  const full = 2 ** (bits - 1)
  // Exact silence stays silent: the lead-in and the very end are not noise.
  const dither = value === 0 ? 0 : noise() - noise()
  const step = Math.max(-full, Math.min(full - 1, Math.round(value * (full - 1) + dither)))
  return block.writeIntLE(step, at, bits / 8)
}

function header(frames: number, bytesPerFrame: number, bits: number, rate: number): Buffer {
  const head = Buffer.alloc(44)
  head.write('RIFF', 0, 'latin1')
  head.writeUInt32LE(36 + frames * bytesPerFrame, 4)
  head.write('WAVEfmt ', 8, 'latin1')
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(2, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt32LE(rate * bytesPerFrame, 28)
  head.writeUInt16LE(bytesPerFrame, 32)
  head.writeUInt16LE(bits, 34)
  head.write('data', 36, 'latin1')
  head.writeUInt32LE(frames * bytesPerFrame, 40)
  return head
}
