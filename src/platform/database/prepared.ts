import { createHash } from 'node:crypto'
import { CompiledQuery, type RawBuilder } from 'kysely'
import type pg from 'pg'
import type { Db, Tx } from './tables.ts'

/**
 * Written in a query that many pages ask, anywhere in its text: each connection has Postgres read and plan it once. A long query
 * costs four to five times less so (a release's page: 2.3 ms of Postgres's time, then 0.5). Its text must be the same from one time to
 * the next, values apart: lists go in as `= any(...)`.
 */
export const PREPARED = '/* prepared */'

/**
 * Such a query, written once too: `make` builds its text on first use, with `$1`, `$2` where its values go.
 * Answers with the rows.
 */
export function prepared<Row>(make: () => RawBuilder<Row>): (db: Db | Tx, ...values: unknown[]) => Promise<Row[]> {
  let text: string | null = null
  return async (db, ...values) => {
    text ??= `${PREPARED} ${make().compile(db).sql}`
    return (await db.executeQuery<Row>(CompiledQuery.raw(text, values))).rows
  }
}

/** More different texts than this are not the few queries that were meant. */
const MOST = 100
const CHANGED_SHAPE = '0A000'

const names = new Map<string, string>()
let edition = 0

/** Lets a connection keep the plans of the queries that ask for it. */
export function keepPlans(client: pg.ClientBase): void {
  type Ask = (query: unknown, values?: unknown) => Promise<unknown>
  const ask = client.query.bind(client) as Ask
  const asking = (query: unknown, values?: unknown, ...rest: unknown[]) => {
    const name = typeof query === 'string' && values && !rest.length && query.includes(PREPARED) ? nameOf(query) : null
    if (!name) return (ask as (...all: unknown[]) => unknown)(query, values, ...rest)
    return ask({ name, text: query, values }).catch((error: { code?: string }) => {
      // A migration changed what the query answers: its old plan is of no use.
      if (error.code !== CHANGED_SHAPE) throw error
      edition++
      names.clear()
      return ask(query, values)
    })
  }
  client.query = asking as typeof client.query
}

function nameOf(text: string): string | null {
  const known = names.get(text)
  if (known) return known
  if (names.size >= MOST) return null
  const name = `r${edition}_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`
  names.set(text, name)
  return name
}
