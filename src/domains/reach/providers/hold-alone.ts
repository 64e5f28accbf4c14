import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Platform } from '../../../platform/platform.ts'
import type { OpenedProvider } from '../channel.types.ts'
import { openProvider } from '../providers.store.ts'
import type { ProviderKind } from '../tables.ts'

export type Holding = { close(): Promise<void> }

/** How often providers are looked up, and how long one that does not answer is left alone, at least and at most. */
export type HoldPatience = { lookMs: number; retryMs: number; mostRetryMs: number }
export const HOLD_PATIENCE: HoldPatience = { lookMs: 5_000, retryMs: 1_000, mostRetryMs: 60_000 }

type Held = { said: string; stop: AbortController; done: Promise<void> }

export type HoldAlone = {
  kind: Extract<ProviderKind, 'smpp' | 'imap'>
  /** The first key of the advisory locks by which the worker processes agree on who holds whom. */
  lock: number
  /** Providers that are left alone though they are switched on. */
  unwanted?: string[]
  patience: HoldPatience
  /** Lives with one provider until the signal says to stop; never rejects. */
  live(provider: OpenedProvider, signal: AbortSignal): Promise<void>
}

/**
 * Lives with every provider of a kind that is switched on: of all worker processes one with each, whoever holds its lock, on a connection of its own
 * that lasts as long as the process. With a provider that was changed it begins anew.
 */
export function holdAlone(platform: Platform, { kind, lock, unwanted = [], patience, live }: HoldAlone): Holding {
  const { db, pool, sealer, log } = platform
  const held = new Map<string, Held>()
  const closing = new AbortController()

  async function look(client: pg.Client): Promise<void> {
    const rows = await db
      .selectFrom('providers')
      .select('id')
      .where('kind', '=', kind)
      .where('isEnabled', '=', true)
      .execute()
    const wanted = rows.filter(({ id }) => !unwanted.includes(id))
    for (const id of held.keys()) if (!wanted.some((one) => one.id === id)) await forget(client, id)
    for (const { id } of wanted) {
      const provider = await openProvider(db, sealer, id)
      if (!provider) continue
      const said = JSON.stringify([provider.settings, provider.secrets])
      const known = held.get(id)
      if (known?.said === said) continue
      if (known) await silence(id)
      else if (!(await take(client, id))) continue
      const stop = new AbortController()
      held.set(id, { said, stop, done: live(provider, stop.signal) })
    }
  }

  async function silence(id: string): Promise<void> {
    const one = held.get(id)
    held.delete(id)
    one?.stop.abort()
    await one?.done
  }

  async function take(client: pg.Client, id: string): Promise<boolean> {
    const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1, hashtext($2)) as held', [
      lock,
      id,
    ])
    return rows[0]?.held ?? false
  }

  async function forget(client: pg.Client, id: string): Promise<void> {
    await silence(id)
    await client.query('select pg_advisory_unlock($1, hashtext($2))', [lock, id])
  }

  async function once(): Promise<void> {
    const client = new pg.Client({ ...pool.options, keepAlive: true })
    const over = Promise.withResolvers<void>()
    client.on('error', () => over.resolve())
    client.on('end', () => over.resolve())
    try {
      await client.connect()
      while (!closing.signal.aborted) {
        await look(client)
        const gone = over.promise.then(() => 'gone')
        const next = sleep(patience.lookMs, 'look', { signal: closing.signal, ref: false }).catch(() => 'stop')
        if ((await Promise.race([gone, next])) === 'gone') return
      }
    } finally {
      // Without the lock, another process may live with them now.
      await Promise.all([...held.keys()].map(silence))
      await client.end().catch(() => undefined)
    }
  }

  const life = (async () => {
    while (!closing.signal.aborted) {
      await once().catch((error) => log.warn({ err: error, kind }, 'providers could not be looked up'))
      await sleep(patience.retryMs, null, { signal: closing.signal, ref: false }).catch(() => undefined)
    }
  })()

  return {
    async close() {
      closing.abort()
      await life
    },
  }
}

/** What the studio shows beside a provider that is lived with. */
export async function sayProblem(
  { db, log }: Pick<Platform, 'db' | 'log'>,
  id: string,
  problem: string | null,
): Promise<void> {
  await db
    .updateTable('providers')
    .set({ problem })
    .where('id', '=', id)
    .where('problem', 'is distinct from', problem)
    .execute()
    .catch((error) => log.warn({ err: error, provider: id }, 'the state of a provider could not be written'))
}
