import { sql } from 'kysely'
import type { Platform } from '../../../platform/platform.ts'
import type { OfferSource } from '../../exchange/index.ts'
import { type SenderColumns, senderOf } from '../../identity/index.ts'
import { replanLate } from './freeze.store.ts'
import { leaveDue } from './leave.ts'
import { announcementSettings } from './settings.store.ts'
import { stopWithdrawn } from './stop-withdrawn.ts'

/** Once a minute: what should have left does, text messages that missed their hours find the next ones, what was kept for a day goes. */
export async function tendAnnouncements(platform: Pick<Platform, 'db' | 'now'>, offers: OfferSource): Promise<void> {
  const { db, now } = platform
  await leaveDue(platform, offers)
  await stopWithdrawn(platform)
  const { rows } = await sql<SenderColumns>`
    select distinct artist_id as "artistId", label_id as "labelId" from deliveries
    where waits and state = 'queued' and not_after <= ${now()} and num_nonnulls(artist_id, label_id) = 1`.execute(db)
  for (const row of rows)
    await db
      .transaction()
      .execute(async (tx) =>
        replanLate(tx, { settings: await announcementSettings(tx, senderOf(row)), sender: senderOf(row), now: now() }),
      )
  await sql`delete from link_hits where at < ${now()}::timestamptz - interval '1 day'`.execute(db)
}
