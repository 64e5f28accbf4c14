import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Logger, runMigrations } from 'graphile-worker'
import pg from 'pg'
import { connect, type Database, migrate } from '../platform/database/index.ts'
import { newToken } from '../platform/ids.ts'
import { startEmbedded } from '../platform/postgres/embedded.ts'

const TEMPLATE = 'ritornello_template'
/** Nothing of a test's database needs to survive, and a vacuum would hold the template while it is copied. */
const THROWN_AWAY = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  max_connections: '120',
}

export type TestServer = { url: string; stop(): Promise<void> }

/** Starts the Postgres of a test run, or uses the one of TEST_DATABASE_URL, and lays a migrated database there to be copied. */
export async function startTestPostgres(): Promise<TestServer> {
  const given = process.env['TEST_DATABASE_URL']
  if (given) {
    await makeTemplate(given)
    return { url: given, stop: async () => undefined }
  }
  const dir = mkdtempSync(join(tmpdir(), 'ritornello-test-'))
  chmodSync(dir, 0o711)
  const server = await startEmbedded(join(dir, 'postgres'), dir, THROWN_AWAY)
  await makeTemplate(server.url).catch(async (error) => {
    await server.stop()
    throw error
  })
  return {
    url: server.url,
    async stop() {
      await server.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** A fresh database of its own for one test file, with the schema of today. */
export const freshDatabase = (serverUrl?: string): Promise<Database> => databaseFrom(TEMPLATE, serverUrl)

/** The same with nothing in it: for tests of how an earlier one becomes that of today. */
export const emptyDatabase = (): Promise<Database> => databaseFrom('template0')

async function databaseFrom(template: string, serverUrl = process.env['TEST_SERVER_URL']): Promise<Database> {
  if (!serverUrl)
    throw new Error('TEST_SERVER_URL is not set: name the file *.db.test.ts, so that a database is started for it')
  const name = `test_${newToken(9).replaceAll('-', '_').toLowerCase()}`
  // Its files are copied as they are: by default Postgres writes each of their pages into its log as well, which takes ten times as long.
  await administer(serverUrl, `create database "${name}" template ${template} strategy file_copy`)
  const database = await connect(withName(serverUrl, name), { max: 8 })
  return {
    ...database,
    async close() {
      await database.close()
      await administer(serverUrl, `drop database if exists "${name}" with (force)`)
    },
  }
}

async function makeTemplate(serverUrl: string): Promise<void> {
  await administer(serverUrl, `drop database if exists ${TEMPLATE} with (force)`)
  await administer(serverUrl, `create database ${TEMPLATE}`)
  await laySchema(withName(serverUrl, TEMPLATE))
}

/** Gives an empty database the schema of today, that of the jobs as well. */
export async function laySchema(url: string): Promise<void> {
  const database = await connect(url, { max: 2 })
  await migrate(database.pool)
  await runMigrations({ pgPool: database.pool, logger: new Logger(() => () => undefined) })
  await database.close()
}

async function administer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

function withName(url: string, name: string): string {
  const address = new URL(url)
  address.pathname = `/${name}`
  return address.href
}

/**
 * Empties tables and all that stands on them, the ledger too, which itself lets nobody: a superuser's session that fires no triggers.
 * By rows: emptying two hundred tables as a whole makes each of them and their indexes anew, and takes a second.
 */
export async function emptied({ pool }: { pool: pg.Pool }, tables: string): Promise<void> {
  const client = await pool.connect()
  try {
    const { rows } = await client.query<{ table: string }>(
      `with recursive standing(id) as (
         select named::text::regclass::oid from unnest($1::text[]) named
         union
         select conrelid from pg_constraint join standing on confrelid = standing.id where contype = 'f')
       select id::regclass::text as "table" from standing join pg_class on oid = id where not relispartition`,
      [tables.split(',').map((table) => table.trim())],
    )
    await client.query('begin')
    await client.query('set local session_replication_role = replica')
    await client.query(rows.map(({ table }) => `delete from ${table}`).join(';'))
    await client.query('commit')
  } finally {
    client.release()
  }
}
