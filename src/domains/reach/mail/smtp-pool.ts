import type { Said } from './replies.rules.ts'
import type { Connection, Envelope } from './smtp-connection.ts'

/** A message that lost its connection before it was whole, or was told that the server leaves, finds another one so often. */
const TRIES = 3
/** After nobody answered, nobody is asked for a moment. */
const AWAY_MS = 3_000

export type Pool = {
  /** `mayBegin` is asked in the moment before the server is spoken to; null when it said no. */
  send(envelope: Envelope, message: Buffer, mayBegin: () => boolean): Promise<Said | null>
  close(): void
}

/**
 * Connections to one server, opened when they are needed and used again. A server that wants fewer gets fewer: what it refuses while others are
 * open waits for those.
 */
export function openPool(connect: () => Promise<Connection>, most: number): Pool {
  const idle: Connection[] = []
  const waiting: (() => void)[] = []
  let open = 0
  let limit = most
  let away: { reason: string; until: number } | null = null

  const wakeAll = () => {
    for (let wake = waiting.shift(); wake; wake = waiting.shift()) wake()
  }

  async function acquire(): Promise<Connection | { is: 'away'; reason: string }> {
    for (;;) {
      for (let found = idle.pop(); found; found = idle.pop()) {
        if (found.usable) return found
        open--
      }
      if (away && performance.now() < away.until) return { is: 'away', reason: away.reason }
      if (open < limit) {
        open++
        try {
          return await connect()
        } catch (error) {
          open--
          if (open === 0) {
            const reason = error instanceof Error ? error.message : String(error)
            away = { reason, until: performance.now() + AWAY_MS }
            wakeAll()
            return { is: 'away', reason }
          }
          limit = Math.max(1, Math.min(limit, open))
          continue
        }
      }
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }

  function release(connection: Connection): void {
    if (connection.usable) idle.push(connection)
    else open--
    waiting.shift()?.()
  }

  return {
    async send(envelope, message, mayBegin) {
      for (let attempt = 1; ; attempt++) {
        const connection = await acquire()
        if ('is' in connection) return connection
        if (!mayBegin()) {
          release(connection)
          return null
        }
        const said = await connection.send(envelope, message)
        if (said.is === 'refused' && said.code === 421) connection.close()
        release(connection)
        const nothingTaken = (said.is === 'cut' && !said.dotSent) || (said.is === 'refused' && said.code === 421)
        if (!nothingTaken || attempt === TRIES) return said
      }
    },
    close() {
      limit = 0
      for (const connection of idle.splice(0)) connection.close()
    },
  }
}
