import { lastSegment } from './paths.rules.ts'

/** What browsers may be told of a file that stands beside the music. Anything else is bytes to save. */
const TYPES: Record<string, string> = {
  pdf: 'application/pdf',
  zip: 'application/zip',
  epub: 'application/epub+zip',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  mid: 'audio/midi',
  midi: 'audio/midi',
  txt: 'text/plain; charset=utf-8',
  md: 'text/plain; charset=utf-8',
  wav: 'audio/wav',
  flac: 'audio/flac',
  mp3: 'audio/mpeg',
}

export const bonusType = (name: string): string => {
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  return Object.hasOwn(TYPES, extension) ? (TYPES[extension] as string) : 'application/octet-stream'
}

/** The names that bonus files get, all different: that of the file, with its folders when another has the same. */
export function bonusNames(files: readonly string[]): string[] {
  const names: string[] = []
  for (const file of files) {
    const candidates = [lastSegment(file), file.replaceAll('/', ' - ')]
    const free = (name: string) => !names.some((taken) => taken.toLowerCase() === name.toLowerCase())
    names.push(candidates.find(free) ?? `${names.length + 1} - ${lastSegment(file)}`)
  }
  return names
}
