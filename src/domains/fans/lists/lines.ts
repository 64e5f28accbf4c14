import type { Readable } from 'node:stream'
import type { ListColumns, ListEncoding } from '../tables.ts'

const DELIMITERS = [',', ';', '\t', '|']
/** What no line of people is as long as: a file that is no list. */
const LONGEST = 20_000

/** The encoding of a file: by its mark, else UTF-8 when all of it is, else what Windows wrote (which holds Latin-1). */
export async function encodingOf(file: AsyncIterable<Buffer>): Promise<ListEncoding> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let first = true
  try {
    for await (const chunk of file) {
      if (first) {
        if (chunk[0] === 0xff && chunk[1] === 0xfe) return 'utf-16le'
        if (chunk[0] === 0xfe && chunk[1] === 0xff) return 'utf-16be'
        first = false
      }
      decoder.decode(chunk, { stream: true })
    }
    decoder.decode()
    return 'utf-8'
  } catch {
    return 'windows-1252'
  }
}

/** What parts the columns: the sign that the first lines hold most evenly. */
export function delimiterOf(lines: string[]): string {
  const scores = DELIMITERS.map((sign) => {
    const counts = lines.map((line) => cellsOf(line, sign).length)
    const [most = 1] = [...counts].sort((a, b) => b - a)
    return most < 2 ? 0 : counts.filter((count) => count === most).length
  })
  const best = Math.max(...scores)
  return best ? (DELIMITERS[scores.indexOf(best)] ?? ',') : ','
}

/**
 * The lines of a file, one after the other. Each is read by itself: a quotation mark in the wrong place spoils its own line, and never swallows
 * those that follow. A field of several lines becomes several lines, each of which is told.
 */
export async function* linesOf(file: Readable, encoding: ListEncoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  let rest = ''
  for await (const chunk of file) {
    rest += decoder.decode(chunk as Buffer, { stream: true })
    const parts = rest.split(/\r\n|\n|\r(?!$)/)
    rest = (parts.pop() ?? '').slice(0, LONGEST)
    yield* parts
  }
  rest += decoder.decode()
  if (rest) yield rest
}

/**
 * The cells of one line (RFC 4180). Where its quotation marks make no sense, they are only signs. A line has no context, so this is all there is to read:
 * a reader of whole files costs a hundred times as much a line.
 */
export function cellsOf(line: string, delimiter: string): string[] {
  if (!line.includes('"')) return line.split(delimiter).map((cell) => cell.trim())
  return (
    quotedCells(line, delimiter) ??
    line.split(delimiter).map((cell) =>
      cell
        .trim()
        .replace(/^"+|"+$/g, '')
        .trim(),
    )
  )
}

/** Null when a cell that begins with a quotation mark does not end with one. */
function quotedCells(line: string, delimiter: string): string[] | null {
  const cells: string[] = []
  for (let from = 0; ; ) {
    const start = skipSpaces(line, from, delimiter)
    let end: number
    if (line[start] === '"') {
      const close = closingQuote(line, start + 1)
      if (close < 0) return null
      end = skipSpaces(line, close + 1, delimiter)
      if (end < line.length && line[end] !== delimiter) return null
      cells.push(
        line
          .slice(start + 1, close)
          .replaceAll('""', '"')
          .trim(),
      )
    } else {
      const next = line.indexOf(delimiter, from)
      end = next < 0 ? line.length : next
      cells.push(line.slice(from, end).trim())
    }
    if (end >= line.length) return cells
    from = end + 1
  }
}

function closingQuote(line: string, from: number): number {
  for (let at = from; ; at += 2) {
    at = line.indexOf('"', at)
    if (at < 0 || line[at + 1] !== '"') return at
  }
}

function skipSpaces(line: string, from: number, delimiter: string): number {
  let at = from
  while (at < line.length && line[at] !== delimiter && /\s/.test(line[at] as string)) at++
  return at
}

const NAMES: Record<keyof ListColumns, RegExp> = {
  mail: /mail|courriel|adresse.?(?:électronique|electronique)/i,
  phone: /phone|t[ée]l|mobile|portable|sms/i,
  name: /name|nom/i,
  language: /lang/i,
  country: /country|pays/i,
  place: /city|town|place|ville|lieu/i,
}

/** Which column is what, by the words of the first line, else by what is in it. */
export function guessColumns(rows: string[][]): { columns: ListColumns; hasHeading: boolean } {
  const [heading = [], ...others] = rows
  const hasHeading = !heading.some((cell) => cell.includes('@') || /^\+?[\d\s().-]{8,}$/.test(cell))
  const columns: ListColumns = {}
  if (hasHeading)
    for (const [key, name] of Object.entries(NAMES) as [keyof ListColumns, RegExp][]) {
      const at = heading.findIndex((cell, index) => name.test(cell) && !Object.values(columns).includes(index))
      if (at >= 0) columns[key] = at
    }
  const sample = hasHeading ? others : rows
  const holding = (test: RegExp) =>
    heading.findIndex(
      (_, index) => sample.some((row) => test.test(row[index] ?? '')) && !Object.values(columns).includes(index),
    )
  if (columns.mail === undefined && holding(/@/) >= 0) columns.mail = holding(/@/)
  if (columns.phone === undefined && holding(/^\+?[\d\s().-]{8,}$/) >= 0) columns.phone = holding(/^\+?[\d\s().-]{8,}$/)
  return { columns, hasHeading }
}
