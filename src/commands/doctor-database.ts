import { existsSync } from 'node:fs'
import type pg from 'pg'
import { brokenLink } from '../domains/books/index.ts'
import { paymentHealth } from '../domains/shop/index.ts'
import { STORED } from '../inventory.ts'
import type { Config } from '../platform/config.ts'
import { dataDirPaths } from '../platform/data-dir.ts'
import { connect, pendingMigrations, readMigrations } from '../platform/database/index.ts'
import { failedJobs } from '../platform/jobs/index.ts'
import { Sentence } from '../platform/sentence.ts'
import { openStorage } from '../platform/storage/index.ts'
import type { Finding } from './doctor-installation.ts'
import { onDatabase } from './on-database.ts'
import { size } from './sizes.ts'

const EXTENSIONS = ['pg_trgm', 'unaccent', 'btree_gin']
/** Written by a job that may still be under way. */
const YOUNG_MS = 24 * 3_600_000

/** What the database says, and whether the files that it speaks of are there. */
export async function databaseFindings(config: Config): Promise<Finding[]> {
  const what = 'database'
  const paths = dataDirPaths(config.dataDir)
  if (!config.databaseUrl && !existsSync(paths.postgres))
    return [{ what, state: 'warning', says: 'not made yet; the first start makes it' }]
  try {
    return await onDatabase(config, async (url) => {
      const database = await connect(url, { max: 2 })
      try {
        const found = await server(database.pool)
        const schema = await migrations(database.pool)
        found.push(schema)
        if (schema.state !== 'good') return found
        found.push(
          await jobs(database),
          ...(await books(database)),
          ...(await payments(database)),
          ...(await locks(database.pool)),
          ...(await files(config, database.pool)),
        )
        return found
      } finally {
        await database.close()
      }
    })
  } catch (error) {
    if (error instanceof Sentence) return [{ what, state: 'bad', says: error.message }]
    return [{ what, state: 'bad', says: `it cannot be looked at: ${(error as Error).message}` }]
  }
}

async function server(pool: pg.Pool): Promise<Finding[]> {
  const { rows } = await pool.query<{
    version: string
    encoding: string
    size: string
    away: string
    connections: string
    used: string
    stale: boolean | null
    letters: boolean
  }>(`
    select current_setting('server_version') as version, pg_encoding_to_char(encoding) as encoding, pg_database_size(oid)::text as size,
      extract(epoch from clock_timestamp())::text as away, current_setting('max_connections') as connections,
      (select count(*)::text from pg_stat_activity where backend_type = 'client backend') as used,
      datcollversion is not null and datcollversion is distinct from pg_database_collation_actual_version(oid) as stale,
      lower('É') = 'é' as letters
    from pg_database where datname = current_database()`)
  const facts = rows[0]
  if (!facts) return []
  const found: Finding[] = [
    { what: 'database', state: 'good', says: `Postgres ${facts.version}, ${size(Number(facts.size))}` },
  ]
  if (facts.encoding !== 'UTF8')
    found.push({
      what: 'database',
      state: 'bad',
      says: `its encoding is ${facts.encoding}: names in other scripts cannot be kept`,
      mend: "Make a database with: create database … encoding 'UTF8' template template0, and restore a backup into it.",
    })
  else if (!facts.letters)
    found.push({
      what: 'database',
      state: 'warning',
      says: 'it does not know that É and é are one letter (its locale is C): searches miss some names',
      mend: "Make a database with: create database … locale 'C.UTF-8' template template0, and restore a backup into it.",
    })
  if (facts.stale)
    found.push({
      what: 'database',
      state: 'warning',
      says: 'the system’s rules of sorting have changed since it was made: text indexes may be out of order',
      mend: 'As its owner: reindex database; alter database … refresh collation version.',
    })
  const drift = Number(facts.away) - Date.now() / 1000
  if (Math.abs(drift) > 5)
    found.push({
      what: 'clock',
      state: 'bad',
      says: `the clock of the database and that of this machine differ by ${Math.round(Math.abs(drift))} seconds`,
      mend: 'Set both by NTP.',
    })
  else if (new Date().getUTCFullYear() < 2026)
    found.push({ what: 'clock', state: 'bad', says: `it says ${new Date().toISOString()}`, mend: 'Set it by NTP.' })
  else found.push({ what: 'clock', state: 'good', says: new Date().toISOString() })
  if (Number(facts.connections) - Number(facts.used) < 10)
    found.push({
      what: 'database',
      state: 'bad',
      says: `${facts.used} of its ${facts.connections} connections are taken`,
      mend: 'Raise max_connections, or run fewer processes.',
    })
  const { rows: there } = await pool.query<{ extname: string; available: boolean }>(
    `select name as extname, installed_version is not null as available from pg_available_extensions where name = any($1)`,
    [EXTENSIONS],
  )
  const lacking = EXTENSIONS.filter((name) => !there.some(({ extname }) => extname === name))
  if (lacking.length)
    found.push({
      what: 'database',
      state: 'bad',
      says: `the server does not have the extensions ${lacking.join(', ')}`,
      mend: 'Install the package postgresql-contrib of its version.',
    })
  return found
}

async function migrations(pool: pg.Pool): Promise<Finding> {
  const what = 'schema'
  try {
    const pending = await pendingMigrations(pool, readMigrations())
    if (!pending.length) return { what, state: 'good', says: 'up to date' }
    return {
      what,
      state: 'warning',
      says: `${pending.length} migrations wait, from ${pending[0]?.name}`,
      mend: 'The next start applies them, or ./ritornello migrate.',
    }
  } catch (error) {
    if (error instanceof Sentence) return { what, state: 'bad', says: error.message }
    throw error
  }
}

async function jobs({ db }: Awaited<ReturnType<typeof connect>>): Promise<Finding> {
  const failed = await failedJobs(db, 1000)
  const [last] = failed
  if (!last) return { what: 'jobs', state: 'good', says: 'none has failed' }
  return {
    what: 'jobs',
    state: 'warning',
    says: `${failed.length} have failed, the last ${last.name} on ${new Date(last.at).toISOString()}: ${last.error?.split('\n')[0]?.slice(0, 200) ?? 'no reason'}`,
    mend: 'See them in the studio, where each can be tried again or given up.',
  }
}

/** The chain of each seller's entries, from the first to the last. */
async function books({ db }: Awaited<ReturnType<typeof connect>>): Promise<Finding[]> {
  const sellers = await db.selectFrom('sellers').select(['id', 'legalName']).execute()
  const found: Finding[] = []
  for (const { id, legalName } of sellers) {
    const broken = await brokenLink(db, id)
    if (broken)
      found.push({
        what: 'books',
        state: 'bad',
        says: `entry ${broken.number} of ${broken.year} of ${legalName} is not as it was when it got its number`,
        mend: 'Somebody changed it past the program. Compare the books with those of a backup made before.',
      })
  }
  if (sellers.length && !found.length)
    found.push({ what: 'books', state: 'good', says: 'every entry is as it was when it got its number' })
  return found
}

async function payments({ db }: Awaited<ReturnType<typeof connect>>): Promise<Finding[]> {
  const found: Finding[] = []
  for (const { sellerName, isLive, problem, isBehind, repairs } of await paymentHealth(db)) {
    const of = `the ${isLive ? '' : 'test '}account of ${sellerName} at Stripe`
    if (problem)
      found.push({
        what: 'payments',
        // Once is a bad moment of somebody else's; for hours, somebody waits.
        state: isBehind ? 'bad' : 'warning',
        says: `${of} could not be spoken to: ${problem}`,
        mend: 'In the studio, under Shop, Payment by card: try the key, or use another.',
      })
    else if (isBehind)
      found.push({
        what: 'payments',
        state: 'warning',
        says: `${of} was not asked for hours what we were not told`,
        mend: 'The job shop.reconcile does it every ten minutes while a worker runs; look at its failures in the studio, under Jobs.',
      })
    if (repairs)
      found.push({
        what: 'payments',
        state: 'warning',
        says: `${of} had not told us of ${repairs} things in the last seven days; they were asked for and taken in`,
        mend: 'Look at the webhook in the dashboard of Stripe: its address, its events, and what it answered.',
      })
    if (!problem && !isBehind && !repairs)
      found.push({ what: 'payments', state: 'good', says: `${of} is asked, and tells us` })
  }
  return found
}

async function locks(pool: pg.Pool): Promise<Finding[]> {
  const { rows: waiting } = await pool.query<{ n: number; blocker: number | null }>(`
    select count(*)::int as n, min((pg_blocking_pids(pid))[1]) as blocker from pg_stat_activity
    where wait_event_type = 'Lock' and state_change < now() - interval '1 minute' and datname = current_database()`)
  const { rows: idle } = await pool.query<{ pid: number; application_name: string }>(`
    select pid, application_name from pg_stat_activity
    where state like 'idle in transaction%' and state_change < now() - interval '10 minutes' and datname = current_database()`)
  const { rows: dead } = await pool.query<{ n: number }>(`
    select count(*)::int as n from graphile_worker._private_jobs j
    where locked_at < now() - interval '5 minutes' and not exists (
      select from workers w where w.id = j.locked_by and w.seen_at > now() - interval '5 minutes')`)
  const found: Finding[] = []
  if (waiting[0]?.n)
    found.push({
      what: 'locks',
      state: 'bad',
      says: `${waiting[0].n} queries have waited for more than a minute for process ${waiting[0].blocker} of the database`,
      mend: `If it does not end: select pg_terminate_backend(${waiting[0].blocker})`,
    })
  for (const { pid, application_name: name } of idle)
    found.push({
      what: 'locks',
      state: 'warning',
      says: `process ${pid} of the database (${name}) has left a transaction open for more than ten minutes`,
      mend: `select pg_terminate_backend(${pid})`,
    })
  if (dead[0]?.n)
    found.push({
      what: 'locks',
      state: 'warning',
      says: `${dead[0].n} jobs are held by workers that are gone`,
      mend: 'The next worker that starts takes them back within a minute.',
    })
  return found.length ? found : [{ what: 'locks', state: 'good', says: 'nothing waits' }]
}

/** Compares what rows speak of with what is there, both ways. */
async function files(config: Config, pool: pg.Pool): Promise<Finding[]> {
  const wanted = new Map<string, number | null>()
  for (const query of STORED.named) {
    const { rows } = await pool.query<{ key: string; size: string | number | null }>(query)
    for (const row of rows) wanted.set(row.key, row.size === null ? null : Number(row.size))
  }
  const found: Finding[] = []
  const wrong: string[] = []
  const strays: { key: string; size: number }[] = []
  const remade = new Set(
    (await pool.query<{ key: string }>('select storage_key as key from encodings')).rows.map(({ key }) => key),
  )
  try {
    for await (const file of (await openStorage(config, dataDirPaths(config.dataDir))).list('')) {
      const expected = wanted.get(file.key)
      if (expected === undefined) {
        if (Date.now() - file.modifiedAt.getTime() > YOUNG_MS) strays.push(file)
        continue
      }
      wanted.delete(file.key)
      if (expected !== null && expected !== file.size) wrong.push(file.key)
    }
  } catch {
    return []
  }
  const missing = [...wanted.keys()].filter((key) => !remade.has(key))
  if (missing.length)
    found.push({
      what: 'files',
      state: 'bad',
      says: `${missing.length} files that the database speaks of are not there, for example ${missing[0]}`,
      mend: 'Take them from a backup (they lie in it under files/), or upload them again.',
    })
  if (wrong.length)
    found.push({
      what: 'files',
      state: 'bad',
      says: `${wrong.length} files have not the size that they should, for example ${wrong[0]}`,
      mend: 'Take them from a backup (they lie in it under files/), or upload them again.',
    })
  if (strays.length)
    found.push({
      what: 'files',
      state: 'warning',
      says: `${strays.length} files belong to nothing (${size(strays.reduce((total, file) => total + file.size, 0))}), for example ${strays[0]?.key}`,
      mend: 'They do no harm, and are removed the night after they are a day old. If they are many and stay, rows are missing: see the log.',
    })
  return found.length ? found : [{ what: 'files', state: 'good', says: 'all that the database speaks of are there' }]
}
