import type { Config } from '../platform/config.ts'
import { prepareDataDir } from '../platform/data-dir.ts'
import { takeLock } from '../platform/lock.ts'
import { runningEmbedded, startEmbedded } from '../platform/postgres/embedded.ts'

/**
 * Lends the address of this installation's database to a command: DATABASE_URL, the embedded server that a running program has
 * started, or one started for the time of the command.
 */
export async function onDatabase<T>(config: Config, work: (url: string, alone: boolean) => Promise<T>): Promise<T> {
  if (config.databaseUrl) return work(config.databaseUrl, false)
  const paths = prepareDataDir(config.dataDir)
  const running = await runningEmbedded(paths.postgres)
  if (running) return work(running, false)
  const lock = await takeLock(paths.lock)
  try {
    const postgres = await startEmbedded(paths.postgres, config.dataDir)
    try {
      return await work(postgres.url, true)
    } finally {
      await postgres.stop()
    }
  } finally {
    lock.release()
  }
}
