import { linkSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { diskReason } from './data-dir.ts'
import { processStart } from './processes/process-facts.ts'
import { Sentence } from './sentence.ts'

type Holder = { pid: number; start: string | null; host: string; url?: string | undefined }
export type Lock = { release(): void }

const HEARTBEAT_MS = 5_000
const STALE_MS = 15_000

/** Where a process id means something: this machine, and inside it this container. */
const HERE = `${hostname()}${pidNamespace()}`

/**
 * Takes the lock file of a DATA_DIR, so that two programs never serve one folder. A holder that was killed is
 * recognised by its process's start time (a process id alone is soon used again); one on another host or in another container,
 * by its heartbeat. Throws a {@link Sentence} when somebody holds it, or it cannot be written.
 * @param url where the holder serves, for commands that print addresses beside it: see {@link servedAt}
 */
export async function takeLock(path: string, url?: string): Promise<Lock> {
  const mine = JSON.stringify({ pid: process.pid, start: processStart(process.pid), host: HERE, url } satisfies Holder)
  for (;;) {
    try {
      if (place(path, mine)) break
    } catch (error) {
      throw new Sentence(`The folder for the data, ${dirname(path)}, cannot be written: ${diskReason(error)}.`, {
        cause: error,
      })
    }
    const seen = read(path)
    await refuseIfHeld(path)
    discard(path, seen)
  }
  const beat = setInterval(() => {
    const now = new Date()
    try {
      utimesSync(path, now, now)
    } catch {
      // The folder went away under us: whatever writes there next will say so.
    }
  }, HEARTBEAT_MS)
  beat.unref()
  return {
    release() {
      clearInterval(beat)
      if (read(path) === mine) rmSync(path, { force: true })
    },
  }
}

/** False when a lock is there already. It appears with its content, or not at all. */
function place(path: string, content: string): boolean {
  const draft = `${path}.${process.pid}`
  try {
    writeFileSync(draft, content)
    linkSync(draft, path)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error
    return placeWithoutLinks(path, content)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Some network and memory-card file systems know no hard links. */
function placeWithoutLinks(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function refuseIfHeld(path: string): Promise<void> {
  const holder = readHolder(path)
  if (!holder) return
  if (holder.host === HERE) {
    if (isAlive(holder)) throw heldBy(path, `process ${holder.pid}`)
    return
  }
  for (let waited = 0; waited <= STALE_MS; waited += 1_000) {
    if (age(path) > STALE_MS) return
    await sleep(1_000)
  }
  throw heldBy(path, `a program on ${holder.host}`)
}

const heldBy = (path: string, who: string) =>
  new Sentence(
    `Ritornello is already running on this data folder (${who}, says ${path}). Stop it first, or choose another DATA_DIR.`,
  )

/** Whether the program that wrote this lock still runs. */
export function isLocked(path: string): boolean {
  const holder = readHolder(path)
  if (!holder) return false
  return holder.host === HERE ? isAlive(holder) : age(path) <= STALE_MS
}

/** Where the program that holds this lock serves; null when none does. */
export const servedAt = (path: string): string | null => (isLocked(path) ? (readHolder(path)?.url ?? null) : null)

const isAlive = (holder: Holder) => {
  const start = processStart(holder.pid)
  return start !== null && start === holder.start
}

function readHolder(path: string): Holder | null {
  try {
    return JSON.parse(read(path) ?? '') as Holder
  } catch {
    return null
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

const age = (path: string) => {
  try {
    return Date.now() - statSync(path).mtimeMs
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/** Removes a lock of the dead, unless another starter has put its own in its place meanwhile. */
function discard(path: string, seen: string | null): void {
  const aside = `${path}.stale.${process.pid}`
  try {
    renameSync(path, aside)
    if (read(aside) !== seen) linkSync(aside, path)
  } catch {
    // Another starter was faster: the next turn of the loop sees its lock.
  }
  rmSync(aside, { force: true })
}

function pidNamespace(): string {
  try {
    return ` ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return ''
  }
}
