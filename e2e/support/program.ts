import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const ROOT = resolve(import.meta.dirname, '../..')
const START_WITHIN_MS = 90_000
/** With nobody to wait for, draining takes a moment; a child that has to be killed at the end of its grace takes longer. */
const STOP_WITHIN_MS = 10_000

/** The real program, running in processes of its own. */
export type Program = {
  /** Where it serves, as it printed it, without a slash at the end. */
  url: string
  port: number
  dataDir: string
  /** The one-time link that makes the first owner; null once there is one. */
  setUpLink: string | null
  /** Everything that it has printed so far, both streams together. */
  output(): string
  /** Every process of it that lives now: its own, its children's, its database's. */
  processes(): Process[]
  /** Waits until what it prints matches, from a given length of output on; returns the match. */
  printed(pattern: RegExp, from?: number): Promise<RegExpMatchArray>
  /** Ends it as Ctrl-C does, and throws when a process of it is left. */
  stop(): Promise<void>
  /** `kill -9` of all its processes, or of those whose command matches; nothing is drained. */
  kill(which?: RegExp): Promise<void>
}

export type Process = { pid: number; parent: number; command: string }

export type StartOptions = {
  /** Data of an earlier start; a new folder by default, that {@link Program.stop} does not take away. */
  dataDir?: string
  port?: number
  /** More of the environment, for example DATABASE_URL. */
  env?: Record<string, string>
  /** What follows `ritornello`, nothing by default: the whole program. */
  args?: string[]
}

/**
 * A new place for data. As root the database runs as another user, who must be able to pass through every folder
 * that leads to it; mkdtemp makes one that nobody else can.
 */
export function newPlace(): string {
  const place = mkdtempSync(join(tmpdir(), 'ritornello-e2e-'))
  chmodSync(place, 0o711)
  return place
}

/**
 * Starts `dist/` as `npm start` does and waits until it says that it is ready.
 * @throws Error with all that it printed, when it ends or stays silent instead
 */
export async function startProgram(options: StartOptions = {}): Promise<Program> {
  const dataDir = options.dataDir ?? join(newPlace(), 'data')
  const port = options.port ?? (await freePort())
  const child = spawnProgram(options.args ?? [], {
    ...options.env,
    DATA_DIR: dataDir,
    PORT: String(port),
    HOST: '127.0.0.1',
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
    })
  }
  const ended = new Promise<number | null>((done) => child.once('exit', done))
  const printed = async (pattern: RegExp, from = 0) => {
    for (const began = Date.now(); Date.now() - began < START_WITHIN_MS; await sleep(25)) {
      const match = output.slice(from).match(pattern)
      if (match) return match
      if (child.exitCode !== null) break
    }
    await killAll(descendants(child.pid, dataDir))
    if (!options.dataDir) forgetPlace(dataDir)
    throw new Error(`The program did not print ${pattern} (exit code ${child.exitCode}). It printed:\n${output}`)
  }
  const ready = await printed(/Ritornello is ready at (\S+)\s*\n/)
  // Printed in the same breath, but perhaps in the next chunk.
  await sleep(50)
  return {
    url: (ready[1] ?? '').replace(/\/$/, ''),
    port,
    dataDir,
    setUpLink: output.match(/Open this link, once[^\n]*\n(\S+)/)?.[1] ?? null,
    output: () => output,
    processes: () => descendants(child.pid, dataDir),
    printed,
    async stop() {
      const before = descendants(child.pid, dataDir)
      child.kill('SIGINT')
      const late = sleep(STOP_WITHIN_MS, 'late' as const, { ref: false })
      const code = await Promise.race([ended, late])
      const left = before.filter(stillThere)
      await killAll([...left, ...descendants(child.pid, dataDir)])
      if (code === 'late') throw new Error(`The program did not stop within ${STOP_WITHIN_MS / 1000} s.\n${output}`)
      if (code !== 0) throw new Error(`The program ended with ${code} when asked to stop.\n${output}`)
      if (left.length > 0)
        throw new Error(`Left behind: ${left.map(({ pid, command }) => `${pid} ${command}`).join('; ')}`)
    },
    async kill(which) {
      const all = descendants(child.pid, dataDir)
      await killAll(which ? all.filter(({ command }) => which.test(command)) : all)
      if (!which) await ended
    },
  }
}

/** Runs one command of the program to its end, as `./ritornello COMMAND` does. */
export async function runCommand(
  args: string[],
  env: Record<string, string>,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawnProgram(args, env)
  const said = { stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    said.stdout += chunk
  })
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    said.stderr += chunk
  })
  const code = await new Promise<number | null>((done) => child.once('close', done))
  return { code, ...said }
}

function spawnProgram(args: string[], env: Record<string, string>): ChildProcess {
  const main = join(ROOT, 'dist/server/main.js')
  if (!existsSync(main)) throw new Error('dist/ is not there: run `node scripts/prepare.mjs --dev` first.')
  const { PATH = '', HOME = '', TMPDIR } = process.env
  return spawn(process.execPath, [main, ...args], {
    cwd: ROOT,
    env: { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Takes away a place made by {@link newPlace}, or the data in it. */
export function forgetPlace(dataDir: string): void {
  const place = dataDir.replace(/\/data$/, '')
  if (!place.includes('ritornello-e2e-')) throw new Error(`${place} was not made by a journey.`)
  rmSync(place, { recursive: true, force: true })
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  await new Promise((done) => server.close(done))
  if (address === null || typeof address === 'string') throw new Error('No port is free.')
  return address.port
}

/** All the processes under this one, and whatever names this data folder: a database in a group of its own does. */
function descendants(root: number | undefined, dataDir: string): Process[] {
  const all = everyProcess()
  const ours = new Set(
    all.filter(({ pid, command }) => pid === root || command.includes(dataDir)).map(({ pid }) => pid),
  )
  for (let before = -1; before !== ours.size; ) {
    before = ours.size
    for (const { pid, parent } of all) if (ours.has(parent)) ours.add(pid)
  }
  return all.filter(({ pid }) => ours.has(pid) && pid !== process.pid)
}

/** From /proc, which needs no program; elsewhere from ps. */
function everyProcess(): Process[] {
  if (!existsSync('/proc/self/stat')) {
    const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n')
    return lines.flatMap((line) => {
      const [, pid, parent, command] = line.match(/^\s*(\d+)\s+(\d+)\s+(.*)$/) ?? []
      return pid && parent ? [{ pid: Number(pid), parent: Number(parent), command: command ?? '' }] : []
    })
  }
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      if (state === 'Z') return []
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
      return [{ pid: Number(name), parent: Number(parent), command }]
    } catch {
      return []
    }
  })
}

const stillThere = (one: Process) =>
  everyProcess().some(({ pid, command }) => pid === one.pid && command === one.command)

async function killAll(processes: Process[]): Promise<void> {
  for (const { pid } of processes) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended by itself meanwhile.
    }
  }
  for (let waited = 0; waited < 5000 && processes.some(stillThere); waited += 25) await sleep(25)
}
