import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { Sentence } from '../sentence.ts'
import { keepPlans } from './prepared.ts'
import type { Db, Tables } from './tables.ts'

export type Database = {
  db: Db
  pool: pg.Pool
  url: string
  close(): Promise<void>
}

const OLDEST = 150_000

// Counts and amounts in minor units stay far below 2^53; a calendar date has no time zone and stays text.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)

/** Opens the pool of connections and checks that the server is there and new enough. Throws a {@link Sentence}. */
export async function connect(url: string, { max = 10 } = {}): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: 10_000,
    application_name: 'ritornello',
  })
  // An idle connection that the server cuts is replaced at the next query.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
    keepPlans(client)
  })
  await check(pool, url)
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
  return {
    db,
    pool,
    url,
    async close() {
      await db.destroy()
      // Kysely ends the pool only when it has used it.
      if (!pool.ended) await pool.end()
    },
  }
}

async function check(pool: pg.Pool, url: string): Promise<void> {
  let version: number
  try {
    const { rows } = await pool.query<{ server_version_num: string }>('show server_version_num')
    version = Number(rows[0]?.server_version_num)
  } catch (error) {
    await pool.end()
    throw new Sentence(`The database at ${withoutPassword(url)} does not answer: ${connectionReason(error)}.`, {
      cause: error,
    })
  }
  if (version < OLDEST) {
    await pool.end()
    throw new Sentence(
      `The database at ${withoutPassword(url)} is Postgres ${Math.floor(version / 10_000)}. Ritornello needs 15 or newer.`,
    )
  }
}

function connectionReason(error: unknown): string {
  const { code, message } = error as { code?: string; message: string }
  if (code === 'ECONNREFUSED') return 'nothing listens there'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'no such host'
  if (code === 'ENOENT') return 'its socket is not there'
  if (code === '28P01' || code === '28000') return 'it refused the user or the password'
  if (code === '3D000') return 'it has no database of that name'
  return message || String(code)
}

export function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return url.replace(/\/\/.*@/, '//…@')
  const address = new URL(url)
  if (address.password) address.password = '…'
  return decodeURI(address.href)
}
