import { sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { giverOf, type OfferSource, recordGift } from '../../exchange/index.ts'
import { type Sender, senderColumns, senderId } from '../../identity/index.ts'
import { wakeDeliveries } from '../enqueue.ts'
import { announcementById, type Thing } from './announcement.store.ts'
import { CLOSED, hasClosed } from './for-members.ts'
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
    const { sender, things, channels } = announcement
    await oneAtATime(tx, sender)
    // Held until this is done: who takes their right back stops it now, or finds it leaving.
    if ('labelId' in sender)
      await tx.selectFrom('mandates').select('id').where('labelId', '=', sender.labelId).forShare().execute()
    const given: { thing: Thing; givenBy: string }[] = []
    for (const thing of things) {
      const givenBy = await giverOf(offers, tx, sender, thing.subject)
      if (givenBy) given.push({ thing, givenBy })
    }
    // Its words speak of all that it gives: it leaves with all of it, or not.
    if (given.length < things.length) {
      await tx
        .updateTable('announcements')
        .set({ state: 'cancelled', finishedAt: at })
        .where('id', '=', announcementId)
        .execute()
      return 0
    }
    // It was to be told to members alone: of what is closed to them it tells nobody, and a person decides.
    if (await hasClosed(tx, offers, announcement, at)) {
      await tx
        .updateTable('announcements')
        .set({ state: 'draft', leavesAt: null, stopped: CLOSED, changedAt: at, version: sql`version + 1` })
        .where('id', '=', announcementId)
        .execute()
      return 0
    }
    const aim = await aimOf(tx, offers, announcement, at)
    const gift = { kind: 'announcement', at, audience: aim.segment.all.length ? 'segment' : 'everyone' }
    // What comes back of it is theirs whose music it is (docs/decisions/0055).
    const first = given[0]?.givenBy ?? senderId(sender)
    const giftId = await recordGift(tx, { ...gift, artistId: first, subject: `announcement:${announcementId}` })
    const heads = new Map([[first, giftId]])
    for (const [position, { thing, givenBy }] of given.entries()) {
      const together = heads.get(givenBy) ?? null
      const id = position
        ? await recordGift(tx, { ...gift, artistId: givenBy, subject: thing.gift, operationId: together })
        : giftId
      heads.set(givenBy, together ?? id)
      await tx
        .updateTable('announcementThings')
        // Of its own post a label asks nobody.
        .set({ givenBy: givenBy === senderId(sender) && 'labelId' in sender ? null : givenBy, giftId: id })
        .where('announcementId', '=', announcementId)
        .where('position', '=', position)
        .execute()
    }
    const count = await freezeAudience(tx, aim)
    await tx
      .updateTable('announcements')
      .set({ state: 'leaving', frozenAt: at, giftId, version: sql`version + 1` })
      .where('id', '=', announcementId)
      .execute()
    for (const channel of channels) await wakeDeliveries(tx, { channel, ...senderColumns(sender) })
    return count
  })
}

/** What one artist or label says to many is decided one after the other, so that a limit counts all of it. Held until the end of the transaction. */
export const oneAtATime = (tx: Tx, sender: Sender) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${senderId(sender)}, 85))`.execute(tx)

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
