import '../tables.ts'
import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'
import type { Channel } from '../../fans/index.ts'
import { providerFor } from '../providers.store.ts'

/** What waited so long for a server or a network is old news: whoever sent it may not want it said any more. The trouble of a weekend is over before. */
export const TOO_LATE_DAYS = 3

/** Why it does not leave any more by itself; other reasons are the words of a server. */
export const WAITED = 'waited'

/**
 * Nothing leaves days late by itself. An announcement of which something was due and nothing left for so long, on some channel, is paused, and a person
 * decides. Messages with words of their own (answers, notices, letters) for which there was no way out have failed, and are shown so.
 */
export async function restTooLate(db: Db, now: Date): Promise<void> {
  const before = new Date(now.getTime() - TOO_LATE_DAYS * 24 * 3_600_000)
  await sql`
    update announcements a set state = 'paused', stopped = ${WAITED}, changed_at = ${now}
    where a.state = 'leaving' and a.leaves_at < ${before} and exists (
      select from unnest(a.channels) as c(channel)
      where exists (select from deliveries d where d.announcement_id = a.id and d.channel = c.channel and d.waits and d.state = 'queued'
          and coalesce(d.late_since, d.due_at) < ${before})
        and not exists (select from deliveries d where d.announcement_id = a.id and d.channel = c.channel and d.handed_at >= ${before}))`.execute(
    db,
  )
  const { rows } = await sql<{ channel: Channel; artistId: string | null; labelId: string | null }>`
    select distinct channel, artist_id as "artistId", label_id as "labelId" from deliveries
    where announcement_id is null and waits and state = 'queued' and coalesce(late_since, due_at) < ${before}`.execute(
    db,
  )
  for (const { channel, artistId, labelId } of rows) {
    // Many that leave at a rate are late and yet on their way.
    if (await leads(db, await providerFor(db, channel, { artistId, labelId }))) continue
    await sql`
      update deliveries set state = 'failed', problem = ${WAITED}, settled_at = ${now}
      where announcement_id is null and waits and state = 'queued' and coalesce(late_since, due_at) < ${before} and channel = ${channel}
        and artist_id is not distinct from ${artistId}::uuid and label_id is not distinct from ${labelId}::uuid`.execute(
      db,
    )
  }
}

/** Whether it took the last message that it was given. */
async function leads(db: Db, providerId: string | null): Promise<boolean> {
  if (!providerId) return false
  const refusing = await db
    .selectFrom('handPauses')
    .select('strikes')
    .where('providerId', '=', providerId)
    .where('domain', '=', '')
    .executeTakeFirst()
  return !refusing
}
