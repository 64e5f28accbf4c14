/**
 * One line of CSV (RFC 4180). What a spreadsheet would run as a formula is kept as words by an apostrophe in front; a number (also one in
 * E.164, which begins with a plus) is none.
 */
export const csvLine = (cells: string[]): string => `${cells.map(cell).join(',')}\r\n`

function cell(text: string): string {
  const safe = /^[=@\t\r]|^[+-](?!\d+(?:\.\d+)?$)/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A table as CSV in UTF-8, with its mark, without which spreadsheets take it for something else. `lots` brings rows a bearable number at a time. */
export async function* csvTable<Row extends Record<string, unknown>>(
  columns: (keyof Row & string)[],
  lots: AsyncIterable<Row[]>,
): AsyncGenerator<string> {
  yield `\ufeff${csvLine(columns)}`
  for await (const rows of lots) yield rows.map((row) => csvLine(columns.map((name) => plain(row[name])))).join('')
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** For each column of these rows, as long as the longest, what stands in the first two that have something there. */
export function columnExamples(rows: string[][]): string[] {
  const width = Math.max(...rows.map((row) => row.length))
  return Array.from({ length: width }, (_, column) =>
    rows
      .map((row) => row[column])
      .filter(Boolean)
      .slice(0, 2)
      .join(', ')
      .slice(0, 60),
  )
}
