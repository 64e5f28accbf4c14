import { sql } from 'kysely'
import type { Platform } from '../../../platform/platform.ts'
import type { Channel } from '../../fans/index.ts'
import { type AuditAction, audit, type SenderColumns, senderColumns, senderOf } from '../../identity/index.ts'
import { decideUncertain, wakeDeliveries } from '../enqueue.ts'
import type { AnnouncementState } from '../tables.ts'
import { replanLate } from './freeze.store.ts'
import { announcementSettings } from './settings.store.ts'

type Deps = Pick<Platform, 'db' | 'now'>
type Steered = { id: string; by: string }

async function become(
  { db, now }: Deps,
  { id, by }: Steered,
  { from, to, action }: { from: AnnouncementState[]; to: AnnouncementState; action: AuditAction },
): Promise<(SenderColumns & { channels: Channel[] }) | null> {
  return db.transaction().execute(async (tx) => {
    const changed = await tx
      .updateTable('announcements')
      .set({
        state: to,
        changedAt: now(),
        ...(to === 'cancelled' && { finishedAt: now() }),
        ...(to === 'leaving' && { stopped: null, refusals: 0, refusedSince: null }),
      })
      .where('id', '=', id)
      .where('state', 'in', from)
      .returning(['artistId', 'labelId', 'channels'])
      .executeTakeFirst()
    if (!changed) return null
    if (to === 'cancelled')
      await tx
        .updateTable('deliveries')
        .set({ state: 'cancelled', settledAt: now() })
        .where('announcementId', '=', id)
        .where('state', 'in', ['queued', 'held'])
        .where('digestId', 'is', null)
        .execute()
    if (to === 'leaving') {
      // Whoever lets it go on wants it said today.
      await tx
        .updateTable('deliveries')
        .set({ dueAt: sql`greatest(due_at, ${now()})`, lateSince: null })
        .where('announcementId', '=', id)
        .where('waits', '=', true)
        .where('state', '=', 'queued')
        .execute()
      const sender = senderOf(changed)
      await replanLate(tx, { settings: await announcementSettings(tx, sender), sender, now: now() })
      for (const channel of changed.channels) await wakeDeliveries(tx, { channel, ...senderColumns(sender) })
    }
    await audit(tx, { accountId: by, action, artistId: changed.artistId, labelId: changed.labelId })
    return changed
  })
}

/** Nothing more is handed over; what is being handed over in this moment is finished. */
export const pauseAnnouncement = async (deps: Deps, steered: Steered): Promise<boolean> =>
  (await become(deps, steered, { from: ['leaving'], to: 'paused', action: 'announcement.pause' })) !== null

/** Goes on where it was. Text messages whose hours passed meanwhile wait for their next ones. */
export const resumeAnnouncement = async (deps: Deps, steered: Steered): Promise<boolean> =>
  (await become(deps, steered, { from: ['paused'], to: 'leaving', action: 'announcement.resume' })) !== null

/** What has not left stays. */
export const cancelRest = async (deps: Deps, steered: Steered): Promise<boolean> =>
  (await become(deps, steered, {
    from: ['waiting', 'leaving', 'paused', 'sent'],
    to: 'cancelled',
    action: 'announcement.cancel',
  })) !== null

/** All deliveries of which nobody knows whether they arrived: sent again, or left as they are. Answers with how many there were. */
export async function decideAll(
  { db, now }: Deps,
  { id, by, decision }: Steered & { decision: 'again' | 'leave' },
): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ id: number } & SenderColumns>`
      select id, artist_id as "artistId", label_id as "labelId" from deliveries
      where announcement_id = ${id} and state = 'uncertain' and settled_at is null`.execute(tx)
    const decided = await decideUncertain(
      tx,
      rows.map((row) => row.id),
      decision,
      now(),
    )
    if (decided)
      await audit(tx, {
        accountId: by,
        action: decision === 'again' ? 'announcement.again' : 'announcement.leave',
        artistId: rows[0]?.artistId ?? null,
        labelId: rows[0]?.labelId ?? null,
      })
    return decided
  })
}
