import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Program, startProgram } from '../../e2e/support/program.ts'
import { readConfig } from '../../src/platform/config.ts'
import { dataDirPaths } from '../../src/platform/data-dir.ts'
import { openPlatform } from '../../src/platform/open-platform.ts'
import type { Platform } from '../../src/platform/platform.ts'
import { runningEmbedded } from '../../src/platform/postgres/embedded.ts'
import { counted } from './fanout.ts'
import type { Scene } from './scene.ts'

const VICTIMS = { worker: /main\.js work\b/, database: /bin\/postgres|^postgres:/, everything: undefined }
export type Victim = keyof typeof VICTIMS

/** The real program, started again whenever it is gone. */
export async function openHouse({ folder, atEnd }: Scene, env: Record<string, string> = {}) {
  const dataDir = join(folder, 'data')
  let program: Program = await startProgram({ dataDir, env })
  atEnd(() => program.stop())
  const { port } = program
  const ensure = async () => {
    if (program.processes().some(({ command }) => /main\.js$/.test(command))) return
    program = await startProgram({ dataDir, env, port })
  }
  async function withPlatform<T>(work: (platform: Platform) => Promise<T>): Promise<T> {
    for (;;) {
      const url = await runningEmbedded(dataDirPaths(dataDir).postgres)
      if (url) {
        const config = readConfig({ DATA_DIR: dataDir, PORT: String(port), ...env }, folder)
        const platform = await openPlatform(config, url, { name: 'bench', connections: 2 })
        try {
          return await work(platform)
        } finally {
          await platform.close()
        }
      }
      await ensure()
      await sleep(250)
    }
  }
  return {
    /** As it was started first. */
    first: program,
    /** Starts it again if it is gone. */
    revive: ensure,
    withPlatform,
    /** `kill -9`. */
    async kill(victim: Victim) {
      await program.kill(VICTIMS[victim])
      await sleep(victim === 'database' ? 500 : 0)
      await ensure()
    },
    /** Waits until nothing is left that could leave by itself. */
    async left(announcementId: string): Promise<Record<string, number>> {
      for (;;) {
        await ensure()
        const states = await withPlatform((platform) => counted(platform, announcementId)).catch(() => null)
        if (states && !states['queued'] && !states['handing']) return states
        await sleep(1_000)
      }
    },
  }
}

/** Every row against what the server has really taken. */
export async function compareWithSink(
  { pool }: Pick<Platform, 'pool'>,
  announcementId: string,
  byRecipient: [string, number][],
): Promise<{ total: number; unseen: number }> {
  const seen = new Set(byRecipient.map(([address]) => address))
  const { rows } = await pool.query<{ address: string; state: string }>(
    'select address, state from deliveries where announcement_id = $1',
    [announcementId],
  )
  const known = new Set(rows.map(({ address }) => address))
  const strangers = [...seen].filter((address) => !known.has(address)).length
  return {
    total: rows.filter(({ address, state }) => seen.has(address) || state === 'uncertain').length - strangers,
    unseen: rows.filter(({ address, state }) => state === 'handed' && !seen.has(address)).length,
  }
}
