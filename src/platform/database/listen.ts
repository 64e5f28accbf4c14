import pg from 'pg'
import { newToken } from '../ids.ts'

/** Hears what the database says on a channel, for as long as it is open. */
export type Ear = {
  /** Whether everything said is heard for certain: only then may something rest on having heard nothing. */
  readonly hearing: boolean
  close(): Promise<void>
}

type Heard = {
  /** Something was said, in a transaction that is committed. */
  said(): void
  /** From here on things may be missed, until hearing again. Also called once before the first `said`. */
  lost(): void
}

export type Patience = { pulseMs: number; answerMs: number; retryMs: number }
const PATIENCE: Patience = { pulseMs: 20_000, answerMs: 5_000, retryMs: 1_000 }
const PULSE = 'pulse:'

/**
 * Listens on `channel` by a connection of its own (Postgres LISTEN), and by a new one whenever that is lost. Every
 * `pulseMs` it says something to itself and waits to hear it: a connection that died in silence, or a pooler in between
 * that does not carry notifications, is found out.
 */
export function listen(pool: pg.Pool, channel: string, heard: Heard, patience: Patience = PATIENCE): Ear {
  let hearing = false
  let closed = false
  let end: (() => void) | null = null

  const lose = () => {
    hearing = false
    heard.lost()
  }

  async function once(): Promise<void> {
    const client = new pg.Client({ ...pool.options, keepAlive: true })
    const over = Promise.withResolvers<void>()
    end = over.resolve
    client.on('error', () => over.resolve())
    client.on('end', () => over.resolve())
    let pulse = ''
    let felt: (() => void) | null = null
    client.on('notification', ({ payload = '' }) => {
      if (!payload.startsWith(PULSE)) return heard.said()
      if (payload === pulse) felt?.()
    })
    const feel = async () => {
      pulse = PULSE + newToken(6)
      const answer = new Promise<true>((resolve) => {
        felt = () => resolve(true)
      })
      await client.query('select pg_notify($1, $2)', [channel, pulse])
      return Promise.race([answer, after(patience.answerMs)])
    }
    try {
      await client.connect()
      await client.query(`listen ${client.escapeIdentifier(channel)}`)
      while (!closed) {
        const alive = await Promise.race([feel(), over.promise, after(patience.answerMs * 2)])
        if (alive !== true) return
        // What was said before this moment concerned a time when nothing rested on us.
        hearing = !closed
        if ((await Promise.race([over.promise.then(() => 'over'), after(patience.pulseMs)])) === 'over') return
      }
    } finally {
      lose()
      void client.end().catch(() => undefined)
    }
  }

  const life = (async () => {
    while (!closed) {
      await once().catch(() => undefined)
      if (!closed) await after(patience.retryMs)
    }
  })()

  return {
    get hearing() {
      return hearing
    },
    async close() {
      closed = true
      hearing = false
      end?.()
      await Promise.race([life, after(patience.retryMs)])
    },
  }
}

/** Does not keep a process alive that has nothing else to do. */
const after = (ms: number): Promise<'late'> => new Promise((resolve) => setTimeout(resolve, ms, 'late').unref())
