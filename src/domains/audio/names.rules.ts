/** Names that Windows keeps for its devices. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i
/** Bytes, so that the whole path stays below what any file system and unzip program take. */
const LONGEST = 120

/**
 * A name that every file system takes: no separators, no control characters, no dot or space at the end (which Windows drops, and archives then
 * cannot be opened), not too long. Dots inside stay: "Vol. 2" is a good name.
 */
export function safeName(text: string): string {
  let name = text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, '')
    .replace(/[/\\|]/g, '-')
    .replace(/:/g, ' -')
    .replace(/"/g, '’')
    .replace(/[*?<>]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  while (Buffer.byteLength(name) > LONGEST) name = [...name].slice(0, -1).join('')
  name = name.replace(/[. ]+$/, '').replace(/^[. ]+/, '')
  if (!name) return '_'
  return RESERVED.test(name) ? `_${name}` : name
}

/** `03 - Title.flac`, with the disc before where there are several: the files of a release sort in its order. */
export function trackFileName(
  track: { disc: number; number: number; title: string },
  discs: number,
  extension: string,
): string {
  const number = String(track.number).padStart(2, '0')
  return `${discs > 1 ? `${track.disc}-${number}` : number} - ${safeName(track.title)}.${extension}`
}
