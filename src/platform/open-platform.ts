import type { Config } from './config.ts'
import { dataDirPaths, secretKey } from './data-dir.ts'
import { connect } from './database/index.ts'
import { createLog } from './log.ts'
import { openMailer } from './mail/index.ts'
import type { Platform } from './platform.ts'
import { createSealer } from './sealing.ts'
import { createSigner } from './signing.ts'
import { markedStorage, openStorage } from './storage/index.ts'

/** Opens everything a process needs, on a database that is already there and migrated. */
export async function openPlatform(
  config: Config,
  databaseUrl: string,
  { name, connections }: { name: string; connections: number },
): Promise<Platform & { close(): Promise<void> }> {
  const paths = dataDirPaths(config.dataDir)
  const secret = secretKey(config.secretKey, paths)
  const database = await connect(databaseUrl, { max: connections })
  const mailer = openMailer(config, (text) => void process.stdout.write(`${text}\n`))
  const last: (() => Promise<void>)[] = []
  return {
    config,
    paths,
    db: database.db,
    pool: database.pool,
    storage: markedStorage(await openStorage(config, paths), database.pool),
    mailer,
    signer: createSigner(secret),
    sealer: createSealer(secret),
    log: createLog(name),
    now: () => new Date(),
    beforeClosing: (work) => void last.push(work),
    async close() {
      await Promise.all(last.map((work) => work()))
      mailer.close()
      await database.close()
    },
  }
}
