import type { Platform } from '../../platform/platform.ts'
import { type NewTouch, recordTouches } from './record.store.ts'

const FLUSH_MS = 500
const MOST = 20_000

export type TouchBuffer = { add(touch: NewTouch): void; flush(): Promise<void> }

/**
 * Gathers touches for half a second and writes them in one statement: a page that goes round the world costs the database two writes a
 * second. What is gathered when the program is killed is lost, up to a second of it; returns never pass through here.
 */
export function touchBuffer({ db, log }: Pick<Platform, 'db' | 'log'>): TouchBuffer {
  let held: NewTouch[] = []
  let timer: NodeJS.Timeout | null = null
  let writing: Promise<void> = Promise.resolve()

  async function write(): Promise<void> {
    timer = null
    const batch = held
    held = []
    try {
      await recordTouches(db, batch)
    } catch (error) {
      log.warn({ err: error, touches: batch.length }, 'touches could not be written; they are tried again')
      held = [...batch, ...held].slice(-MOST)
      schedule()
    }
  }
  function schedule(): void {
    timer ??= setTimeout(() => {
      writing = writing.then(write)
    }, FLUSH_MS).unref()
  }
  return {
    add(touch) {
      held.push(touch)
      schedule()
    },
    async flush() {
      if (timer) clearTimeout(timer)
      timer = null
      writing = writing.then(() => (held.length ? write() : undefined))
      await writing
    },
  }
}
