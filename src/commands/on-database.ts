import type { Config } from '../platform/config.ts'
import { prepareDataDir } from '../platform/data-dir.ts'
import { isLocked, takeLock } from '../platform/lock.ts'
import { runningEmbedded, startEmbedded } from '../platform/postgres/embedded.ts'
import { requireThisMajor } from '../platform/postgres/majors.ts'

/**
 * Lends the address of this installation's database to a command: DATABASE_URL, the embedded server that a running program has
 * started, or one started for the time of the command. `exclusive`: nothing else may run on this DATA_DIR meanwhile.
 */
export async function onDatabase<T>(
  config: Config,
  work: (url: string, alone: boolean) => Promise<T>,
  { exclusive = false } = {},
): Promise<T> {
  const { databaseUrl } = config
  if (databaseUrl && !exclusive) return work(databaseUrl, false)
  const paths = prepareDataDir(config.dataDir)
  if (!exclusive && isLocked(paths.lock)) {
    const running = await runningEmbedded(paths.postgres)
    if (running) return work(running, false)
  }
  const lock = await takeLock(paths.lock)
  try {
    if (databaseUrl) return await work(databaseUrl, true)
    requireThisMajor(config.dataDir, paths.postgres)
    const postgres = await startEmbedded(paths.postgres, config.dataDir)
    const interrupted = leaveCleanly(() => postgres.stop().then(lock.release))
    try {
      return await work(postgres.url, true)
    } finally {
      interrupted.off()
      // Another command may have borrowed this server meanwhile.
      await postgres.stop({ patient: true })
    }
  } finally {
    lock.release()
  }
}

/** On a signal that nobody else handles, leaves no process behind. */
function leaveCleanly(clean: () => Promise<void>): { off(): void } {
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const leave = (name: NodeJS.Signals) => {
    if (process.listenerCount(name) > 1) return
    void clean().finally(() => process.exit(name === 'SIGINT' ? 130 : 143))
  }
  for (const name of names) process.on(name, leave)
  return {
    off() {
      for (const name of names) process.off(name, leave)
    },
  }
}
