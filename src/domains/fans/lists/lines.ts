import type { Readable } from 'node:stream'
import { parse } from 'csv-parse/sync'
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

/** The cells of one line. Where its quotation marks make no sense, they are only signs. */
export function cellsOf(line: string, delimiter: string): string[] {
  if (!line.includes('"')) return line.split(delimiter).map((cell) => cell.trim())
  const options = { delimiter, relax_column_count: true, trim: true }
  const read = (more: object): string[] | null => {
    try {
      return (parse(line, { ...options, ...more }) as string[][])[0] ?? []
    } catch {
      return null
    }
  }
  return (
    read({ relax_quotes: true }) ?? (read({ quote: false }) ?? []).map((cell) => cell.replace(/^"+|"+$/g, '').trim())
  )
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
