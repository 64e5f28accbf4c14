import { crc32 } from 'node:zlib'

/** A file of an archive: its size is known, its check is made while it passes. */
export type Passing = { name: string; size: number; open: () => AsyncIterable<Uint8Array> }

const MAX32 = 0xffff_ffff
const UTF8_AND_DESCRIPTOR = 0x0808

/**
 * A zip of files stored as they are, written while it is read: nothing is whole in memory, and the length is known before the first byte, so that who takes it can
 * tell a whole one from one that broke off. The check of each file follows it (APPNOTE.TXT 6.3.10, section 4.3.9); Zip64 where a size or a place asks for it.
 * A file that is longer or shorter than it was said to be throws, and no directory is written.
 */
export function streamZip(files: Passing[], at: Date): { size: number; bytes: AsyncGenerator<Uint8Array> } {
  const entries: Entry[] = []
  let offset = 0
  for (const file of files) {
    const entry = { ...file, encoded: Buffer.from(file.name), offset, crc: 0 }
    entries.push(entry)
    offset += 30 + entry.encoded.length + (isLarge(entry) ? 20 : 0) + entry.size + (isLarge(entry) ? 24 : 16)
  }
  const when = dosTime(at)
  // A directory is as long whatever the checks are.
  const size = offset + endOf(entries, offset, when).length
  return { size, bytes: write(entries, offset, when) }
}

type Entry = Passing & { encoded: Buffer; offset: number; crc: number }

const isLarge = ({ size }: { size: number }) => size >= MAX32

async function* write(entries: Entry[], end: number, when: number): AsyncGenerator<Uint8Array> {
  for (const entry of entries) {
    yield localHeader(entry, when)
    let passed = 0
    for await (const chunk of entry.open()) {
      passed += chunk.length
      entry.crc = crc32(chunk, entry.crc)
      yield chunk
    }
    if (passed !== entry.size) throw new Error(`${entry.name} has ${passed} bytes instead of ${entry.size}`)
    yield descriptor(entry)
  }
  yield endOf(entries, end, when)
}

function localHeader(entry: Entry, when: number): Buffer {
  const large = isLarge(entry)
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  common(header, 4, { ...entry, crc: 0 }, when)
  header.writeUInt16LE(entry.encoded.length, 26)
  header.writeUInt16LE(large ? 20 : 0, 28)
  return Buffer.concat([header, entry.encoded, large ? zip64([entry.size, entry.size]) : Buffer.alloc(0)])
}

function descriptor(entry: Entry): Buffer {
  const large = isLarge(entry)
  const bytes = Buffer.alloc(large ? 24 : 16)
  bytes.writeUInt32LE(0x08074b50, 0)
  bytes.writeUInt32LE(entry.crc, 4)
  if (large) {
    bytes.writeBigUInt64LE(BigInt(entry.size), 8)
    bytes.writeBigUInt64LE(BigInt(entry.size), 16)
  } else {
    bytes.writeUInt32LE(entry.size, 8)
    bytes.writeUInt32LE(entry.size, 12)
  }
  return bytes
}

function centralHeader(entry: Entry, when: number): Buffer {
  const far = entry.offset >= MAX32
  const values = [...(isLarge(entry) ? [entry.size, entry.size] : []), ...(far ? [entry.offset] : [])]
  const extra = values.length ? zip64(values) : Buffer.alloc(0)
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE((3 << 8) | 45, 4) // made by: Unix
  common(header, 6, entry, when)
  header.writeUInt16LE(entry.encoded.length, 28)
  header.writeUInt16LE(extra.length, 30)
  header.writeUInt32LE((0o100644 << 16) >>> 0, 38)
  header.writeUInt32LE(far ? MAX32 : entry.offset, 42)
  return Buffer.concat([header, entry.encoded, extra])
}

/** The fields that both headers share, from "version needed" to the sizes. */
function common(header: Buffer, at: number, entry: Entry, when: number): void {
  header.writeUInt16LE(isLarge(entry) ? 45 : 20, at)
  header.writeUInt16LE(UTF8_AND_DESCRIPTOR, at + 2)
  header.writeUInt32LE(when, at + 6)
  header.writeUInt32LE(entry.crc, at + 10)
  header.writeUInt32LE(isLarge(entry) ? MAX32 : entry.size, at + 14)
  header.writeUInt32LE(isLarge(entry) ? MAX32 : entry.size, at + 18)
}

function zip64(values: number[]): Buffer {
  const extra = Buffer.alloc(4 + values.length * 8)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(values.length * 8, 2)
  values.forEach((value, index) => void extra.writeBigUInt64LE(BigInt(value), 4 + index * 8))
  return extra
}

function endOf(entries: Entry[], offset: number, when: number): Buffer {
  const central = Buffer.concat(entries.map((entry) => centralHeader(entry, when)))
  const large = entries.length >= 0xffff || offset >= MAX32
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(large ? 0xffff : entries.length, 8)
  end.writeUInt16LE(large ? 0xffff : entries.length, 10)
  end.writeUInt32LE(large ? MAX32 : central.length, 12)
  end.writeUInt32LE(large ? MAX32 : offset, 16)
  if (!large) return Buffer.concat([central, end])
  const record = Buffer.alloc(56)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeBigUInt64LE(44n, 4)
  record.writeUInt16LE((3 << 8) | 45, 12)
  record.writeUInt16LE(45, 14)
  record.writeBigUInt64LE(BigInt(entries.length), 24)
  record.writeBigUInt64LE(BigInt(entries.length), 32)
  record.writeBigUInt64LE(BigInt(central.length), 40)
  record.writeBigUInt64LE(BigInt(offset), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(offset + central.length), 8)
  locator.writeUInt32LE(1, 16)
  return Buffer.concat([central, record, locator, end])
}

/** Date and time as MS-DOS had them, in UTC, from 1980 on. */
function dosTime(at: Date): number {
  const year = Math.max(1980, Math.min(2107, at.getUTCFullYear()))
  const date = ((year - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)
  return ((date << 16) | time) >>> 0
}
