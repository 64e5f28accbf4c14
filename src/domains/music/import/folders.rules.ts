import { folded, tidy } from './names.rules.ts'

export type FolderName = {
  artist?: string
  title: string
  date?: string
  catalogueNumber?: string
  disc?: number
}

const ROMAN: Record<string, number> = { i: 1, ii: 2, iii: 3, iv: 4, v: 5, vi: 6, vii: 7, viii: 8, ix: 9, x: 10 }
const DISC_ALONE =
  /^(?:cd|disc|disk|disque|dis[ck]o|vinyl|lp|volume|vol\.?)[\s_-]*(\d{1,2}|[ivx]+)(?:\s*[-–—_:.]\s*(.+)|\s+\((.+)\))?$/iu
const DISC_AT_END = /[\s,_-]*[([]?(?:cd|disc|disk|disque)[\s_-]*(\d{1,2})[)\]]?$/iu
const ARTWORK = new Set(
  'artwork art arts scan scans cover covers image images picture pictures pic pics photo photos booklet livret pochette pochettes visuel visuels jaquette'.split(
    ' ',
  ),
)
const STEMS = /^(?:stems?|multi ?tracks?|pistes? separees?|sources?|sessions?)$/
const FORMAT_NOTE =
  /\s*[([{][^()[\]{}]*\b(?:flac|mp3|wav|aiff?|alac|aac|m4a|ogg|opus|vbr|cbr|v0|320|256|192|web(?:-?dl)?|cdrip|vinylrip|lossless|hi-?res|\d{2}[-. ]?bits?|(?:16|24|32)[-/. ](?:44|48|88|96|192)[\d.]*)\b[^()[\]{}]*[)\]}]/giu
const YEAR = '(?:19|20)\\d{2}(?:[-.](?:0[1-9]|1[0-2])(?:[-.](?:0[1-9]|[12]\\d|3[01]))?)?'
const YEAR_BRACKETED = new RegExp(`\\s*[(\\[](${YEAR})[)\\]]`, 'u')
const YEAR_FIRST = new RegExp(`^(${YEAR})(?:\\s*[-–—.]\\s+|\\s+[-–—]\\s*|\\s+)(?=\\S)`, 'u')
const YEAR_ALONE = new RegExp(`^${YEAR}$`, 'u')
const CATALOGUE = /\s*\[([\p{Lu}]{2,}[\s-]?\d{2,}[\p{Lu}\d-]*)\]/u
const TOO_GENERAL = new Set(
  'music musique musik my music ma musique audio sons sounds downloads download telechargements desktop bureau documents home tmp temp uploads upload import imports export exports masters master mixes new nouveau album albums releases release discography discographie flac mp3 wav media root mnt share shared data files fichiers unsorted various divers soundtrack bounce bounces'.split(
    ' ',
  ),
)

/** `CD1`, `Disque 2 - Le soir`: a folder that is a disc of the release above it. */
export function discFolder(name: string): { disc: number; title?: string } | null {
  const found = DISC_ALONE.exec(name.trim())
  if (!found?.[1]) return null
  const disc = /^\d+$/.test(found[1]) ? Number(found[1]) : ROMAN[found[1].toLowerCase()]
  if (!disc || disc > 60) return null
  const title = tidy(found[2] ?? found[3])
  return title ? { disc, title } : { disc }
}

export const isArtworkFolder = (name: string): boolean => ARTWORK.has(folded(name))

/** Audio below such a folder is given with the release, it is not part of its order. */
export const isStemsFolder = (name: string): boolean => STEMS.test(folded(name))

/** "Downloads", "Music", "tmp": true of any computer, and of no artist. */
export const isGeneralFolder = (name: string): boolean => {
  const words = folded(name)
  return words === '' || TOO_GENERAL.has(words) || words === 'my music' || words === 'ma musique' || /^\d+$/.test(words)
}

/** Reads `Artist - Album (2024) [FLAC]`, `2024 - Album`, `Artist - 2024 - Album`, `Album [CD2]`. */
export function parseFolderName(name: string): FolderName {
  let rest = (/\s/.test(name) ? name : name.replace(/_+/g, ' ')).normalize('NFC').replace(FORMAT_NOTE, '').trim()
  const found: Omit<FolderName, 'title'> = {}
  const take = (pattern: RegExp): string | undefined => {
    const match = pattern.exec(rest)
    if (!match?.[1] || match[0].length === rest.length) return undefined
    rest = `${rest.slice(0, match.index)} ${rest.slice(match.index + match[0].length)}`.trim()
    return match[1]
  }
  const disc = take(DISC_AT_END)
  if (disc) found.disc = Number(disc)
  const catalogue = take(CATALOGUE)
  if (catalogue) found.catalogueNumber = catalogue
  const year = take(YEAR_BRACKETED) ?? take(YEAR_FIRST)
  const segments = rest.split(/\s+[-–—]\s+/u).filter((segment) => segment !== '')
  const yearSegment = segments.length > 1 ? segments.findIndex((segment) => YEAR_ALONE.test(segment)) : -1
  const date = year ?? (yearSegment >= 0 ? segments.splice(yearSegment, 1)[0] : undefined)
  if (date) found.date = date.replaceAll('.', '-')
  if (segments.length > 1) {
    const artist = tidy(segments.shift())
    if (artist) found.artist = artist
  }
  return { ...found, title: tidy(segments.join(' - ')) ?? tidy(name) ?? name }
}
