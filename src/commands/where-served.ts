import type { Config } from '../platform/config.ts'
import { prepareDataDir } from '../platform/data-dir.ts'
import { servedAt } from '../platform/lock.ts'

/** The configuration with the address of the program that serves this DATA_DIR, if one does: whoever types a command need not repeat its PORT. */
export function whereServed(config: Config): Config {
  const url = servedAt(prepareDataDir(config.dataDir).lock)
  return url ? { ...config, baseUrl: url } : config
}
