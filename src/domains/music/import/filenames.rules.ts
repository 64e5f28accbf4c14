import { folded, tidy, unslugged } from './names.rules.ts'
import { looksLikeVersion } from './titles.rules.ts'

/** What the name of one file says, read beside its neighbours' names. `title: null`: the name holds none. */
export type FileName = { title: string | null; number?: number; disc?: number; artist?: string; album?: string }

type Reading = FileName & { sure: boolean; text: string }

const SEPARATOR = String.raw`(?:\s*[-–—.)_:\]]+\s*|\s+)`
const DISC_AND_NUMBER = new RegExp(
  String.raw`^(?:cd|disc|d)?\s*(\d{1,2})\s?[-.]\s?(?:track|t)?(\d{2})${SEPARATOR}(?!\d{4}\b)(\S.*)$`,
  'iu',
)
const NAMED_NUMBER = /^(?:track|piste|titre|tr|n[o°º]|#)\s*[.\-_]?\s*(\d{1,3})(?:(?:\s*[-–—._:)]+\s*|\s+)(\S.*))?$/iu
const NUMBER_MARKED =
  /^[([]?(\d{1,3})(?:[)\]]\s*|\s*[-–—:]+\s+|\s+[-–—]+\s*|\.\s+|_+|\.(?=\p{L})|[-–—](?=\p{L}))(\S.*)$/u
const NUMBER_AND_SPACE = /^(\d{1,3})\s+(\S.*)$/u
const NUMBER_ALONE = /^(\d{1,3})$/
const NUMBER_INSIDE = /^(.+?)\s[-–—]\s(?:(.+?)\s[-–—]\s)?(\d{2,3})(?:\s[-–—]\s|\.?\s)(\S.*)$/u
const SIDE = new RegExp(String.raw`^([A-Z])(\d{1,2})${SEPARATOR}(\S.*)$`, 'u')

/** The name without folders and without the extension that says what kind of file it is. */
export const stemOf = (fileName: string): string => fileName.replace(/\.[\p{L}\d]{1,5}$/u, '')

/**
 * Reads the names of the tracks of one folder together: alone, "99 Luftballons" and "7 Seconds" cannot be told from
 * numbers. With a known artist, "Sonata - Allegro" is a title, and only "Known Artist - Title" is split.
 */
export function readFileNames(fileNames: string[], knownArtist?: string): FileName[] {
  const texts = fileNames.map((name) => stemOf(name).normalize('NFC').trim())
  const readings = bySides(texts) ?? texts.map(readOne)
  if (!plausible(readings)) for (const reading of readings) withdrawNumber(reading)
  splitHundreds(readings)
  splitArtists(readings, knownArtist)
  return readings.map(({ sure: _sure, text, title, ...rest }) => ({
    ...rest,
    title: title === null ? null : tidy(unslugged(title, text)),
  }))
}

function readOne(text: string): Reading {
  const discs = DISC_AND_NUMBER.exec(text)
  if (discs?.[1] && discs[2] && discs[3] && Number(discs[1]) > 0) {
    return { text, sure: true, disc: Number(discs[1]), number: Number(discs[2]), title: discs[3] }
  }
  const named = NAMED_NUMBER.exec(text)
  if (named?.[1]) return { text, sure: true, number: Number(named[1]), title: named[2] ?? null }
  const alone = NUMBER_ALONE.exec(text)
  if (alone?.[1]) return { text, sure: false, number: Number(alone[1]), title: null }
  const marked = NUMBER_MARKED.exec(text)
  if (marked?.[1] && marked[2]) {
    const sure = marked[1].startsWith('0') || !/^\d+[-–—.]\p{L}/u.test(text)
    return { text, sure, number: Number(marked[1]), title: marked[2] }
  }
  const spaced = NUMBER_AND_SPACE.exec(text)
  if (spaced?.[1] && spaced[2]) {
    return { text, sure: spaced[1].startsWith('0'), number: Number(spaced[1]), title: spaced[2] }
  }
  const inside = NUMBER_INSIDE.exec(text)
  if (inside?.[1] && inside[3] && inside[4]) {
    const album = inside[2] ? { album: inside[2] } : {}
    return { text, sure: true, artist: inside[1], ...album, number: Number(inside[3]), title: inside[4] }
  }
  return { text, sure: false, title: text }
}

/** Sides of records: A1, A2, B1… Two sides make a disc, and numbers go on from one side to the other. */
function bySides(texts: string[]): Reading[] | null {
  const found = texts.map((text) => ({ text, match: SIDE.exec(text) }))
  const sided = found.filter(({ match }) => match)
  if (sided.length < 2 || sided.length < texts.length * 0.8 || !sided.some(({ match }) => match?.[1] === 'A'))
    return null
  const order = sided
    .map(({ text, match }) => ({ text, side: (match?.[1] ?? 'A').charCodeAt(0) - 65, at: Number(match?.[2]) }))
    .sort((a, b) => a.side - b.side || a.at - b.at)
  const counted = new Map<number, number>()
  const places = new Map<string, { disc: number; number: number }>()
  for (const { text, side } of order) {
    const disc = Math.floor(side / 2) + 1
    const number = (counted.get(disc) ?? 0) + 1
    counted.set(disc, number)
    places.set(text, { disc, number })
  }
  return found.map(({ text, match }) =>
    match?.[3] ? { text, sure: true, title: match[3], ...places.get(text) } : { text, sure: false, title: text },
  )
}

/** Doubtful numbers are believed when most of the folder has one, they differ, and they look like places in a list. */
function plausible(readings: Reading[]): boolean {
  const numbered = readings.filter((reading) => reading.number !== undefined)
  if (numbered.every((reading) => reading.sure)) return true
  if (readings.length < 2 || numbered.length < readings.length * 0.6) return false
  const places = new Set(numbered.map((reading) => `${reading.disc ?? 1}/${reading.number}`))
  const highest = Math.max(...numbered.map((reading) => reading.number ?? 0))
  return places.size === numbered.length && (highest <= readings.length * 2 + 10 || looksLikeHundreds(numbered))
}

function withdrawNumber(reading: Reading): void {
  if (reading.sure) return
  delete reading.number
  reading.title = reading.text
}

/** 101, 102, 201, 202: the hundreds are discs. */
function splitHundreds(readings: Reading[]): void {
  const numbered = readings.filter((reading) => reading.number !== undefined && reading.disc === undefined)
  if (numbered.length < 2 || !looksLikeHundreds(numbered)) return
  for (const reading of numbered) {
    reading.disc = Math.floor((reading.number ?? 0) / 100)
    reading.number = (reading.number ?? 0) % 100
  }
}

function looksLikeHundreds(numbered: Reading[]): boolean {
  const numbers = numbered.map((reading) => reading.number ?? 0)
  const discs = new Set(numbers.map((number) => Math.floor(number / 100)))
  return (
    numbers.every((number) => number > 100 && number % 100 > 0) &&
    [...discs].every((disc) => numbers.includes(disc * 100 + 1))
  )
}

/** "Artist - Title", believed only when the whole folder is written so. */
function splitArtists(readings: Reading[], knownArtist?: string): void {
  const halves = readings.map((reading) =>
    reading.artist ? null : /^(.+?)\s+[-–—]\s+(\S.*)$/u.exec(reading.title ?? ''),
  )
  if (readings.length === 0 || halves.some((half) => !half?.[1] || !half[2])) return
  const left = halves.map((half) => half?.[1] ?? '')
  const right = halves.map((half) => half?.[2] ?? '')
  if (right.every(looksLikeVersion)) return
  if (knownArtist && left.some((name) => folded(name) !== folded(knownArtist))) return
  const titleFirst = readings.length > 1 && new Set(right.map(folded)).size === 1 && new Set(left.map(folded)).size > 1
  readings.forEach((reading, i) => {
    const artist = tidy(titleFirst ? right[i] : left[i])
    if (artist) reading.artist = artist
    reading.title = (titleFirst ? left[i] : right[i]) ?? null
  })
}
