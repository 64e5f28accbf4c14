import pg from 'pg'
import { Sentence } from '../sentence.ts'

const OLDEST = 150_000
/** Each connection plans the long queries once (prepared.ts). Closed after ten seconds of silence, as by default, it would plan them again for whoever comes next. */
const IDLE_MS = 10 * 60_000

// Counts and amounts in minor units stay far below 2^53; a calendar date has no time zone and stays text.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)

/**
 * Opens a pool of connections and checks that the server is there and new enough. Throws a {@link Sentence}.
 * @param each is given every new connection before its first query
 */
export async function openPool(
  url: string,
  { max, each }: { max: number; each?: (client: pg.ClientBase) => void },
): Promise<pg.Pool> {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: IDLE_MS,
    application_name: 'ritornello',
  })
  // An idle connection that the server cuts is replaced at the next query.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
    each?.(client)
  })
  await check(pool, url)
  return pool
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

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return url.replace(/\/\/.*@/, '//…@')
  const address = new URL(url)
  if (address.password) address.password = '…'
  return decodeURI(address.href)
}
