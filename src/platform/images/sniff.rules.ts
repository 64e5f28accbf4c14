/** Kinds of picture, known by their first bytes: a name or a declared type proves nothing. */
export type PictureKind = 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff' | 'avif' | 'svg' | 'unknown'

/** Bytes needed to tell kinds apart. */
export const SNIFF_BYTES = 1024

export function sniffPicture(head: Uint8Array): PictureKind {
  const ascii = (from: number, to: number) => String.fromCharCode(...head.subarray(from, to))
  const starts = (...bytes: number[]) => bytes.every((byte, i) => head[i] === byte)
  if (starts(0xff, 0xd8, 0xff)) return 'jpeg'
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png'
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return 'webp'
  if (ascii(0, 4) === 'GIF8') return 'gif'
  if (starts(0x49, 0x49, 0x2a, 0x00) || starts(0x4d, 0x4d, 0x00, 0x2a)) return 'tiff'
  if (ascii(4, 8) === 'ftyp' && /avif|avis/.test(ascii(8, 40))) return 'avif'
  return isSvg(head) ? 'svg' : 'unknown'
}

// SVG may begin with a byte order mark, a declaration, comments, a doctype, be in UTF-16, or be compressed (svgz).
function isSvg(head: Uint8Array): boolean {
  if (head[0] === 0x1f && head[1] === 0x8b) return true
  const text = String.fromCharCode(...head.subarray(0, SNIFF_BYTES)).replaceAll('\u0000', '')
  return /<(?:[a-z]+:)?svg[\s>/:]|<!doctype\s+svg|http:\/\/www\.w3\.org\/2000\/svg/i.test(text)
}
