import { type FileHandle, open } from 'node:fs/promises'

/** The way from the top of an MP4 to the value of its track number. `meta` has four bytes before its children. */
const WAY = ['moov', 'udta', 'meta', 'ilst', 'trkn', 'data']

/** Writes `of 12` beside the track number that is already there: taglib-wasm cannot. */
export async function writeTrackTotal(path: string, total: number): Promise<void> {
  const file = await open(path, 'r+')
  try {
    let from = 0
    let to = (await file.stat()).size
    for (const name of WAY) {
      const found = await findBox(file, name, from, to)
      if (!found) return
      from = found.body + (name === 'meta' ? 4 : 0)
      to = found.end
    }
    // `data`: type, locale, then reserved, number, total, reserved as 16-bit words.
    if (to - from < 14) return
    const bytes = Buffer.alloc(2)
    bytes.writeUInt16BE(Math.min(total, 0xffff))
    await file.write(bytes, 0, 2, from + 12)
  } finally {
    await file.close()
  }
}

async function findBox(file: FileHandle, name: string, from: number, to: number) {
  const head = Buffer.alloc(16)
  for (let at = from; at + 8 <= to; ) {
    await file.read(head, 0, 16, at)
    const short = head.readUInt32BE(0)
    const size = short === 1 ? Number(head.readBigUInt64BE(8)) : short === 0 ? to - at : short
    if (head.toString('latin1', 4, 8) === name) return { body: at + (short === 1 ? 16 : 8), end: at + size }
    if (size < 8) return null
    at += size
  }
  return null
}
