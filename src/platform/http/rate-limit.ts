import { sql } from 'kysely'
import type { Db } from '../database/index.ts'
import type { Signer } from '../signing.ts'

export type Limit = {
  /** What is limited, for example `sign-in`. */
  name: string
  /** How many in one window. */
  most: number
  windowSeconds: number
}

type Deps = { db: Db; signer: Signer; now: () => Date }

/**
 * Counts one more of `limit` for `who` (an address, an account) and says whether it may go on. Shared by all processes.
 * The key is signed with the day, so that no address is stored and yesterday's cannot be told from today's.
 */
export async function allow(deps: Deps, limit: Limit, who: string): Promise<boolean> {
  const { key, windowStart } = windowOf(deps, limit, who)
  const { rows } = await sql<{ hits: number }>`
    insert into rate_limits (key, window_start, hits) values (${key}, ${windowStart}, 1)
    on conflict (key, window_start) do update set hits = rate_limits.hits + 1 returning hits`.execute(deps.db)
  return (rows[0]?.hits ?? 0) <= limit.most
}

/**
 * Whether `who` has used up `limit`, with nothing counted: where only what goes wrong is, and a whole hall may sit behind one address.
 * What goes wrong is told to {@link allow}.
 */
export async function isSpent(deps: Deps, limit: Limit, who: string): Promise<boolean> {
  const { key, windowStart } = windowOf(deps, limit, who)
  const { rows } = await sql<{ hits: number }>`
    select hits from rate_limits where key = ${key} and window_start = ${windowStart}`.execute(deps.db)
  return (rows[0]?.hits ?? 0) >= limit.most
}

function windowOf({ signer, now: clock }: Deps, limit: Limit, who: string): { key: string; windowStart: Date } {
  const now = clock()
  return {
    key: `${limit.name}:${signer.sign('rate-limit', `${now.toISOString().slice(0, 10)} ${limit.name} ${who}`)}`,
    windowStart: new Date(Math.floor(now.getTime() / (limit.windowSeconds * 1000)) * limit.windowSeconds * 1000),
  }
}

/** Forgets the windows that are over. */
export async function forgetOldLimits(db: Db): Promise<void> {
  await sql`delete from rate_limits where window_start < now() - interval '2 days'`.execute(db)
}
