export type Entry = { name: string; bytes: Buffer }

/**
 * Reads a zip by its central directory, as programs do, without the code that wrote it. Stored entries only: audio does not get
 * smaller.
 * @throws Error when it was cut short, holds something deflated, or disagrees with itself
 */
export function unzip(zip: Buffer): Entry[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  if (end < 0) throw new Error('No end of central directory: this zip was cut short, or is none.')
  const count = zip.readUInt16LE(end + 10)
  const entries: Entry[] = []
  for (let i = 0, at = zip.readUInt32LE(end + 16); i < count; i++) {
    if (zip.readUInt32LE(at) !== 0x02014b50) throw new Error(`Entry ${i} is not where the directory says.`)
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset))
    const name = zip.toString('utf8', at + 46, at + 46 + (nameLength ?? 0))
    if (zip.readUInt16LE(at + 10) !== 0) throw new Error(`${name} is not stored.`)
    entries.push({ name, bytes: contentOf(zip, zip.readUInt32LE(at + 42), zip.readUInt32LE(at + 24)) })
    at += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0)
  }
  return entries
}

function contentOf(zip: Buffer, header: number, size: number): Buffer {
  if (zip.readUInt32LE(header) !== 0x04034b50) throw new Error(`No local header at ${header}.`)
  const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28)
  return zip.subarray(start, start + size)
}
