/**
 * The records of a zip whose files are stored as they are: APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.9, 4.3.12, 4.3.14 to 4.3.16, 4.5.3. Zip64 where a size, a place or
 * a count asks for it.
 */
export type ZipMember = {
  /** In UTF-8. */
  name: Buffer
  size: number
  crc32: number
  /** Where its local header lies. */
  offset: number
  /** Its check follows it, instead of standing in the local header. */
  checkedAfter?: boolean
}

const MAX32 = 0xffff_ffff
const VERSION_64 = 45
const UTF8_NAMES = 0x0800
const DESCRIPTOR = 0x0008

const isLarge = ({ size }: ZipMember) => size >= MAX32

export function localHeader(member: ZipMember, when: number): Buffer {
  const extra = isLarge(member) ? zip64([member.size, member.size]) : Buffer.alloc(0)
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  writeCommon(header, 4, member.checkedAfter ? { ...member, crc32: 0 } : member, when)
  header.writeUInt16LE(member.name.length, 26)
  header.writeUInt16LE(extra.length, 28)
  return Buffer.concat([header, member.name, extra])
}

/** What follows a file that is `checkedAfter`. */
export function descriptor(member: ZipMember): Buffer {
  const large = isLarge(member)
  const bytes = Buffer.alloc(large ? 24 : 16)
  bytes.writeUInt32LE(0x08074b50, 0)
  bytes.writeUInt32LE(member.crc32, 4)
  if (large) {
    bytes.writeBigUInt64LE(BigInt(member.size), 8)
    bytes.writeBigUInt64LE(BigInt(member.size), 16)
  } else {
    bytes.writeUInt32LE(member.size, 8)
    bytes.writeUInt32LE(member.size, 12)
  }
  return bytes
}

/** The directory and the end of an archive: as long whatever the checks are. `offset`: where it begins. */
export function zipEnd(members: ZipMember[], offset: number, when: number): Buffer {
  const central = Buffer.concat(members.map((member) => centralHeader(member, when)))
  return Buffer.concat([central, endOf(members.length, central.length, offset)])
}

function centralHeader(member: ZipMember, when: number): Buffer {
  const far = member.offset >= MAX32
  const values = [...(isLarge(member) ? [member.size, member.size] : []), ...(far ? [member.offset] : [])]
  const extra = values.length ? zip64(values) : Buffer.alloc(0)
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE((3 << 8) | VERSION_64, 4) // made by: Unix
  writeCommon(header, 6, member, when)
  header.writeUInt16LE(member.name.length, 28)
  header.writeUInt16LE(extra.length, 30)
  header.writeUInt32LE((0o100644 << 16) >>> 0, 38)
  header.writeUInt32LE(far ? MAX32 : member.offset, 42)
  return Buffer.concat([header, member.name, extra])
}

/** The fields that both headers share, from "version needed" to the sizes. */
function writeCommon(header: Buffer, at: number, member: ZipMember, when: number): void {
  const large = isLarge(member)
  header.writeUInt16LE(large ? VERSION_64 : 20, at)
  header.writeUInt16LE(UTF8_NAMES | (member.checkedAfter ? DESCRIPTOR : 0), at + 2)
  header.writeUInt32LE(when, at + 6)
  header.writeUInt32LE(member.crc32, at + 10)
  header.writeUInt32LE(large ? MAX32 : member.size, at + 14)
  header.writeUInt32LE(large ? MAX32 : member.size, at + 18)
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
export function dosTime(at: Date): number {
  const year = Math.max(1980, Math.min(2107, at.getUTCFullYear()))
  const date = ((year - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)
  return ((date << 16) | time) >>> 0
}
