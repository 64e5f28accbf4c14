import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { keyName } from './dkim.ts'
import type { Letter } from './letter.ts'
import type { SendingKeys } from './sending-domains.store.ts'
import type { FromThread, ToThread } from './signing-thread.ts'

export type Writing = FromThread['texts'][number]

/** An RSA-2048 signature takes a quarter of a millisecond and more; the thread that talks to servers and database is idle most of the time. */
const MOST = 4

/** It keeps nothing: with room it would only clear away later what it has done, and grow by a hundred megabytes. */
const LITTLE = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 8 }

type Thread = {
  worker: Worker
  /** Batches under way, by their number. */
  waiting: Map<number, { resolve(texts: Writing[]): void; reject(error: Error): void }>
  /** Whose keys it has, by what they are. */
  knows: Map<string, SendingKeys>
}

let threads: Thread[] = []
let next = 0

/** Writes and signs letters in threads of their own, in their order. Rejects when a thread dies: nothing has left then. */
export function writeLetters(letters: Letter[], keys: SendingKeys | null): Promise<Writing[]> {
  const thread = leastBusy()
  if (keys && thread.knows.get(keyName(keys)) !== keys) {
    thread.knows.set(keyName(keys), keys)
    tell(thread, { keys })
  }
  const batch = next++
  return new Promise((resolve, reject) => {
    thread.waiting.set(batch, { resolve, reject })
    thread.worker.ref()
    tell(thread, { batch, letters })
  })
}

const tell = ({ worker }: Thread, message: ToThread) => worker.postMessage(message)

function leastBusy(): Thread {
  const free = threads.find(({ waiting }) => waiting.size === 0)
  if (free) return free
  if (threads.length < Math.min(MOST, availableParallelism())) {
    const thread = start()
    threads.push(thread)
    return thread
  }
  return threads.toSorted((a, b) => a.waiting.size - b.waiting.size)[0] as Thread
}

function start(): Thread {
  // Bundled, it lies beside us as JavaScript (scripts/build.mjs).
  const entry = import.meta.url.endsWith('.ts') ? './signing-thread.ts' : './signing-thread.js'
  const worker = new Worker(new URL(entry, import.meta.url), { resourceLimits: LITTLE })
  const thread: Thread = { worker, waiting: new Map(), knows: new Map() }
  const end = (error: Error) => {
    threads = threads.filter((one) => one !== thread)
    for (const { reject } of thread.waiting.values()) reject(error)
    thread.waiting.clear()
  }
  worker.on('message', ({ batch, texts }: FromThread) => {
    thread.waiting.get(batch)?.resolve(texts)
    thread.waiting.delete(batch)
    // With nothing to do it keeps no process alive.
    if (thread.waiting.size === 0) worker.unref()
  })
  worker.once('error', (error) => end(error instanceof Error ? error : new Error(String(error))))
  worker.once('exit', (code) => end(new Error(`the signing thread ended with ${code}`)))
  worker.unref()
  return thread
}
