import { createHash } from 'node:crypto'

const BLOCK = 4096

/**
 * A FLAC file (RFC 9639) of 16-bit stereo at 44.1 kHz, its samples kept as they are (verbatim subframes): as good to any
 * decoder as one that is packed.
 * @param pcm interleaved little-endian samples
 */
export function flac(pcm: Buffer, comments: Record<string, string>): Buffer {
  const frames = pcm.length / 4
  const blocks = Array.from({ length: Math.ceil(frames / BLOCK) }, (_, index) =>
    frame(pcm.subarray(index * BLOCK * 4, (index + 1) * BLOCK * 4), index),
  )
  return Buffer.concat([
    Buffer.from('fLaC'),
    metadata(0, streamInfo(pcm, frames)),
    metadata(4, vorbisComment(comments), true),
    ...blocks,
  ])
}

function metadata(type: number, body: Buffer, last = false): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(body.length)
  head[0] = type | (last ? 0x80 : 0)
  return Buffer.concat([head, body])
}

function streamInfo(pcm: Buffer, frames: number): Buffer {
  const info = Buffer.alloc(18)
  info.writeUInt16BE(BLOCK, 0)
  info.writeUInt16BE(BLOCK, 2)
  // Sizes of frames unknown; then 20 bits of rate, 3 of channels - 1, 5 of bits - 1, 36 of samples.
  info.writeBigUInt64BE((44_100n << 44n) | (1n << 41n) | (15n << 36n) | BigInt(frames), 10)
  return Buffer.concat([info, createHash('md5').update(pcm).digest()])
}

function vorbisComment(comments: Record<string, string>): Buffer {
  const text = (value: string) => {
    const bytes = Buffer.from(value)
    const length = Buffer.alloc(4)
    length.writeUInt32LE(bytes.length)
    return Buffer.concat([length, bytes])
  }
  const count = Buffer.alloc(4)
  count.writeUInt32LE(Object.keys(comments).length)
  return Buffer.concat([
    text('by hand'),
    count,
    ...Object.entries(comments).map(([name, value]) => text(`${name}=${value}`)),
  ])
}

function frame(pcm: Buffer, index: number): Buffer {
  const samples = pcm.length / 4
  const size = Buffer.alloc(2)
  size.writeUInt16BE(samples - 1)
  // Sync, fixed blocks; block size in 16 bits at the end, 44.1 kHz; two channels, 16 bits.
  const head = Buffer.concat([Buffer.from([0xff, 0xf8, 0x79, 0x18]), utf8Number(index), size])
  const channels = [0, 1].map((channel) => {
    const verbatim = Buffer.alloc(1 + samples * 2)
    verbatim[0] = 0x02
    for (let i = 0; i < samples; i++) verbatim.writeInt16BE(pcm.readInt16LE(i * 4 + channel * 2), 1 + i * 2)
    return verbatim
  })
  const body = Buffer.concat([head, Buffer.from([crc(head, 8, 0x07)]), ...channels])
  const check = Buffer.alloc(2)
  check.writeUInt16BE(crc(body, 16, 0x8005))
  return Buffer.concat([body, check])
}

const utf8Number = (value: number) => Buffer.from(String.fromCodePoint(value))

function crc(bytes: Buffer, width: 8 | 16, polynomial: number): number {
  const top = 1 << (width - 1)
  const mask = 2 ** width - 1
  let remainder = 0
  for (const byte of bytes) {
    remainder ^= byte << (width - 8)
    for (let bit = 0; bit < 8; bit++)
      remainder = (remainder & top ? (remainder << 1) ^ polynomial : remainder << 1) & mask
  }
  return remainder
}
