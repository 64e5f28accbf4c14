import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type pg from 'pg'
import { ROOT } from '../root.ts'
import { Sentence } from '../sentence.ts'

export type Migration = { name: string; checksum: string; sql: string }

/** Serialises programs that start at once on one database. Any constant will do; this one is "rito" in ASCII. */
export const MIGRATION_LOCK = 0x7269746f

/** Every migration of the platform and the domains, oldest first: `YYYYMMDD-NN-what.sql`, unique over all folders. */
export function readMigrations(root = ROOT): Migration[] {
  const files = globSync('src/**/migrations/*.sql', { cwd: root })
  const migrations = files.map((file) => {
    const sql = readFileSync(join(root, file), 'utf8')
    return { name: basename(file, '.sql'), checksum: createHash('sha256').update(sql).digest('hex'), sql }
  })
  migrations.sort((a, b) => (a.name < b.name ? -1 : 1))
  const twice = migrations.find((m, i) => m.name === migrations[i + 1]?.name)
  if (twice) throw new Error(`Two migrations are named ${twice.name}`)
  return migrations
}

/** The names that are still to be applied, in order. Throws a {@link Sentence} when a newer or altered program wrote this database. */
export async function pendingMigrations(pool: pg.Pool, migrations: Migration[]): Promise<Migration[]> {
  const { rows: there } = await pool.query<{ found: string | null }>(`select to_regclass('public.migrations') as found`)
  if (!there[0]?.found) return migrations
  const { rows } = await pool.query<{ name: string; checksum: string }>(
    'select name, checksum from migrations order by name',
  )
  const known = new Map(migrations.map((m) => [m.name, m]))
  for (const row of rows) {
    const ours = known.get(row.name)
    if (!ours)
      throw new Sentence(
        `This data was made by a newer version of Ritornello (it has "${row.name}", which this version does not know). ` +
          'Install that version again, or restore a backup made before the update.',
      )
    if (ours.checksum !== row.checksum)
      throw new Sentence(
        `The migration "${row.name}" is not the one that this data was made with. Install the program again from its source.`,
      )
  }
  const applied = new Set(rows.map((row) => row.name))
  return migrations.filter((m) => !applied.has(m.name))
}

/**
 * Applies what is pending, each migration in a transaction of its own, one program at a time; `before` is called first when the database has a
 * schema already. Returns the names applied.
 */
export async function migrate(
  pool: pg.Pool,
  before: () => Promise<void> = async () => undefined,
  migrations = readMigrations(),
): Promise<string[]> {
  const client = await pool.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    const pending = await pendingMigrations(pool, migrations)
    const { rows } = await client.query<{ n: number }>(
      `select count(*)::int as n from pg_tables where schemaname = 'public' and tablename = 'migrations'`,
    )
    if (pending.length && rows[0]?.n) await before()
    for (const migration of pending) {
      await client.query('begin')
      try {
        await client.query(migration.sql)
        await client.query('insert into migrations (name, checksum) values ($1, $2)', [
          migration.name,
          migration.checksum,
        ])
        await client.query('commit')
      } catch (error) {
        await client.query('rollback')
        throw new Sentence(
          `The database could not be brought to this version: "${migration.name}" failed (${(error as Error).message}). ` +
            'Nothing of that step was kept. Install the version of before, and please report this.',
          { cause: error },
        )
      }
    }
    return pending.map((m) => m.name)
  } finally {
    await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined)
    client.release()
  }
}
