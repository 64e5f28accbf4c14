const CONTROL = /[\p{Cc}\p{Cf}\p{Cs}]/gu
const JUNK = /^(?:\..*|thumbs\.db|ehthumbs\.db|desktop\.ini|icon\r?)$/i
const JUNK_FOLDER = /^(?:\..*|__macosx|@eadir|\$recycle\.bin|system volume information)$/i

/**
 * The path that a browser told, as a text to show and to understand from: `Album/01 Song.flac`. No empty, `.` or `..` segment, no control
 * character, NFC. It never names a place on our disk. Empty when nothing is left.
 */
export function cleanPath(told: string): string {
  return told
    .normalize('NFC')
    .replace(CONTROL, '')
    .split(/[/\\]/)
    .map((segment) => segment.trim())
    .filter((segment) => segment !== '' && segment !== '.' && segment !== '..')
    .join('/')
}

/** Files that systems leave in every folder: not worth sending. */
export function isJunk(path: string): boolean {
  const segments = path.split('/')
  return JUNK.test(segments.at(-1) ?? '') || segments.slice(0, -1).some((folder) => JUNK_FOLDER.test(folder))
}

export const lastSegment = (path: string): string => path.split('/').at(-1) ?? path

/** Names to show: without the folder that they all lie in, when there is one. */
export function shownPaths(paths: readonly string[]): string[] {
  const folder = `${paths[0]?.split('/')[0] ?? ''}/`
  const all = paths.length > 0 && paths.every((path) => path.startsWith(folder))
  return all ? paths.map((path) => path.slice(folder.length)) : [...paths]
}
