import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { processStart } from './processes/process-facts.ts'
import { Sentence } from './sentence.ts'

type Holder = { pid: number; start: string | null; host: string }
export type Lock = { release(): void }

const HEARTBEAT_MS = 5_000
const STALE_MS = 15_000

/**
 * Takes the lock file of a DATA_DIR, so that two programs never serve one folder. A holder that was killed is
 * recognised by its process's start time (a process id alone is soon used again); one on another host, as in a container made anew,
 * by its heartbeat. Throws a {@link Sentence} when somebody holds it.
 */
export async function takeLock(path: string): Promise<Lock> {
  const mine: Holder = { pid: process.pid, start: processStart(process.pid), host: hostname() }
  const draft = `${path}.${process.pid}`
  for (;;) {
    writeFileSync(draft, JSON.stringify(mine))
    try {
      linkSync(draft, path)
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      await refuseIfHeld(path)
      discard(path)
    } finally {
      rmSync(draft, { force: true })
    }
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
      rmSync(path, { force: true })
    },
  }
}

async function refuseIfHeld(path: string): Promise<void> {
  const holder = readHolder(path)
  if (!holder) return
  if (holder.host === hostname()) {
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
  return holder.host === hostname() ? isAlive(holder) : age(path) <= STALE_MS
}

const isAlive = (holder: Holder) => {
  const start = processStart(holder.pid)
  return start !== null && start === holder.start
}

function readHolder(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder
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

function discard(path: string): void {
  try {
    renameSync(path, `${path}.stale`)
    rmSync(`${path}.stale`, { force: true })
  } catch {
    // Another starter was faster: the next turn of the loop sees its lock.
  }
}
