import { crc32, deflateSync } from 'node:zlib'

/** Pictures made to hurt or to mislead, for tests. Each is a few kilobytes that announce or hide something else. */

function chunk(type: string, body: Uint8Array): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(body.length)
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(typed))
  return Buffer.concat([head, typed, sum])
}

/** A valid one-bit PNG of any announced size. Its body is complete only when `whole`. */
export function pngOf(width: number, height: number, whole: boolean, extra: Buffer[] = []): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([1, 0, 0, 0, 0], 8)
  const rows = whole ? Buffer.alloc((Math.ceil(width / 8) + 1) * height) : Buffer.alloc(64)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    ...extra,
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** A text chunk that swells a thousand times when it is read. */
export const swellingText = (megabytes: number): Buffer =>
  chunk(
    'zTXt',
    Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), deflateSync(Buffer.alloc(megabytes * 1_000_000, 97))]),
  )

/** A GIF header that announces any size, with one frame of that size and hardly any data. */
export function gifOf(width: number, height: number): Buffer {
  const gif = Buffer.from('GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;', 'latin1')
  gif.writeUInt16LE(width, 6)
  gif.writeUInt16LE(height, 8)
  gif.writeUInt16LE(width, 24)
  gif.writeUInt16LE(height, 26)
  return gif
}

export const SCRIPTED_SVG = `<?xml version="1.0"?>
<!-- ${'x'.repeat(300)} -->
<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><script>alert(document.cookie)</script></svg>`
