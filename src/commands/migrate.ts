import type pg from 'pg'
import type { Config } from '../platform/config.ts'
import { migrate } from '../platform/database/migrate.ts'
import { openPool } from '../platform/database/pool.ts'
import { onDatabase } from './on-database.ts'

/** The last migration of graphile-worker's own tables, as its installed version brings them; migrate.db.test.ts compares. */
export const JOB_TABLES = 20
const UNDEFINED_TABLE = '42P01'
const UNDEFINED_SCHEMA = '3F000'

/**
 * Brings a database to this version's schema; its rows are saved first when there are any. Throws a sentence when a newer version made it,
 * or when they cannot be saved.
 */
export async function bringUpToDate(config: Config, url: string): Promise<string[]> {
  const pool = await openPool(url, { max: 2 })
  try {
    const applied = await migrate(pool, () => saveBefore(config, pool, url))
    await jobTables(pool)
    return applied
  } finally {
    await pool.end()
  }
}

async function saveBefore(config: Config, pool: pg.Pool, url: string): Promise<void> {
  const { firstFilled, saveRowsBefore } = await import('../platform/backup/index.ts')
  const { INVENTORY } = await import('../inventory.ts')
  const client = await pool.connect()
  try {
    if ((await firstFilled(client, INVENTORY.leftOut)) === null) return
  } finally {
    client.release()
  }
  const file = await saveRowsBefore('before-migration', config, url, INVENTORY)
  console.error(`The database is brought to this version. Its rows, as they were before, are saved in ${file}`)
}

/** Lays the tables of waiting jobs alone. */
export async function prepareJobs(url: string): Promise<void> {
  const pool = await openPool(url, { max: 2 })
  await jobTables(pool).finally(() => pool.end())
}

/** Loads what lays them only where they are not there as they should be: this stands in the way of every start. */
async function jobTables(pgPool: pg.Pool): Promise<void> {
  if ((await jobTablesIn(pgPool)) === JOB_TABLES) return
  const { Logger, runMigrations } = await import('graphile-worker')
  const { createLog } = await import('../platform/log.ts')
  const log = createLog('migrate')
  const logger = new Logger(() => (level, message) => void (level === 'error' && log.error(message)))
  await runMigrations({ pgPool, logger })
}

async function jobTablesIn(pool: pg.Pool): Promise<number | null> {
  try {
    const { rows } = await pool.query<{ last: number | null }>('select max(id) as last from graphile_worker.migrations')
    return rows[0]?.last ?? null
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === UNDEFINED_TABLE || code === UNDEFINED_SCHEMA) return null
    throw error
  }
}

/** `./ritornello migrate`: for those who run several web processes and update the database on its own. */
export async function migrateCommand(config: Config): Promise<number> {
  const applied = await onDatabase(config, (url) => bringUpToDate(config, url))
  for (const name of applied) console.log(name)
  return 0
}
