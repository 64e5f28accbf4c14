import { dosTime, localHeader, type ZipMember, zipEnd } from '../../platform/zip.ts'

/** A file of an archive: its content lies elsewhere, its size and CRC-32 are known. */
export type ZipEntry<Content> = { name: string; size: number; crc32: number; content: Content }

/**
 * Lays out a zip whose files are stored as they are, since music does not deflate: headers with the contents between. Sizes and checks being known ahead, the whole has
 * a known length and the same bytes each time, so that a broken download goes on where it was.
 */
export function layOutZip<Content>(entries: ZipEntry<Content>[], at: Date): (Buffer | Content)[] {
  const when = dosTime(at)
  const pieces: (Buffer | Content)[] = []
  const members: ZipMember[] = []
  let offset = 0
  for (const { name, size, crc32, content } of entries) {
    const member = { name: Buffer.from(name), size, crc32, offset }
    const header = localHeader(member, when)
    members.push(member)
    pieces.push(header, content)
    offset += header.length + size
  }
  pieces.push(zipEnd(members, offset, when))
  return pieces
}
