import type { Child } from 'hono/jsx'
import type { Lang } from '../platform/i18n/index.ts'
import { words } from './words.ts'

export type Column<Row> = {
  label: string
  cell: (row: Row) => Child
  /** Figures: set to the right, tabular. */
  numeric?: boolean
  /** The address that sorts by this column, and how it is sorted now. */
  sort?: { href: string; direction: 'up' | 'down' | null }
  /** The column that names the row: its heading on a phone. The first one unless told. */
  heading?: boolean
}

type TableProps<Row> = {
  lang: Lang
  caption: string
  captionHidden?: boolean
  columns: Column<Row>[]
  rows: Row[]
}

/** Things that are compared, in columns; the same as cards on a phone. Roles are said, since cards undo the table's own. */
export function Table<Row>({ lang, caption, captionHidden, columns, rows }: TableProps<Row>) {
  const heading = Math.max(
    0,
    columns.findIndex((column) => column.heading),
  )
  return (
    <div class="table-frame">
      {/* biome-ignore-start lint/a11y/noRedundantRoles: display: block on a phone takes the native roles away */}
      <table role="table">
        <caption class={captionHidden ? 'hidden' : undefined}>{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th
                role="columnheader"
                scope="col"
                class={column.numeric ? 'numeric' : undefined}
                aria-sort={
                  column.sort?.direction ? (column.sort.direction === 'up' ? 'ascending' : 'descending') : undefined
                }
              >
                {column.sort ? <SortLink lang={lang} label={column.label} sort={column.sort} /> : column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr role="row">
              {columns.map((column, index) =>
                index === heading ? (
                  <th role="rowheader" scope="row">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td role="cell" class={column.numeric ? 'numeric' : undefined} data-label={column.label}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {/* biome-ignore-end lint/a11y/noRedundantRoles: see above */}
    </div>
  )
}

type SortLinkProps = { lang: Lang; label: string; sort: { href: string; direction: 'up' | 'down' | null } }

const SortLink = ({ lang, label, sort }: SortLinkProps) => {
  const key = sort.direction === 'up' ? 'sort_up' : sort.direction === 'down' ? 'sort_down' : 'sort_by'
  return (
    <a href={sort.href} aria-label={words(lang)(key, { column: label })} data-direction={sort.direction ?? undefined}>
      {label}
    </a>
  )
}
