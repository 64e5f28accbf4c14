import { crc32 } from 'node:zlib'
import { descriptor, dosTime, localHeader, type ZipMember, zipEnd } from './zip.ts'

/** A file of an archive: its size is known, its check is made while it passes. */
export type Passing = { name: string; size: number; open: () => AsyncIterable<Uint8Array> }

/**
 * A zip of files stored as they are, written while it is read: nothing is whole in memory, and the length is known before the first byte, so that who takes it can
 * tell a whole one from one that broke off. The check of each file follows it.
 * A file that is longer or shorter than it was said to be throws, and no directory is written.
 */
export function streamZip(files: Passing[], at: Date): { size: number; bytes: AsyncGenerator<Uint8Array> } {
  const when = dosTime(at)
  const entries: Entry[] = []
  let offset = 0
  for (const file of files) {
    const entry = {
      ...file,
      member: { name: Buffer.from(file.name), size: file.size, crc32: 0, offset, checkedAfter: true },
    }
    entries.push(entry)
    offset += localHeader(entry.member, when).length + file.size + descriptor(entry.member).length
  }
  const size = offset + endOf(entries, offset, when).length
  return { size, bytes: write(entries, offset, when) }
}

type Entry = Passing & { member: ZipMember }

const endOf = (entries: Entry[], offset: number, when: number): Buffer =>
  zipEnd(
    entries.map(({ member }) => member),
    offset,
    when,
  )

async function* write(entries: Entry[], end: number, when: number): AsyncGenerator<Uint8Array> {
  for (const { name, size, open, member } of entries) {
    yield localHeader(member, when)
    let passed = 0
    for await (const chunk of open()) {
      passed += chunk.length
      member.crc32 = crc32(chunk, member.crc32)
      yield chunk
    }
    if (passed !== size) throw new Error(`${name} has ${passed} bytes instead of ${size}`)
    yield descriptor(member)
  }
  yield endOf(entries, end, when)
}
