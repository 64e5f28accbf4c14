import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { MIGRATION_LOCK, type Migration } from '../database/migrate.ts'
import { Sentence } from '../sentence.ts'
import type { Storage } from '../storage/index.ts'
import { type CheckedArchive, entriesOf } from './check-archive.ts'
import { copyIn } from './copy.ts'
import type { Inventory } from './inventory.ts'
import type { Manifest } from './manifest.ts'
import {
  countRows,
  dropEverything,
  firstFilled,
  looseReferences,
  PLAIN_SETTINGS,
  partitionsOf,
  quoted,
} from './schema.ts'
import { restoreJobs } from './waiting-jobs.ts'

/** How long a session that was closed may still be listed, on a busy machine. */
const ENDING_MS = 4_000

export type RestorePlace = {
  databaseUrl: string
  /** Null: rows alone are brought back. */
  storage: Storage | null
  inventory: Inventory
  /** Every migration that this program knows, in order. */
  migrations: Migration[]
  /** Rows that are there already are replaced. */
  replaceRows: boolean
  /** Called when the place was found fit, just before the first change; `filled` when rows are there that will be replaced. */
  beforeFirstChange(filled: boolean): Promise<void>
}

export type Restored = { tables: number; rows: number; files: number; jobs: number }

/**
 * Brings a checked archive back. Rows come in one transaction: the schema of then is laid by our own migrations, filled, brought up to
 * today's, counted, and only then seen by anybody. Files come before; those of an attempt that broke off are overwritten by the next.
 * Throws a {@link Sentence} when the place is not empty or the program is older than the backup.
 */
export async function restoreArchive(
  file: string,
  passphrase: string | null,
  { manifest, jobs }: CheckedArchive,
  place: RestorePlace,
  signal?: AbortSignal,
): Promise<Restored> {
  const [then, since] = splitMigrations(manifest, place.migrations)
  const client = new pg.Client({ connectionString: place.databaseUrl, application_name: 'ritornello restore' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query(PLAIN_SETTINGS)
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    await requireUnused(client)
    const filled = await firstFilled(client, place.inventory.leftOut)
    if (filled && !place.replaceRows)
      throw new Sentence(
        `This place is not empty: its table "${filled}" holds rows. Restore into an empty DATA_DIR or database, ` +
          'or add --yes to replace the rows that are here (they are saved first).',
      )
    await place.beforeFirstChange(filled !== null)
    await client.query('begin')
    await dropEverything(client)
    await laySchema(client, then)
    await layPartitions(client, manifest.partitions)
    const tightenReferences = await looseReferences(client)
    for (const { name } of manifest.tables) await client.query(`delete from ${quoted(name)}`)
    const files = await bringBack(client, file, passphrase, manifest, place.storage, signal)
    for (const { name, value } of manifest.sequences)
      await client.query('select setval($1::regclass, $2::bigint)', [`public.${quoted(name)}`, value])
    await tightenReferences()
    let rows = 0
    for (const table of manifest.tables) {
      const counted = await countRows(client, table.name)
      if (counted !== table.rows)
        throw new Sentence(
          `The table ${table.name} should have ${table.rows} rows and has ${counted}. No row was kept; please report this.`,
        )
      rows += counted
    }
    await laySchema(client, since)
    for (const statement of place.inventory.afterRestore) await client.query(statement)
    await restoreJobs(client, jobs)
    signal?.throwIfAborted()
    await client.query('commit')
    return { tables: manifest.tables.length, rows, files, jobs: jobs.length }
  } finally {
    // Closing rolls back whatever was not committed.
    await client.end().catch(() => undefined)
  }
}

/** Which of our migrations had been applied then, and which have come since. */
function splitMigrations(manifest: Manifest, known: Migration[]): [Migration[], Migration[]] {
  const ours = new Map(known.map((migration) => [migration.name, migration]))
  const then = manifest.migrations.map(({ name, checksum }) => {
    const migration = ours.get(name)
    if (!migration)
      throw new Sentence(
        `This backup was made by a newer version of Ritornello (it has "${name}", which this version does not know). Install that version, then restore it.`,
      )
    if (migration.checksum !== checksum)
      throw new Sentence(
        `The migration "${name}" is not the one that this backup was made with. Install the program again from its source.`,
      )
    return migration
  })
  const applied = new Set(then.map(({ name }) => name))
  return [then, known.filter(({ name }) => !applied.has(name))]
}

async function laySchema(client: pg.Client, migrations: Migration[]): Promise<void> {
  for (const { name, checksum, sql } of migrations) {
    await client.query(sql)
    await client.query('insert into migrations (name, checksum) values ($1, $2)', [name, checksum])
  }
}

async function layPartitions(client: pg.Client, wanted: Manifest['partitions']): Promise<void> {
  const there = new Set((await partitionsOf(client)).map(({ name }) => name))
  for (const { name, parent, bound } of wanted)
    if (!there.has(name)) await client.query(`create table ${quoted(name)} partition of ${quoted(parent)} ${bound}`)
}

/** Somebody who writes while we do would lose it. A session that was closed just now is listed until its process has ended. */
async function requireUnused(client: pg.Client): Promise<void> {
  for (const began = Date.now(); Date.now() - began < ENDING_MS; await sleep(50)) {
    const { rowCount } = await client.query(
      `select from pg_stat_activity where datname = current_database() and application_name = 'ritornello' and pid <> pg_backend_pid() limit 1`,
    )
    if (!rowCount) return
  }
  throw new Sentence('Ritornello is running on this database. Stop it everywhere, then restore.')
}

async function bringBack(
  client: pg.Client,
  file: string,
  passphrase: string | null,
  manifest: Manifest,
  storage: Storage | null,
  signal?: AbortSignal,
): Promise<number> {
  const tables = new Map(manifest.tables.flatMap((table) => table.parts.map((part) => [part, table])))
  const surplus = new Set(manifest.files.surplus)
  let files = 0
  for await (const { name, body } of entriesOf(file, passphrase)) {
    signal?.throwIfAborted()
    const table = tables.get(name)
    if (table) {
      const columns = table.columns.map(quoted).join(', ')
      await copyIn(client, `copy ${quoted(table.name)} (${columns}) from stdin (format csv, header true)`, body)
    } else if (storage && name.startsWith('files/')) {
      const key = name.slice('files/'.length)
      if (surplus.has(key)) continue
      await storage.put(key, Readable.from(body, { objectMode: false }))
      files++
    }
  }
  return files
}
