import { Logger, runMigrations } from 'graphile-worker'
import type pg from 'pg'
import { INVENTORY } from '../inventory.ts'
import type { Config } from '../platform/config.ts'
import { connect, migrate } from '../platform/database/index.ts'
import { createLog } from '../platform/log.ts'
import { onDatabase } from './on-database.ts'

/**
 * Brings a database to this version's schema; its rows are saved first when there are any. Throws a sentence when a newer version made it,
 * or when they cannot be saved.
 */
export async function bringUpToDate(config: Config, url: string): Promise<string[]> {
  const database = await connect(url, { max: 2 })
  try {
    const applied = await migrate(database.pool, () => saveBefore(config, database))
    await jobTables(database.pool)
    return applied
  } finally {
    await database.close()
  }
}

async function saveBefore(config: Config, { pool, url }: { pool: pg.Pool; url: string }): Promise<void> {
  const { firstFilled, saveRowsBefore } = await import('../platform/backup/index.ts')
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
  const { pool, close } = await connect(url, { max: 2 })
  await jobTables(pool).finally(close)
}

async function jobTables(pgPool: pg.Pool): Promise<void> {
  const log = createLog('migrate')
  const logger = new Logger(() => (level, message) => void (level === 'error' && log.error(message)))
  await runMigrations({ pgPool, logger })
}

/** `./ritornello migrate`: for those who run several web processes and update the database on its own. */
export async function migrateCommand(config: Config): Promise<number> {
  const applied = await onDatabase(config, (url) => bringUpToDate(config, url))
  for (const name of applied) console.log(name)
  return 0
}
