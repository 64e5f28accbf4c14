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

/**
 * Counts one more of `limit` for `who` (an address, an account) and says whether it may go on. Shared by all processes.
 * The key is signed with the day, so that no address is stored and yesterday's cannot be told from today's.
 */
export async function allow(
  deps: { db: Db; signer: Signer; now: () => Date },
  limit: Limit,
  who: string,
): Promise<boolean> {
  const now = deps.now()
  const key = `${limit.name}:${deps.signer.sign('rate-limit', `${now.toISOString().slice(0, 10)} ${limit.name} ${who}`)}`
  const windowStart = new Date(Math.floor(now.getTime() / (limit.windowSeconds * 1000)) * limit.windowSeconds * 1000)
  const { rows } = await sql<{ hits: number }>`
    insert into rate_limits (key, window_start, hits) values (${key}, ${windowStart}, 1)
    on conflict (key, window_start) do update set hits = rate_limits.hits + 1 returning hits`.execute(deps.db)
  return (rows[0]?.hits ?? 0) <= limit.most
}

/** Forgets the windows that are over. */
export async function forgetOldLimits(db: Db): Promise<void> {
  await sql`delete from rate_limits where window_start < now() - interval '2 days'`.execute(db)
}
