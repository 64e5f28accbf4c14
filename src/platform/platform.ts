import type { Config } from './config.ts'
import type { DataDir } from './data-dir.ts'
import type { Database, Db } from './database/index.ts'
import type { Log } from './log.ts'
import type { Mailer } from './mail/index.ts'
import type { Sealer } from './sealing.ts'
import type { Signer } from './signing.ts'
import type { Storage } from './storage/index.ts'

/** What every use case may ask for. Take only what you need: `Pick<Platform, 'db' | 'now'>`. */
export type Platform = {
  config: Config
  paths: DataDir
  db: Db
  pool: Database['pool']
  storage: Storage
  mailer: Mailer
  signer: Signer
  sealer: Sealer
  log: Log
  now: () => Date
  /** What must still be written before the process ends: called once, when it closes. */
  beforeClosing(work: () => Promise<void>): void
}
