const MAX_PIECES = 5000
const MAX_PADDING = 1_000_000

/**
 * Whether a large block of tags is honest in its number of pieces. The tag reader makes an object of each, padding
 * included, so that ten megabytes of nothing would cost hundreds. `before` is the ten bytes that stand before the block.
 */
export function tooManyPieces(block: Uint8Array, before: Uint8Array): boolean {
  if (isId3(before)) return id3Pieces(block, 0, before[3] ?? 3)
  if (isId3(block)) return id3Pieces(block, 10, block[3] ?? 3)
  return commentCount(block) > MAX_PIECES
}

const isId3 = (bytes: Uint8Array): boolean => bytes[0] === 0x49 && bytes[1] === 0x44 && bytes[2] === 0x33

// ID3v2.2 has frame headers of 6 bytes, later ones of 10; version 2.4 writes lengths in seven bits a byte.
function id3Pieces(bytes: Uint8Array, start: number, version: number): boolean {
  const header = version <= 2 ? 6 : 10
  let at = start
  for (let pieces = 0; at + header <= bytes.length; pieces++) {
    if (pieces > MAX_PIECES) return true
    if (bytes[at] === 0) return bytes.length - at > MAX_PADDING
    at += header + frameLength(bytes, at, version)
  }
  return false
}

function frameLength(bytes: Uint8Array, at: number, version: number): number {
  const byte = (i: number) => bytes[at + i] ?? 0
  if (version <= 2) return byte(3) * 65_536 + byte(4) * 256 + byte(5)
  const base = version >= 4 ? 128 : 256
  return ((byte(4) * base + byte(5)) * base + byte(6)) * base + byte(7)
}

/** Vorbis comments: a text with its length, then how many comments follow, all in little endian. */
function commentCount(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const vendor = bytes.length >= 8 ? view.getUint32(0, true) : 0
  if (vendor + 8 > bytes.length || vendor > 1000) return 0
  const count = view.getUint32(4 + vendor, true)
  return count * 4 <= bytes.length ? count : 0
}
