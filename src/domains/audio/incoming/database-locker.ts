import { setTimeout as sleep } from 'node:timers/promises'
import { ERRORS, type Lock, type Locker } from '@tus/server'
import type pg from 'pg'

const CHANNEL = 'upload_wanted'
const PATIENCE_MS = 20_000
const PAUSE_MS = 150

/**
 * One writer a file, whichever process serves it: advisory locks of Postgres, all held by one connection of this process, so that those of
 * a process that dies are free at once. Whoever comes later asks the holder to let go (a half-open connection would hold for ever).
 */
export function databaseLocker(pool: pg.Pool): Locker & { close(): Promise<void> } {
  const held = new Map<string, () => void>()
  const trying = new Set<string>()
  let connection: Promise<pg.PoolClient> | null = null

  const connect = async (): Promise<pg.PoolClient> => {
    const client = await pool.connect()
    const { rows } = await client.query('select pg_backend_pid() as own')
    client.on('notification', ({ processId, payload }) => {
      if (processId !== rows[0].own) held.get(payload ?? '')?.()
    })
    // Its locks are gone with it: whoever wrote under one must stop.
    client.once('end', () => {
      connection = null
      for (const letGo of held.values()) letGo()
    })
    await client.query(`listen ${CHANNEL}`)
    return client
  }
  const client = () => {
    connection ??= connect().catch((error) => {
      connection = null
      throw error
    })
    return connection
  }
  // One question at a time on the one connection.
  let last: Promise<unknown> = Promise.resolve()
  const ask = (text: string, values: string[]): Promise<pg.QueryResult> => {
    const answer = last.then(async () => (await client()).query(text, values))
    last = answer.catch(() => undefined)
    return answer
  }

  async function take(id: string, letGo: () => void): Promise<boolean> {
    held.get(id)?.()
    if (held.has(id) || trying.has(id)) return false
    trying.add(id)
    try {
      const { rows } = await ask('select pg_try_advisory_lock(hashtextextended($1, 0)) as got', [id])
      if (rows[0].got) held.set(id, letGo)
      else await ask('select pg_notify($1, $2)', [CHANNEL, id])
      return rows[0].got
    } finally {
      trying.delete(id)
    }
  }

  return {
    newLock: (id): Lock => ({
      async lock(signal, letGo) {
        const until = Date.now() + PATIENCE_MS
        while (!(await take(id, () => void letGo()))) {
          if (signal.aborted) throw ERRORS.ABORTED
          if (Date.now() > until) throw ERRORS.ERR_LOCK_TIMEOUT
          await sleep(PAUSE_MS)
        }
      },
      async unlock() {
        await ask('select pg_advisory_unlock(hashtextextended($1, 0))', [id]).finally(() => held.delete(id))
      },
    }),
    async close() {
      for (const letGo of held.values()) letGo()
      const open = await connection?.catch(() => null)
      connection = null
      open?.release(true)
    },
  }
}
