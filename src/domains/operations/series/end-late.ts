import { sql } from 'kysely'
import type { Platform } from '../../../platform/platform.ts'
import { endFollowings } from '../../fans/index.ts'

const DAY = 24 * 3_600_000

/** Who said yes to a series after it had closed and told everybody is told of nothing: what they asked for ends a day later. */
export async function endLate({ db, now }: Pick<Platform, 'db' | 'now'>): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select o.id from operations o where o.state = 'closed' and o.closed_at < ${new Date(now().getTime() - DAY)}
      and exists (select from followings f where f.subject = 'operation:' || o.id)`.execute(db)
  for (const { id } of rows) await db.transaction().execute((tx) => endFollowings(tx, `operation:${id}`))
}
