import { sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { type OfferSource, recordGift } from '../../exchange/index.ts'
import { wakeDeliveries } from '../enqueue.ts'
import { announcementById } from './announcement.store.ts'
import { freezeAudience } from './freeze.store.ts'
import { aimOf } from './send.ts'

type Deps = Pick<Platform, 'db' | 'now'>

/**
 * Lets an announcement leave once its time has come: its audience is frozen and its gift recorded, in one transaction. Safe to call twice and
 * by several at once: it is frozen once. Answers with how many deliveries there are, or null when it was not its time.
 */
export async function leaveAnnouncement(
  { db, now }: Deps,
  offers: OfferSource,
  { announcementId }: { announcementId: string },
): Promise<number | null> {
  return db.transaction().execute(async (tx) => {
    const announcement = await announcementById(tx, announcementId, { lock: true })
    const at = now()
    if (
      announcement?.state !== 'waiting' ||
      announcement.frozenAt ||
      !announcement.leavesAt ||
      announcement.leavesAt > at
    )
      return null
    const { artistId, segment, channels } = announcement
    await oneAtATime(tx, artistId)
    const giftId = await recordGift(tx, {
      artistId,
      kind: 'announcement',
      subject: `announcement:${announcementId}`,
      at,
      audience: segment.all.length ? 'segment' : 'everyone',
    })
    const count = await freezeAudience(tx, await aimOf(tx, offers, announcement, at))
    await tx
      .updateTable('announcements')
      .set({ state: 'leaving', frozenAt: at, giftId, version: sql`version + 1` })
      .where('id', '=', announcementId)
      .execute()
    for (const channel of channels) await wakeDeliveries(tx, { channel, artistId, labelId: null })
    return count
  })
}

/** Two announcements of one artist are frozen one after the other, so that a limit counts both. */
const oneAtATime = (tx: Tx, artistId: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${artistId}, 85))`.execute(tx)

/** Every announcement whose time has come, though the job that should have let it leave was lost. */
export async function leaveDue(deps: Deps, offers: OfferSource): Promise<void> {
  const due = await deps.db
    .selectFrom('announcements')
    .select('id')
    .where('state', '=', 'waiting')
    .where('leavesAt', '<=', deps.now())
    .orderBy('leavesAt')
    .execute()
  for (const { id } of due) await leaveAnnouncement(deps, offers, { announcementId: id })
}
