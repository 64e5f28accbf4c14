/** Files that may stand beside the music, by the end of their name: documents, pictures, archives, scores. Nothing that runs. */
const TYPES: Record<string, { type: string; starts?: readonly number[][] }> = {
  pdf: { type: 'application/pdf', starts: [[0x25, 0x50, 0x44, 0x46]] },
  zip: {
    type: 'application/zip',
    starts: [
      [0x50, 0x4b, 3, 4],
      [0x50, 0x4b, 5, 6],
    ],
  },
  '7z': { type: 'application/x-7z-compressed', starts: [[0x37, 0x7a, 0xbc, 0xaf]] },
  epub: { type: 'application/epub+zip', starts: [[0x50, 0x4b, 3, 4]] },
  jpg: { type: 'image/jpeg', starts: [[0xff, 0xd8, 0xff]] },
  jpeg: { type: 'image/jpeg', starts: [[0xff, 0xd8, 0xff]] },
  png: { type: 'image/png', starts: [[0x89, 0x50, 0x4e, 0x47]] },
  mid: { type: 'audio/midi', starts: [[0x4d, 0x54, 0x68, 0x64]] },
  midi: { type: 'audio/midi', starts: [[0x4d, 0x54, 0x68, 0x64]] },
  txt: { type: 'text/plain; charset=utf-8' },
  md: { type: 'text/plain; charset=utf-8' },
}

export const BONUS_EXTENSIONS: readonly string[] = Object.keys(TYPES)
/** 4 GB, in decimal units as people are told. */
export const MAX_BONUS_BYTES = 4_000_000_000
/** As many as a release carries. */
export const MAX_BONUS_FILES = 50
export type BonusRefusal = 'type' | 'empty' | 'too-large' | 'too-many'

/** The media type that a file is kept under, or null when it is none of those that we pass on, whatever its name says. */
export function bonusType(name: string, head: Uint8Array): string | null {
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  const known = Object.hasOwn(TYPES, extension) ? TYPES[extension] : undefined
  if (!known) return null
  const fits = known.starts?.some((start) => start.every((byte, i) => head[i] === byte)) ?? !head.includes(0)
  return fits ? known.type : null
}

const BAD = /[\p{Cc}\p{Cf}<>:"/\\|?*]+/gu

/** A name that every system can store, as near to the sender's own as can be. */
export function safeFileName(name: string): string {
  const last = name.normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  const clean = last
    .replace(BAD, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '')
  const extension = /\.[a-z0-9]{1,5}$/i.exec(clean)?.[0] ?? ''
  const stem = clean.slice(0, clean.length - extension.length)
  return `${[...stem].slice(0, 120).join('') || 'file'}${extension}`
}
