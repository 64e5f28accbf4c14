import { createServer } from 'node:net'
import type { Config } from '../platform/config.ts'
import { prepareDataDir, secretKey } from '../platform/data-dir.ts'
import { takeLock } from '../platform/lock.ts'
import { type EmbeddedPostgres, startEmbedded } from '../platform/postgres/embedded.ts'
import { type Child, keepRunning } from '../platform/processes/children.ts'
import { Sentence } from '../platform/sentence.ts'
import { bringUpToDate } from './migrate.ts'

const say = (text: string) => process.stdout.write(`${text}\n`)
const complain = (text: string) => process.stderr.write(`${text}\n`)

/** The whole program: the lock, the database, one web process, one worker. Stays until a signal, and leaves no process behind. */
export async function all(config: Config): Promise<number> {
  await requireFreePort(config)
  const paths = prepareDataDir(config.dataDir)
  const lock = await takeLock(paths.lock)
  let postgres: EmbeddedPostgres | null = null
  const children: Child[] = []
  const signal = stopSignal()
  try {
    secretKey(config.secretKey, paths)
    if (!config.databaseUrl) postgres = await startEmbedded(paths.postgres, config.dataDir)
    const url = postgres?.url ?? (config.databaseUrl as string)
    await bringUpToDate(config, url)

    const env = {
      ...process.env,
      DATA_DIR: config.dataDir,
      DATABASE_URL: url,
      RITORNELLO_EMBEDDED: postgres ? '1' : '',
    }
    const web = keepRunning('web', env, complain)
    const work = keepRunning('work', env, complain)
    children.push(web, work)
    const ended = Promise.race([
      signal,
      web.failed,
      work.failed,
      ...(postgres ? [postgres.ended.then((reason) => `The database stopped: ${reason}`)] : []),
    ])
    const first = await Promise.race([Promise.all([web.ready, work.ready]).then(() => null), ended])
    if (first === null) {
      announce(config, (await web.ready) as { port: number; setUp: string | null })
      const reason = await ended
      if (reason !== 'signal') throw new Sentence(`${reason} Ritornello stops; start it again.`)
    } else if (first !== 'signal') throw new Sentence(first)
    return 0
  } finally {
    await Promise.all(children.map((child) => child.stop()))
    await postgres?.stop()
    lock.release()
  }
}

function announce(config: Config, { setUp }: { port: number; setUp: string | null }): void {
  say(`Ritornello is ready at ${config.baseUrl}`)
  if (setUp) say(`\nNobody owns this place yet. Open this link, once, to become its owner:\n${setUp}\n`)
}

const stopSignal = () =>
  new Promise<'signal'>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => resolve('signal'))
  })

/** Said before anything is started: a busy port is the commonest mistake. */
async function requireFreePort({ host, port }: Config): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Sentence(portProblem(error, host, port), { cause: error })),
    )
    probe.listen(port, host, () => probe.close(() => resolve()))
  })
}

function portProblem({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken by another program. Stop that one, or choose another with PORT=${port + 1}.`
  if (code === 'EACCES')
    return `Port ${port} is reserved to the administrator. Choose one above 1023, and put a web server in front.`
  if (code === 'EADDRNOTAVAIL') return `HOST=${host} is not an address of this machine.`
  return `Port ${port} cannot be used: ${message}.`
}
