import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { diskReason } from '../data-dir.ts'
import { processCommand } from '../processes/process-facts.ts'
import { Sentence } from '../sentence.ts'
import { embeddedBinaries } from './binaries.ts'
import { majorOf } from './majors.ts'
import { giveTo, reachableBinaries, requireReachable, type ServerUser, serverUser } from './server-user.ts'

export type EmbeddedPostgres = {
  /** How to connect to it, over its Unix socket. */
  url: string
  pid: number
  /** Resolves with a reason when the server ends, asked or not. */
  ended: Promise<string>
  /** Cuts every connection, stops it, and waits until it has gone. `patient`: waits for the others to close theirs, for a minute. */
  stop(options?: { patient?: boolean }): Promise<void>
}

const USER = 'ritornello'
const DATABASE = 'ritornello'
const BUILTIN_LOCALE = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8']
const SETTINGS = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '60',
  shared_buffers: '128MB',
  effective_cache_size: '1GB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '512MB',
  random_page_cost: '1.1',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
  cluster_name: 'ritornello',
}

/**
 * Starts the Postgres that comes with the program on `cluster` (a folder inside DATA_DIR, made when absent), listening on a Unix socket only.
 * The caller holds the lock of DATA_DIR: a server left behind by a killed program is stopped first. `extra` settings override ours; `binaries` are those of an older major version, for its own cluster.
 * Throws a {@link Sentence} when it cannot be.
 */
export async function startEmbedded(
  cluster: string,
  dataDir: string,
  extra: Record<string, string> = {},
  binaries: string = embeddedBinaries(),
): Promise<EmbeddedPostgres> {
  const user = serverUser(cluster)
  if (user) requireReachable(dataDir, user)
  const native = user ? reachableBinaries(binaries, dataDir, user) : binaries
  if (existsSync(cluster)) await stopLeftOver(cluster)
  else await createCluster(native, cluster, user)
  const sockets = socketFolder(user)
  for (let attempt = 1; ; attempt++) {
    const started = await launch(native, cluster, user, { ...SETTINGS, ...extra, unix_socket_directories: sockets })
    if (started.ok) return started.server
    // Backends of a server killed a moment ago still hold its shared memory for an instant.
    if (attempt < 50 && started.log.includes('shared memory block')) await sleep(200)
    else {
      rmSync(sockets, { recursive: true, force: true })
      throw new Sentence(`The database cannot start: ${reasonFrom(started.log)}`)
    }
  }
}

/** The address of the embedded server that runs on this cluster now, or null. */
export async function runningEmbedded(cluster: string): Promise<string | null> {
  const found = readPidFile(cluster)
  if (!found || !isOurs(found.pid, cluster)) return null
  const url = addressOf(found.sockets)
  return (await answers(url)) ? url : null
}

async function createCluster(native: string, cluster: string, user: ServerUser | null): Promise<void> {
  const draft = `${cluster}.new`
  try {
    rmSync(draft, { recursive: true, force: true })
    mkdirSync(draft, { mode: 0o700 })
    giveTo(draft, user)
  } catch (error) {
    throw new Sentence(`The database cannot be made in ${cluster}: ${diskReason(error)}.`, { cause: error })
  }
  const args = [
    '-D',
    draft,
    '-U',
    USER,
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-instructions',
    // Letters of all languages are letters, whatever the system's own locales are; Postgres brings this since 17.
    ...(majorOf(cluster) >= 17 || Number.isNaN(majorOf(cluster)) ? BUILTIN_LOCALE : []),
  ]
  try {
    await promisify(execFile)(join(native, 'bin', 'initdb'), args, { ...asUser(user), cwd: '/' })
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string }
    rmSync(draft, { recursive: true, force: true })
    throw new Sentence(`The database cannot be made in ${cluster}: ${reasonFrom(stderr)}`, { cause: error })
  }
  renameSync(draft, cluster)
}

type Launched = { ok: true; server: EmbeddedPostgres } | { ok: false; log: string }

async function launch(
  native: string,
  cluster: string,
  user: ServerUser | null,
  settings: typeof SETTINGS & { unix_socket_directories: string },
): Promise<Launched> {
  const sockets = settings.unix_socket_directories
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  // Its own process group: a Ctrl-C meant for us would stop it before our last writes are done.
  const child = spawn(join(native, 'bin', 'postgres'), ['-D', cluster, ...flags], {
    ...asUser(user),
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-8_000)
    if (process.env['POSTGRES_LOG']) appendFileSync(process.env['POSTGRES_LOG'], chunk)
  })
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    // Killed from outside it has no last word: what stands in the log is about something else.
    child.once('exit', (_code, signal) => resolve(signal === 'SIGKILL' ? 'it was killed (SIGKILL).' : reasonFrom(log)))
  })
  let gone = false
  void ended.then(() => {
    gone = true
  })
  const url = addressOf(sockets)
  while (!gone) {
    if (saysReady(cluster, child.pid)) {
      await ensureDatabase(sockets)
      return {
        ok: true,
        server: { url, pid: child.pid as number, ended, stop: (options) => stop(child, ended, sockets, options) },
      }
    }
    await sleep(5)
  }
  return { ok: false, log }
}

async function stop(
  child: ChildProcess,
  ended: Promise<string>,
  sockets: string,
  { patient = false } = {},
): Promise<void> {
  if (patient) {
    child.kill('SIGTERM')
    await Promise.race([ended, sleep(60_000, null, { ref: false })])
  }
  child.kill('SIGINT')
  const inTime = await Promise.race([ended, sleep(20_000, null, { ref: false })])
  if (inTime === null) child.kill('SIGQUIT')
  await ended
  rmSync(sockets, { recursive: true, force: true })
}

async function stopLeftOver(cluster: string): Promise<void> {
  const found = readPidFile(cluster)
  if (!found) return
  if (!isOurs(found.pid, cluster)) {
    // The process id was given to somebody else since: Postgres would believe it and refuse to start.
    rmSync(join(cluster, 'postmaster.pid'), { force: true })
    removeSockets(found.sockets)
    return
  }
  process.kill(found.pid, 'SIGINT')
  for (let waited = 0; isOurs(found.pid, cluster); waited += 50) {
    if (waited === 20_000) process.kill(found.pid, 'SIGQUIT')
    if (waited > 40_000)
      throw new Sentence(`An older database server (process ${found.pid}) does not stop. Stop it, then start again.`)
    await sleep(50)
  }
  removeSockets(found.sockets)
}

/** As pg_ctl sees it: from the file that the server writes about itself. */
function saysReady(cluster: string, pid: number | undefined): boolean {
  const found = readPidFile(cluster)
  return found !== null && found.pid === pid && found.state === 'ready'
}

function readPidFile(cluster: string): { pid: number; sockets: string; state: string } | null {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')
    return { pid: Number(lines[0]), sockets: lines[4] ?? '', state: (lines[7] ?? '').trim() }
  } catch {
    return null
  }
}

const isOurs = (pid: number, cluster: string) => processCommand(pid)?.includes(cluster) ?? false

/** Only a folder of our own making: the file that names it belongs to a user with fewer rights than ours. */
function removeSockets(dir: string): void {
  if (/^ritornello-\w{6}$/.test(basename(dir))) rmSync(dir, { recursive: true, force: true })
}

/** A Unix socket's whole path may have 107 bytes at most, so it lies in the system's folder for temporary files, whatever DATA_DIR is. */
function socketFolder(user: ServerUser | null): string {
  const base = Buffer.byteLength(tmpdir()) > 60 ? '/tmp' : tmpdir()
  const dir = mkdtempSync(join(base, 'ritornello-'))
  giveTo(dir, user)
  return dir
}

const addressOf = (sockets: string, database = DATABASE) =>
  `postgres://${USER}@localhost/${database}?host=${encodeURIComponent(sockets)}`

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function ensureDatabase(sockets: string): Promise<void> {
  if (await answers(addressOf(sockets))) return
  const client = new pg.Client({ connectionString: addressOf(sockets, 'postgres') })
  await client.connect()
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE])
  if (!rowCount) await client.query(`create database ${DATABASE}`)
  await client.end()
}

const asUser = (user: ServerUser | null) => ({
  ...(user ? { uid: user.uid, gid: user.gid } : {}),
  env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' },
})

/** The last thing that Postgres complained of, in one line. */
function reasonFrom(log: string): string {
  const lines = log.split('\n').filter((line) => /(FATAL|PANIC|ERROR|error|could not|HINT):?/.test(line))
  const line = (lines.at(-1) ?? log.trim().split('\n').at(-1) ?? '')
    .replace(/^.*?(FATAL|PANIC|ERROR|HINT|error): */, '')
    .trim()
  if (/No space left/.test(log)) return 'the disk is full.'
  return line ? `${line.replace(/\.$/, '')}.` : 'it gave no reason.'
}
