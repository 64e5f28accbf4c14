import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { requireNoUnfinishedRestore } from '../platform/backup/marker.ts'
import type { Config } from '../platform/config.ts'
import { type DataDir, prepareDataDir, secretKey } from '../platform/data-dir.ts'
import { takeLock } from '../platform/lock.ts'
import { type EmbeddedPostgres, startEmbedded } from '../platform/postgres/embedded.ts'
import { requireThisMajor } from '../platform/postgres/majors.ts'
import { type Child, keepRunning } from '../platform/processes/children.ts'
import { Sentence } from '../platform/sentence.ts'
import { rootWarning } from './as-root.ts'
import { bringUpToDate } from './migrate.ts'

const say = (text: string) => process.stdout.write(`${text}\n`)
const complain = (text: string) => process.stderr.write(`${text}\n`)

/** A database that dies again so soon does not die by accident. */
const STEADY_MS = 5_000

/** The whole program: the lock, the database, one web process, one worker. Stays until a signal, and leaves no process behind. */
export async function all(config: Config): Promise<number> {
  const warning = rootWarning()
  if (warning) complain(warning)
  await requireFreePort(config)
  const paths = prepareDataDir(config.dataDir)
  const lock = await takeLock(paths.lock, config.baseUrl)
  try {
    requireNoUnfinishedRestore(config.dataDir)
    secretKey(config.secretKey, paths)
    if (!config.databaseUrl) requireThisMajor(config.dataDir, paths.postgres)
    const signal = stopSignal()
    for (let first = true; ; first = false) {
      const began = Date.now()
      const ending = await run(config, paths, signal, first)
      if (ending === 'signal') return 0
      if (Date.now() - began < STEADY_MS) throw new Sentence(`${ending} Ritornello stops; start it again.`)
      complain(`${ending} Everything is started again.`)
    }
  } finally {
    lock.release()
  }
}

/** From the database's start to the end of everything: by a signal, or with the reason why the database went away. */
async function run(config: Config, paths: DataDir, signal: Promise<'signal'>, first: boolean): Promise<string> {
  let postgres: EmbeddedPostgres | null = null
  const children: Child[] = []
  const database = Promise.withResolvers<Record<string, string>>()
  const start = (command: string) => {
    const env = { ...process.env, DATA_DIR: config.dataDir }
    const child = keepRunning(command, env, database.promise, complain)
    children.push(child)
    return child
  }
  try {
    // It loads while the database starts.
    const web = start('web')
    if (!config.databaseUrl) postgres = await startEmbedded(paths.postgres, config.dataDir)
    const url = postgres?.url ?? (config.databaseUrl as string)
    await bringUpToDate(config, url)
    database.resolve({ DATABASE_URL: url, RITORNELLO_EMBEDDED: postgres ? '1' : '' })
    const work = start('work')
    const failed = Promise.race([web.failed, work.failed]).then((reason) => Promise.reject(new Sentence(reason)))
    const ended = Promise.race([
      signal,
      failed,
      ...(postgres ? [postgres.ended.then((reason) => `The database stopped: ${reason}`)] : []),
    ])
    const early = await Promise.race([Promise.all([web.ready, work.ready]).then(() => null), ended])
    if (early !== null) return early
    if (first) announce(config, (await web.ready) as { setUp: string | null })
    return await ended
  } finally {
    await Promise.all(children.map((child) => child.stop()))
    await postgres?.stop()
  }
}

function announce(config: Config, { setUp }: { setUp: string | null }): void {
  say(`Ritornello is ready at ${config.baseUrl}`)
  if (setUp) say(`\nNobody owns this place yet. Open this link, once, to become its owner:\n${setUp}\n`)
}

const stopSignal = () =>
  new Promise<'signal'>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => resolve('signal'))
  })

/** Said before anything is started: a busy port is the commonest mistake. */
async function requireFreePort({ host, port }: Config): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const problem = await portProblem(host, port)
    if (!problem) return
    // One that was stopped a moment ago may still hold it.
    if (problem.code !== 'EADDRINUSE' || attempt === 3)
      throw new Sentence(inWords(problem, host, port), { cause: problem })
    await sleep(150)
  }
}

const portProblem = (host: string, port: number) =>
  new Promise<NodeJS.ErrnoException | null>((resolve) => {
    const probe = createServer()
    probe.once('error', resolve)
    probe.listen(port, host, () => probe.close(() => resolve(null)))
  })

function inWords({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken by another program. Stop that one, or choose another with PORT=${port === 65535 ? 4000 : port + 1}.`
  if (code === 'EACCES')
    return `Port ${port} is reserved to the administrator. Choose one above 1023, and put a web server in front.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `HOST=${host} is not an address of this machine.`
  return `Port ${port} cannot be used: ${message}.`
}
