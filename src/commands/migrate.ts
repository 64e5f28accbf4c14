import { Logger, runMigrations } from 'graphile-worker'
import type { Config } from '../platform/config.ts'
import { connect, migrate } from '../platform/database/index.ts'
import { createLog } from '../platform/log.ts'
import { onDatabase } from './on-database.ts'

/** Brings a database to this version's schema. Throws a sentence when a newer version made it. */
export async function bringUpToDate(_config: Config, url: string): Promise<string[]> {
  const log = createLog('migrate')
  const database = await connect(url, { max: 2 })
  try {
    const applied = await migrate(database.pool)
    await runMigrations({
      pgPool: database.pool,
      logger: new Logger(() => (level, message) => void (level === 'error' && log.error(message))),
    })
    return applied
  } finally {
    await database.close()
  }
}

/** `./ritornello migrate`: for those who run several web processes and update the database on its own. */
export async function migrateCommand(config: Config): Promise<number> {
  const applied = await onDatabase(config, (url) => bringUpToDate(config, url))
  for (const name of applied) console.log(name)
  return 0
}
