import type { FileHandle } from 'node:fs/promises'

/** Bytes to be read in place of those of a file. */
export type Patch = { at: number; bytes: Buffer }

/** Chunks before the sound: a handful in honest files. */
const MAX_CHUNKS = 100

/**
 * What makes the RF64 or BW64 of an open file (EBU Tech 3306, ITU-R BS.2088) a plain RIFF to a reader that knows no other: its
 * name, and the two lengths that `ds64` holds. Empty for any other file. Sound beyond 4 GiB hides what follows it.
 */
export async function asRiff(file: FileHandle): Promise<Patch[]> {
  const head = await bytesAt(file, 0, 12)
  if (!/^(?:RF64|BW64)[\s\S]{4}WAVE$/.test(head.toString('latin1'))) return []
  const patches = [{ at: 0, bytes: Buffer.from('RIFF') }]
  const long = (at: number, value: bigint) => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32LE(value < 0xffffffffn ? Number(value) : 0xffffffff)
    patches.push({ at, bytes })
  }
  let soundBytes: bigint | null = null
  for (let at = 12, seen = 0; seen < MAX_CHUNKS; seen++) {
    const chunk = await bytesAt(file, at, 24)
    if (chunk.length < 8) return patches
    const name = chunk.toString('latin1', 0, 4)
    const length = chunk.readUInt32LE(4)
    if (name === 'ds64' && chunk.length === 24) {
      long(4, chunk.readBigUInt64LE(8))
      soundBytes = chunk.readBigUInt64LE(16)
    }
    if (name === 'data') {
      if (length === 0xffffffff && soundBytes !== null) long(at + 4, soundBytes)
      return patches
    }
    at += 8 + length + (length % 2)
  }
  return patches
}

/** Whether an open file is Sony's Wave64, which the tag reader does not know and would search for frames of MP3, silence to the end. */
export async function isWave64(file: FileHandle): Promise<boolean> {
  return (await bytesAt(file, 0, 16)).equals(Buffer.from('726966662e91cf11a5d628db04c10000', 'hex'))
}

/** Writes what the patches change of `length` bytes that were read `from` there into `target`. */
export function patch(target: Uint8Array, from: number, length: number, patches: Patch[]): void {
  for (const { at, bytes } of patches)
    for (let i = 0; i < bytes.length; i++) {
      const place = at + i - from
      if (place >= 0 && place < length) target[place] = bytes[i] as number
    }
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at)
  return buffer.subarray(0, bytesRead)
}
