/** A file of an archive: its content lies elsewhere, its size and CRC-32 are known. */
export type ZipEntry<Content> = { name: string; size: number; crc32: number; content: Content }

const UTF8_NAMES = 0x0800
const MAX32 = 0xffff_ffff
const VERSION_64 = 45

/**
 * Lays out a zip whose files are stored as they are, since music does not deflate: headers with the contents between. Sizes and checks being known ahead, the whole has
 * a known length and the same bytes each time, so that a broken download goes on where it was. Zip64 where a size or a place asks for it.
 * APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16, 4.5.3.
 */
export function layOutZip<Content>(entries: ZipEntry<Content>[], at: Date): (Buffer | Content)[] {
  const when = dosTime(at)
  const pieces: (Buffer | Content)[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const name = Buffer.from(entry.name)
    const header = localHeader(entry, name, when)
    directory.push(centralHeader(entry, name, when, offset))
    pieces.push(header, entry.content)
    offset += header.length + entry.size
  }
  const central = Buffer.concat(directory)
  pieces.push(Buffer.concat([central, endOf(entries.length, central.length, offset)]))
  return pieces
}

function localHeader(entry: ZipEntry<unknown>, name: Buffer, when: number): Buffer {
  const large = entry.size >= MAX32
  const extra = large ? zip64([entry.size, entry.size]) : Buffer.alloc(0)
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  writeCommon(header, 4, entry, when, large)
  header.writeUInt16LE(name.length, 26)
  header.writeUInt16LE(extra.length, 28)
  return Buffer.concat([header, name, extra])
}

function centralHeader(entry: ZipEntry<unknown>, name: Buffer, when: number, offset: number): Buffer {
  const large = entry.size >= MAX32
  const far = offset >= MAX32
  const extra =
    large || far ? zip64([...(large ? [entry.size, entry.size] : []), ...(far ? [offset] : [])]) : Buffer.alloc(0)
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE((3 << 8) | VERSION_64, 4) // made by: Unix
  writeCommon(header, 6, entry, when, large)
  header.writeUInt16LE(name.length, 28)
  header.writeUInt16LE(extra.length, 30)
  header.writeUInt32LE((0o100644 << 16) >>> 0, 38)
  header.writeUInt32LE(far ? MAX32 : offset, 42)
  return Buffer.concat([header, name, extra])
}

/** The fields that both headers share, from "version needed" to the sizes. */
function writeCommon(header: Buffer, at: number, entry: ZipEntry<unknown>, when: number, large: boolean): void {
  header.writeUInt16LE(large ? VERSION_64 : 20, at)
  header.writeUInt16LE(UTF8_NAMES, at + 2)
  header.writeUInt16LE(0, at + 4)
  header.writeUInt32LE(when, at + 6)
  header.writeUInt32LE(entry.crc32, at + 10)
  header.writeUInt32LE(large ? MAX32 : entry.size, at + 14)
  header.writeUInt32LE(large ? MAX32 : entry.size, at + 18)
}

function zip64(values: number[]): Buffer {
  const extra = Buffer.alloc(4 + values.length * 8)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(values.length * 8, 2)
  values.forEach((value, index) => void extra.writeBigUInt64LE(BigInt(value), 4 + index * 8))
  return extra
}

function endOf(count: number, size: number, offset: number): Buffer {
  const large = count >= 0xffff || size >= MAX32 || offset >= MAX32
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(large ? 0xffff : count, 8)
  end.writeUInt16LE(large ? 0xffff : count, 10)
  end.writeUInt32LE(large ? MAX32 : size, 12)
  end.writeUInt32LE(large ? MAX32 : offset, 16)
  if (!large) return end
  const record = Buffer.alloc(56)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeBigUInt64LE(44n, 4)
  record.writeUInt16LE((3 << 8) | VERSION_64, 12)
  record.writeUInt16LE(VERSION_64, 14)
  record.writeBigUInt64LE(BigInt(count), 24)
  record.writeBigUInt64LE(BigInt(count), 32)
  record.writeBigUInt64LE(BigInt(size), 40)
  record.writeBigUInt64LE(BigInt(offset), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(offset + size), 8)
  locator.writeUInt32LE(1, 16)
  return Buffer.concat([record, locator, end])
}

/** Date and time as MS-DOS had them, in UTC, from 1980 on. */
function dosTime(at: Date): number {
  const year = Math.max(1980, Math.min(2107, at.getUTCFullYear()))
  const date = ((year - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)
  return ((date << 16) | time) >>> 0
}
