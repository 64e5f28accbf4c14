/**
 * One line of CSV (RFC 4180). What a spreadsheet would run as a formula is kept as words by an apostrophe in front; a number in E.164 begins
 * with a plus and is none.
 */
export const csvLine = (cells: string[]): string => `${cells.map(cell).join(',')}\r\n`

function cell(text: string): string {
  const safe = /^[=@\t\r]|^[+-](?!\d+$)/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
