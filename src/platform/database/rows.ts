/**
 * Rows as JSON, with their columns' names as in SQL, for `json_populate_recordset(null::TABLE, $1)`: one statement whose text is the same for any number of
 * rows. Values of `jsonb` columns go in as they are, moments as `Date`.
 */
export const rowsAsJson = (rows: readonly object[]): string =>
  asJson(rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [columnOf(name), value]))))

/** JSON that Postgres reads: half a letter, as a browser that cuts an emoji at a limit leaves it, becomes U+FFFD. */
export const asJson = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'string' ? each.toWellFormed() : each))

const columns = new Map<string, string>()

function columnOf(name: string): string {
  const known = columns.get(name)
  if (known) return known
  const column = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  columns.set(name, column)
  return column
}
