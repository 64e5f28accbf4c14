import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Platform } from '../../../../platform/platform.ts'
import { openProvider } from '../../providers.store.ts'
import { type SmppLink, takeLink } from './link.ts'

export type Listening = {
  /** The providers that this process hears now. */
  readonly hearing: string[]
  close(): Promise<void>
}

/** How often providers are looked up, and how long a network that does not answer is left alone, at least and at most. */
export type ListenPatience = { lookMs: number; retryMs: number; mostRetryMs: number }
const PATIENCE: ListenPatience = { lookMs: 5_000, retryMs: 1_000, mostRetryMs: 60_000 }

/** The first key of the advisory locks by which the worker processes agree on who hears whom. */
const LOCK = 0x534d5050

type Heard = { said: string; stop: AbortController; done: Promise<void>; hears: boolean }

/**
 * Keeps one session with each SMPP network that is switched on, though nothing leaves: what fans write and the receipts of yesterday come in by it. Of all worker
 * processes one hears each network: whoever holds its lock, on a connection of its own that lasts as long as the process. A changed provider is heard anew.
 */
export function listenToNetworks(platform: Platform, patience: ListenPatience = PATIENCE): Listening {
  const { db, pool, sealer, log } = platform
  const heard = new Map<string, Heard>()
  const closing = new AbortController()

  async function look(client: pg.Client): Promise<void> {
    const wanted = await db
      .selectFrom('providers')
      .select('id')
      .where('kind', '=', 'smpp')
      .where('isEnabled', '=', true)
      .execute()
    for (const id of heard.keys()) if (!wanted.some((one) => one.id === id)) await forget(client, id)
    for (const { id } of wanted) {
      const provider = await openProvider(db, sealer, id)
      if (!provider) continue
      const said = JSON.stringify([provider.settings, provider.secrets])
      const known = heard.get(id)
      if (known?.said === said) continue
      if (known) await silence(id)
      else if (!(await lock(client, id))) continue
      const stop = new AbortController()
      const one: Heard = { said, stop, done: Promise.resolve(), hears: false }
      one.done = hear(takeLink(platform, provider), id, one)
      heard.set(id, one)
    }
  }

  /** One session after the other, until it is no longer wanted. */
  async function hear(link: SmppLink, id: string, one: Heard): Promise<void> {
    const { signal } = one.stop
    const stopped = new Promise<string>((resolve) => signal.addEventListener('abort', () => resolve('stopped')))
    let wait = patience.retryMs
    try {
      while (!signal.aborted) {
        const opened = await link.session()
        await say(id, opened.ok ? null : opened.error.problem)
        if (opened.ok) {
          wait = patience.retryMs
          one.hears = true
          const reason = await Promise.race([opened.value.ended, stopped])
          one.hears = false
          if (!signal.aborted)
            log.warn({ provider: id, reason }, 'a network of text messages is gone; we come back to it')
        }
        await sleep(wait, null, { signal, ref: false }).catch(() => undefined)
        wait = Math.min(wait * 2, patience.mostRetryMs)
      }
    } finally {
      link.release()
    }
  }

  /** What the studio shows beside the provider. */
  async function say(id: string, problem: string | null): Promise<void> {
    await db
      .updateTable('providers')
      .set({ problem })
      .where('id', '=', id)
      .where('problem', 'is distinct from', problem)
      .execute()
      .catch((error) => log.warn({ err: error, provider: id }, 'the state of a provider could not be written'))
  }

  async function silence(id: string): Promise<void> {
    const one = heard.get(id)
    heard.delete(id)
    one?.stop.abort()
    await one?.done
  }

  async function forget(client: pg.Client, id: string): Promise<void> {
    await silence(id)
    await client.query('select pg_advisory_unlock($1, hashtext($2))', [LOCK, id])
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
      // Without the lock, another process may hear them now.
      await Promise.all([...heard.keys()].map(silence))
      await client.end().catch(() => undefined)
    }
  }

  const life = (async () => {
    while (!closing.signal.aborted) {
      await once().catch((error) => log.warn({ err: error }, 'networks of text messages could not be looked up'))
      await sleep(patience.retryMs, null, { signal: closing.signal, ref: false }).catch(() => undefined)
    }
  })()

  return {
    get hearing() {
      return [...heard].flatMap(([id, { hears }]) => (hears ? [id] : []))
    },
    async close() {
      closing.abort()
      await life
    },
  }
}

async function lock(client: pg.Client, id: string): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1, hashtext($2)) as held', [
    LOCK,
    id,
  ])
  return rows[0]?.held ?? false
}
