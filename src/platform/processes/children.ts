import { type ChildProcess, fork } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

export type Child = {
  /** Resolves with the first message that the child sends, its sign of being ready. */
  ready: Promise<unknown>
  /** Resolves with a reason once the child has gone and will not be started again. */
  failed: Promise<string>
  stop(): Promise<void>
}

const GRACE_MS = 20_000
const PAUSES_MS = [0, 500, 2_000, 5_000]

/** In the environment of a child that is yet to be told the rest of it. */
const WAITS = 'RITORNELLO_WAITS'

/**
 * Runs this program again as a child with another command, and again when it dies, with growing pauses. A child that does not
 * get ready the first time is not tried again: something is wrong that time does not mend. The child drains and leaves on SIGTERM, or when its parent is gone (see {@link whenAskedToStop}).
 * @param rest variables of its environment that are not known yet; the child loads meanwhile (see {@link restOfEnvironment})
 */
export function keepRunning(
  command: string,
  env: NodeJS.ProcessEnv,
  rest: Promise<Record<string, string>>,
  log: (message: string) => void,
): Child {
  const ready = Promise.withResolvers<unknown>()
  const failed = Promise.withResolvers<string>()
  ready.promise.catch(() => undefined)
  let current: ChildProcess | null = null
  let stopping = false
  let wasReady = false

  const supervise = async () => {
    for (let deaths = 0; !stopping; deaths++) {
      await sleep(PAUSES_MS[Math.min(deaths, PAUSES_MS.length - 1)])
      if (stopping) break
      const child = fork(process.argv[1] as string, [command], {
        env: { ...env, [WAITS]: '1' },
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      })
      current = child
      // It may be gone by then; whoever waits for it sees that.
      rest.then((variables) => child.send(variables, () => undefined)).catch(() => undefined)
      child.once('message', (message) => {
        wasReady = true
        ready.resolve(message)
      })
      const started = Date.now()
      const code = await new Promise<string>((resolve) => {
        child.once('exit', (status, signal) => resolve(signal ?? `code ${status}`))
        child.once('error', (error) => resolve(error.message))
      })
      current = null
      if (stopping) break
      if (!wasReady) {
        failed.resolve(`The ${command} process ended before it was ready (${code}).`)
        break
      }
      if (Date.now() - started > 60_000) deaths = 0
      log(`The ${command} process ended (${code}); it is started again.`)
    }
  }
  void supervise()

  return {
    ready: ready.promise,
    failed: failed.promise,
    async stop() {
      stopping = true
      const child = current
      if (!child) return
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      const kill = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
      await gone
      clearTimeout(kill)
    },
  }
}

/** What a child does whose parent is gone before it has begun. */
const orphaned = () => process.exit(1)

/**
 * Waits, in a child of {@link keepRunning}, for what its parent still has to tell it, and puts it into `env`. Anywhere else there is
 * nothing to wait for.
 */
export async function restOfEnvironment(env: NodeJS.ProcessEnv): Promise<void> {
  if (!process.send || !env[WAITS]) return
  delete env[WAITS]
  leaveSignalsToParent()
  process.once('disconnect', orphaned)
  Object.assign(env, await new Promise((resolve) => process.once('message', resolve)))
}

/** Calls `stop` once, when a child is told to leave or finds its parent gone. */
export function whenAskedToStop(stop: () => void): void {
  let asked = false
  const once = () => {
    if (!asked) stop()
    asked = true
  }
  process.on('SIGTERM', once)
  if (process.send) {
    leaveSignalsToParent()
    process.on('disconnect', once)
    process.off('disconnect', orphaned)
  } else {
    process.on('SIGINT', once)
    process.on('SIGHUP', once)
  }
}

/** A Ctrl-C reaches the whole group and is the parent's to handle. */
function leaveSignalsToParent(): void {
  process.on('SIGINT', () => undefined)
  process.on('SIGHUP', () => undefined)
}
