import { type FileHandle, open } from 'node:fs/promises'
import { id3Tag } from './tag-mp3.ts'
import type { Tags } from './tags.ts'

/**
 * Tags of a WAV or an AIFF, in place, after the sound: the ID3v2.3 tag of our MP3s in a chunk. No INFO list in WAV: it has no
 * alphabet, and players built on FFmpeg show nothing else where there is one. taglib-wasm would write one, and loses the
 * totals of tracks and discs. Tags that were there before are replaced.
 */
export async function writeChunks(
  path: string,
  format: 'wav' | 'aiff',
  tags: Tags,
  cover: Buffer | null,
): Promise<void> {
  const file = await open(path, 'r+')
  try {
    const big = format === 'aiff'
    const end = await soundEnd(file, big)
    const hasTags = Object.keys(tags).length > 0 || cover !== null
    const added = hasTags ? chunk(big ? 'ID3 ' : 'id3 ', id3Tag(tags, cover), big) : Buffer.alloc(0)
    await file.truncate(end)
    await file.write(added, 0, added.length, end)
    await writeLength(file, big, end + added.length - 8)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Where the last chunk that is not a tag of ours ends. */
async function soundEnd(file: FileHandle, big: boolean): Promise<number> {
  const { size: total } = await file.stat()
  const head = Buffer.alloc(12)
  let end = 12
  let large = 0
  for (let at = 12; at + 8 <= total; ) {
    await file.read(head, 0, 12, at)
    const name = head.toString('latin1', 0, 4)
    let size = big ? head.readUInt32BE(4) : head.readUInt32LE(4)
    if (name === 'ds64') large = await readLarge(file, at + 16)
    if (name === 'data' && size === 0xffffffff) size = large
    at = Math.min(total, at + 8 + size + (size % 2))
    const isTag = /^id3 $/i.test(name) || (name === 'LIST' && head.toString('latin1', 8, 12) === 'INFO')
    if (!isTag) end = at
  }
  return end
}

async function readLarge(file: FileHandle, at: number): Promise<number> {
  const bytes = Buffer.alloc(8)
  await file.read(bytes, 0, 8, at)
  return Number(bytes.readBigUInt64LE())
}

/** The outer length: after `RIFF` or `FORM`, or in `ds64` (EBU Tech 3306) when it is RF64. */
async function writeLength(file: FileHandle, big: boolean, length: number): Promise<void> {
  const name = Buffer.alloc(4)
  await file.read(name, 0, 4, 0)
  const rf64 = name.toString('latin1') === 'RF64'
  const bytes = Buffer.alloc(rf64 ? 8 : 4)
  if (rf64) bytes.writeBigUInt64LE(BigInt(length))
  else if (big) bytes.writeUInt32BE(length)
  else bytes.writeUInt32LE(length)
  await file.write(bytes, 0, bytes.length, rf64 ? 20 : 4)
}

function chunk(name: string, body: Buffer, big: boolean): Buffer {
  const head = Buffer.alloc(8)
  head.write(name, 'latin1')
  if (big) head.writeUInt32BE(body.length, 4)
  else head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)])
}
