import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Program, startProgram } from '../e2e/support/program.ts'
import { readConfig } from '../src/platform/config.ts'
import { dataDirPaths } from '../src/platform/data-dir.ts'
import { openPlatform } from '../src/platform/open-platform.ts'
import type { Platform } from '../src/platform/platform.ts'
import { runningEmbedded } from '../src/platform/postgres/embedded.ts'
import { counted, countFromArguments, mailInto, readyToLeave } from './support/fanout.ts'
import { type Sink, startSink } from './support/mail-sink.ts'
import { sayNoise } from './support/rounds.ts'
import { type Scene, scene } from './support/scene.ts'

export const title =
  '100,000 fans told by mail while worker, database or all are killed (-9) twenty times at random moments'

const KILLS = 20
/** What can be on its way at once: three batches of ten letters for each of five connections. */
const WINDOW = 3 * 10 * 5
const VICTIMS = { worker: /main\.js work\b/, database: /bin\/postgres|^postgres:/, everything: undefined }
type Victim = keyof typeof VICTIMS

export const bench = () =>
  scene(async (place) => {
    const count = countFromArguments(100_000)
    const kills = Math.min(KILLS, Math.ceil(count / 2_000))
    const sink = await startSink(place)
    const house = await openHouse(place, sink)
    const { announcementId, letGo } = await house.withPlatform((platform) => readyToLeave(platform, count))
    await house.withPlatform(letGo)

    const killed: Record<Victim, number> = { worker: 0, database: 0, everything: 0 }
    for (let kill = 0; kill < kills; kill++) {
      // In the middle of the work: when the server has had more of it since the last time.
      const before = await sink.count()
      for (let waited = 0; waited < 40_000 && (await sink.count()) === before; waited += 50) await sleep(50)
      await sleep(Math.random() * 2_500)
      const victim: Victim = kill % 5 === 3 ? 'database' : kill % 5 === 4 ? 'everything' : 'worker'
      await house.kill(victim)
      killed[victim]++
    }
    const states = await house.left(announcementId)
    const { byRecipient } = await sink.all()
    const { unseen, total } = await house.withPlatform((platform) =>
      compareWithSink(platform, announcementId, byRecipient),
    )
    const twice = byRecipient.filter(([, times]) => times > 1).length
    const uncertain = states['uncertain'] ?? 0
    console.log(`Killed: ${JSON.stringify(killed)}. Deliveries: ${JSON.stringify(states)}`)
    console.log(`Accounted for: ${total} of ${count}${total === count ? '' : ': MISSED'}`)
    console.log(`Told twice: ${twice}${twice === 0 ? '' : ': MISSED'}`)
    console.log(`Said to be handed over, and never seen by the server: ${unseen}${unseen === 0 ? '' : ': MISSED'}`)
    console.log(
      `Uncertain: ${uncertain} (goal at most ${WINDOW} x ${kills} = ${WINDOW * kills}: ${uncertain <= WINDOW * kills ? 'reached' : 'MISSED'})`,
    )
    console.log('Against: a mailing without rows begins again and tells all twice, or stops and forgets the rest.')
    sayNoise()
  })

/** The real program, started again whenever it is gone. */
async function openHouse({ folder, atEnd }: Scene, sink: Sink) {
  const dataDir = join(folder, 'data')
  const env = mailInto(sink)
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
    withPlatform,
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
async function compareWithSink(
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
