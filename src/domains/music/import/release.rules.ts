import { folded } from './names.rules.ts'
import type { ReleaseKind } from './plan.ts'

const VARIOUS = new Set(
  [
    'various artists',
    'various',
    'va',
    'v a',
    'artistes divers',
    'artistes varies',
    'varies',
    'divers',
    'divers artistes',
    'multi interpretes',
    'compilation',
    'varios artistas',
    'varios',
    'verschiedene interpreten',
    'verschiedene',
    'artisti vari',
    'vvaa',
  ].map(folded),
)

/** "Various Artists", "VA", "Artistes divers": not somebody's name. */
export const isVarious = (name: string): boolean => VARIOUS.has(folded(name))

const MINUTE = 60_000

/**
 * What kind of release this is. What the tags declare first (MusicBrainz release types), then the title's own words,
 * then the lengths, by the rule that shops follow: a single has up to three tracks, all under ten minutes; an EP up to
 * six, or up to three of which one is longer; both under thirty minutes.
 */
export function guessKind(input: {
  declared: string[]
  compilation: boolean
  various: boolean
  title: string
  versions: (string | undefined)[]
  durationsMs: number[]
}): { value: ReleaseKind; from: 'tag' | 'guess' } {
  const declared = new Set(input.declared.map((type) => type.toLowerCase().trim()))
  if (declared.has('live')) return { value: 'live', from: 'tag' }
  if (declared.has('compilation')) return { value: 'compilation', from: 'tag' }
  for (const kind of ['ep', 'single', 'album'] as const) if (declared.has(kind)) return { value: kind, from: 'tag' }
  if (input.compilation) return { value: 'compilation', from: 'tag' }
  if (input.various) return { value: 'compilation', from: 'guess' }
  return { value: kindFromTitleAndLengths(input), from: 'guess' }
}

function kindFromTitleAndLengths(input: {
  title: string
  versions: (string | undefined)[]
  durationsMs: number[]
}): ReleaseKind {
  const live = /(?:^|[\s([])(?:live (?:at|in|from|on|à|au|aux|chez)|en (?:concert|public)|\(live\)|\[live\])/iu
  if (
    live.test(input.title) ||
    input.versions.every((version) => /^(?:live|en public|en concert)\b/iu.test(version ?? ''))
  ) {
    return 'live'
  }
  if (/(?:^|\s)(?:e\.?p\.?|maxi)$/iu.test(input.title)) return 'ep'
  const count = input.durationsMs.length
  const total = input.durationsMs.reduce((sum, ms) => sum + ms, 0)
  const longest = Math.max(0, ...input.durationsMs)
  if (total > 30 * MINUTE || count > 6) return 'album'
  return count <= 3 && longest <= 10 * MINUTE ? 'single' : 'ep'
}

/** `2024`, `2024-05`, `2024-05-17` out of whatever a tag holds; null when it is no date that exists. */
export function parseDate(text: string | undefined): string | null {
  const found = /^\s*(\d{4})(?:[-./](\d{1,2})(?:[-./](\d{1,2}))?)?/.exec(text ?? '')
  if (!found?.[1]) return null
  const year = Number(found[1])
  if (year < 1860 || year > 2100) return null
  const month = Number(found[2] ?? 0)
  if (month < 1 || month > 12) return found[1]
  const shownMonth = `${found[1]}-${String(month).padStart(2, '0')}`
  const day = Number(found[3] ?? 0)
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return day >= 1 && day <= lastDay ? `${shownMonth}-${String(day).padStart(2, '0')}` : shownMonth
}

const CC_URL = /creativecommons\.org\/(licenses\/(by(?:-nc)?(?:-sa|-nd)?)\/(\d\.\d)|publicdomain\/zero\/1\.0)/i
const CC_NAME =
  /^(?:licen[cs]e\s*:?\s*)?(?:CC|Creative Commons)[\s-]*(BY(?:-NC)?(?:-SA|-ND)?)[\s-]*(\d\.\d)?(?:\s+(?:international|unported))?\.?$/i

/** The identifier (SPDX, in lower case) of the Creative Commons licence that a tag names or links to, if it does so plainly. */
export function parseLicence(...texts: (string | undefined)[]): string | null {
  for (const text of texts) {
    if (!text) continue
    const url = CC_URL.exec(text)
    if (url?.[2] && url[3]) return `cc-${url[2].toLowerCase()}-${url[3]}`
    if (url) return 'cc0-1.0'
    if (/^(?:licen[cs]e\s*:?\s*)?CC[\s-]*(?:0|zero)(?:[\s-]*1\.0)?\.?$/i.test(text.trim())) return 'cc0-1.0'
    const name = CC_NAME.exec(text.trim())
    if (name?.[1]) return `cc-${name[1].toLowerCase()}-${name[2] ?? '4.0'}`
  }
  return null
}
