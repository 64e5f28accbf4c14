import { spawn, spawnSync } from 'node:child_process'
import {
  chownSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@playwright/test'
import pg from 'pg'
import { forgetPlace, freePort, newPlace, type Program, runCommand, startProgram } from './support/program.ts'
import { databaseIn, NOBODY, postgres14, postgresOfTheirs, query } from './support/servers.ts'

/** No page and no browser here: the program is started, stopped and killed. */

const ROOT = resolve(import.meta.dirname, '..')
const isRoot = process.getuid?.() === 0

const newData = () => join(newPlace(), 'data')

/** A start that is to fail: what it says, and that it says it as a sentence, without a trace of where it happened. */
async function refused(env: Record<string, string>): Promise<string> {
  const { code, stdout, stderr } = await runCommand([], { PORT: String(await freePort()), HOST: '127.0.0.1', ...env })
  expect(code, stderr).toBe(1)
  expect(stdout).not.toContain('is ready')
  expect(stderr).not.toMatch(/^\s+at /m)
  return stderr
}

/** Writes one row after the other, and remembers those that the database said were kept. */
function writer(program: Program) {
  const kept: string[] = []
  let going = true
  const writing = (async () => {
    const client = new pg.Client({ connectionString: databaseIn(program.dataDir) })
    client.on('error', () => undefined)
    await client.connect()
    for (let n = 0; going; n++) {
      await client.query(`insert into site_settings (key, value) values ($1, '1')`, [`test ${n}`])
      kept.push(`test ${n}`)
    }
    await client.end()
  })().catch(() => undefined)
  return {
    kept,
    async stop() {
      going = false
      await writing
    },
  }
}

async function everythingKept(program: Program, kept: string[]): Promise<void> {
  const rows = await query(databaseIn(program.dataDir), `select key from site_settings where key like 'test %'`)
  const there = new Set(rows.map(({ key }) => key))
  expect(kept.filter((key) => !there.has(key))).toEqual([])
  expect(kept.length).toBeGreaterThan(10)
}

const serves = async (url: string) => (await fetch(`${url}/healthz`).catch(() => null))?.status === 200

test.describe('a start that cannot be says why', () => {
  test('a second one on the same data, a busy port', async () => {
    const program = await startProgram()
    expect(await refused({ DATA_DIR: program.dataDir })).toContain('already running on this data folder')
    expect(await refused({ DATA_DIR: newData(), PORT: String(program.port) })).toContain(
      `Port ${program.port} is taken`,
    )
    expect(await serves(program.url)).toBe(true)
    await program.stop()
    forgetPlace(program.dataDir)
  })

  test('a database that is not there, refuses the password, is too old, has no such name', async () => {
    const theirs = await postgresOfTheirs()
    const old = await postgres14()
    const DATA_DIR = newData()
    const at = (url: string) => refused({ DATA_DIR, DATABASE_URL: url })
    expect(await at(`postgres://music:music@127.0.0.1:${await freePort()}/music`)).toContain('nothing listens there')
    expect(await at(theirs.url.replace('music:music', 'music:wrong'))).toContain('refused the user or the password')
    expect(await at(theirs.url.replace('music:music', 'music:wrong'))).not.toContain('wrong')
    expect(await at(theirs.url.replace(/music$/, 'nothing'))).toContain('no database of that name')
    expect(await at('postgres://music@no-such-host.invalid/music')).toContain('no such host')
    expect(await at(old.url)).toContain('is Postgres 14. Ritornello needs 15 or newer.')
    expect(await at('mysql://here')).toContain('DATABASE_URL is set to something that cannot be used')
    await theirs.stop()
    await old.stop()
    forgetPlace(DATA_DIR)
  })

  test('a place that cannot be written or reached', async () => {
    const place = newPlace()
    writeFileSync(join(place, 'data'), 'a file')
    expect(await refused({ DATA_DIR: join(place, 'data') })).toContain('something that is not a folder is in its place')
    forgetPlace(join(place, 'data'))
    if (!isRoot) return
    const closed = mkdtempSync(join(tmpdir(), 'closed-'))
    expect(await refused({ DATA_DIR: join(closed, 'data') })).toContain(`because ${closed} is closed to others`)
    rmSync(closed, { recursive: true })
  })
})

test('data made by a newer version is refused by this one; the rows were saved before', async () => {
  const first = await startProgram()
  const { dataDir } = first
  await query(databaseIn(dataDir), `insert into site_settings (key, value) values ('name', '"Before"')`)
  await first.stop()
  const newer = newerProgram()
  const { status, stderr } = spawnSync(process.execPath, [join(newer, 'dist/server/main.js'), 'migrate'], {
    env: { PATH: process.env['PATH'], DATA_DIR: dataDir },
    encoding: 'utf8',
  })
  expect(status, stderr).toBe(0)
  const [saved = ''] = readdirSync(join(dataDir, 'backups'))
  expect(saved).toMatch(/^before-migration-\d{8}-\d{6}\.tar\.gz$/)
  expect(stderr).toContain(join(dataDir, 'backups', saved))
  expect(await refused({ DATA_DIR: dataDir })).toContain(
    'made by a newer version of Ritornello (it has "29990101-00-later"',
  )

  // Back to this version, with the rows of then.
  const restored = await runCommand(['restore', join(dataDir, 'backups', saved), '--yes', '--json'], {
    DATA_DIR: dataDir,
  })
  expect(restored.code, restored.stderr).toBe(0)
  expect(JSON.parse(restored.stdout).saved).toContain('before-restore-')
  const again = await startProgram({ dataDir })
  expect(await query(databaseIn(dataDir), 'select value from site_settings')).toEqual([{ value: 'Before' }])
  await again.stop()
  rmSync(newer, { recursive: true })
  forgetPlace(dataDir)
})

test.describe('stopped and killed', () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    test(`${signal} to all of its group, as a terminal sends it, leaves no process`, async () => {
      const dataDir = newData()
      const port = await freePort()
      const child = spawn(process.execPath, [join(ROOT, 'dist/server/main.js')], {
        detached: true,
        env: { PATH: process.env['PATH'], DATA_DIR: dataDir, PORT: String(port), HOST: '127.0.0.1' },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await new Promise<void>((done) =>
        child.stdout.on('data', (chunk) => String(chunk).includes('is ready') && done()),
      )
      const group = processesOf(dataDir, child.pid as number)
      expect(group.length).toBeGreaterThanOrEqual(4)
      process.kill(-(child.pid as number), signal)
      expect(await new Promise((done) => child.once('exit', done))).toBe(0)
      expect(group.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([])
      expect(existsSync(join(dataDir, 'lock.json'))).toBe(false)
      forgetPlace(dataDir)
    })

  test('a web or worker process that is killed is started again', async () => {
    const program = await startProgram()
    for (const name of ['web', 'work']) {
      const from = program.output().length
      await program.kill(new RegExp(`main\\.js ${name}$`))
      await program.printed(new RegExp(`The ${name} process ended \\(SIGKILL\\); it is started again`), from)
      await expect.poll(() => program.processes().some(({ command }) => command.endsWith(`main.js ${name}`))).toBe(true)
    }
    await expect.poll(() => serves(program.url)).toBe(true)
    await program.stop()
    forgetPlace(program.dataDir)
  })

  test('a database that is killed is started again, with everything that it had acknowledged', async () => {
    const program = await startProgram()
    const writing = writer(program)
    await sleep(5_500)
    const from = program.output().length
    await program.kill(/bin\/postgres -D/)
    await writing.stop()
    await program.printed(/The database stopped: it was killed \(SIGKILL\)\. Everything is started again/, from)
    await expect.poll(() => serves(program.url), { timeout: 30_000 }).toBe(true)
    await everythingKept(program, writing.kept)
    await program.stop()
    forgetPlace(program.dataDir)
  })

  for (const [name, which] of [
    ['the main process', /main\.js$/],
    ['everything', undefined],
  ] as const)
    test(`${name} killed: the next start recovers, with everything that was acknowledged`, async () => {
      const program = await startProgram()
      const { dataDir, port } = program
      const writing = writer(program)
      await sleep(1_000)
      await program.kill(which)
      await sleep(500)
      await writing.stop()
      const again = await startProgram({ dataDir, port })
      await everythingKept(again, writing.kept)
      expect(await serves(again.url)).toBe(true)
      await again.stop()
      expect(processesOf(dataDir)).toEqual([])
      forgetPlace(dataDir)
    })

  test('a process id that was given to another since does not stand in the way', async () => {
    const program = await startProgram()
    const { dataDir } = program
    await program.kill()
    const lock = join(dataDir, 'lock.json')
    writeFileSync(lock, JSON.stringify({ ...JSON.parse(readFileSync(lock, 'utf8')), pid: process.pid }))
    const pidFile = join(dataDir, 'postgres-18/postmaster.pid')
    writeFileSync(pidFile, readFileSync(pidFile, 'utf8').replace(/^\d+/, String(process.pid)))
    const again = await startProgram({ dataDir })
    await again.stop()
    forgetPlace(dataDir)
  })
})

test('any place will do: spaces, other scripts, longer than a socket’s name, a long TMPDIR', async () => {
  const place = newPlace()
  const dataDir = join(place, `my « données » 日本語 ${'long '.repeat(20)}`.trim(), 'data')
  const TMPDIR = join(place, 'temporary-'.repeat(12))
  mkdirSync(TMPDIR, { mode: 0o711 })
  mkdirSync(dirname(dataDir), { mode: 0o711 })
  expect(Buffer.byteLength(dataDir)).toBeGreaterThan(107)
  const program = await startProgram({ dataDir, env: { TMPDIR } })
  expect(await serves(program.url)).toBe(true)
  await program.stop()
  rmSync(place, { recursive: true })
})

test('an ordinary user starts it as well as root', async () => {
  if (!isRoot) return expect(isRoot, 'every other test here runs as an ordinary user').toBe(false)
  const place = newPlace()
  const dataDir = join(place, 'data')
  mkdirSync(dataDir)
  chownSync(dataDir, NOBODY.uid, NOBODY.gid)
  const port = await freePort()
  const child = spawn(process.execPath, [join(reachableProgram(place), 'dist/server/main.js')], {
    ...NOBODY,
    cwd: '/',
    env: { PATH: process.env['PATH'], DATA_DIR: dataDir, PORT: String(port), HOST: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk
    })
  const ended = new Promise((done) => child.once('exit', done))
  await expect.poll(() => output, { timeout: 60_000 }).toContain('is ready')
  expect(await serves(`http://127.0.0.1:${port}`)).toBe(true)
  child.kill('SIGTERM')
  expect(await ended, output).toBe(0)
  expect(processesOf(dataDir)).toEqual([])
  rmSync(place, { recursive: true })
})

/** This program with one more migration, as the next version will have. Returns its folder. */
function newerProgram(): string {
  const copy = mkdtempSync(join(tmpdir(), 'ritornello-newer-'))
  for (const part of ['dist', 'package.json']) cpSync(join(ROOT, part), join(copy, part), { recursive: true })
  for (const file of globSync('src/**/migrations/*.sql', { cwd: ROOT })) cpSync(join(ROOT, file), join(copy, file))
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  writeFileSync(
    join(copy, 'src/platform/migrations/29990101-00-later.sql'),
    `update site_settings set value = '"After"';`,
  )
  return copy
}

/** This program where everybody can read it: a checkout in a home folder may be closed to others. */
function reachableProgram(place: string): string {
  const reads = ['-e', `require('fs').readdirSync(${JSON.stringify(join(ROOT, 'node_modules/pg'))})`]
  if (spawnSync(process.execPath, reads, { ...NOBODY, cwd: '/' }).status === 0) return ROOT
  const copy = join(place, 'program')
  cpSync(ROOT, copy, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (from) => !/\/(\.git|test-results|src\/demo)$/.test(from),
  })
  return copy
}

function processesOf(dataDir: string, parent?: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8')
        return (
          command.includes(dataDir) ||
          Number(name) === parent ||
          Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent
        )
      } catch {
        return false
      }
    })
    .map(Number)
}
