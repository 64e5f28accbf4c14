import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { readConfig } from '../platform/config.ts'
import { prepareDataDir } from '../platform/data-dir.ts'
import type { Mail } from '../platform/mail/index.ts'
import type { Platform } from '../platform/platform.ts'
import { createSealer } from '../platform/sealing.ts'
import { createSigner } from '../platform/signing.ts'
import { diskStorage } from '../platform/storage/disk.ts'
import { markedStorage } from '../platform/storage/index.ts'
import { freshDatabase } from './database.ts'

export type TestPlatform = Platform & {
  /** Every mail sent, in order. */
  mails: Mail[]
  /** Moves the clock forward, in milliseconds. */
  pass(ms: number): void
  /** From here on the clock stands, however slow the machine is; only `pass` moves it. */
  stand(): void
  close(): Promise<void>
}

/** A whole platform on a database and a folder of its own: real Postgres, real files, a mailer that keeps what it sends. */
export async function testPlatform(env: Record<string, string> = {}): Promise<TestPlatform> {
  const dir = mkdtempSync(join(tmpdir(), 'ritornello-data-'))
  chmodSync(dir, 0o711)
  const config = readConfig(
    { DATA_DIR: dir, BASE_URL: 'http://ritornello.test', SECRET_KEY: 'x'.repeat(40), ...env },
    dir,
  )
  const paths = prepareDataDir(dir)
  const database = await freshDatabase()
  const mails: Mail[] = []
  let ahead = 0
  let stoodAt: number | null = null
  const last: (() => Promise<void>)[] = []
  return {
    config,
    paths,
    db: database.db,
    pool: database.pool,
    storage: markedStorage(diskStorage(paths.files), database.pool),
    mailer: {
      real: true,
      send: async (mail) => void mails.push(mail),
      signWith: () => undefined,
      close: () => undefined,
    },
    mails,
    signer: createSigner(config.secretKey as string),
    sealer: createSealer(config.secretKey as string),
    log: pino({ level: process.env['LOG_LEVEL'] ?? 'silent' }),
    now: () => new Date((stoodAt ?? Date.now()) + ahead),
    pass: (ms) => {
      ahead += ms
    },
    stand: () => {
      stoodAt = Date.now()
    },
    beforeClosing: (work) => void last.push(work),
    async close() {
      await Promise.all(last.map((work) => work()))
      await database.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
