import type { Tx } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { recordTouches, type Subject } from '../exchange/index.ts'
import { announcementById } from './announce/announcement.store.ts'
import { beginAnnouncement, saveWords, wordsOf } from './announce/draft.ts'
import { leaveAnnouncement } from './announce/leave.ts'
import { sendAnnouncement } from './announce/send.ts'
import { wordsDigest } from './announce/words.form.ts'
import type { Variant } from './announce/words.rules.ts'

export type DemoAnnouncement = { artistId: string; subject: Subject; by: string; variants: Variant[] }

/** Writes an announcement of the demonstration as a person would. Answers with its id. */
export async function writeDemoAnnouncement(
  platform: Pick<Platform, 'db' | 'now'>,
  { artistId, subject, by, variants }: DemoAnnouncement,
): Promise<string> {
  const id = await beginAnnouncement(platform, { sender: { artistId }, subject, zone: 'Europe/Paris', by })
  const begun = await announcementById(platform.db, id)
  const channels = ['mail' as const, 'sms' as const, 'push' as const]
  const words = { subjects: [subject], channels, plainLetters: false, variants }
  if (begun) await saveWords(platform, { id, words, seen: wordsDigest(wordsOf(begun)), digest: wordsDigest })
  return id
}

/**
 * Lets an announcement of the demonstration have left at `at`: its audience is frozen as any other, and what would have become of each
 * message is written down, since nobody there can be written to.
 */
export async function pretendSent(
  platform: Pick<Platform, 'db' | 'now'>,
  id: string,
  at: Date,
  by: string,
): Promise<void> {
  const then = { ...platform, now: () => at }
  await sendAnnouncement(then, async () => [], {
    id,
    asked: { when: 'now', at: '', zone: 'Europe/Paris' },
    undoMinutes: 5,
    by,
  })
  const left = new Date(at.getTime() + 6 * 60_000)
  await leaveAnnouncement({ ...platform, now: () => left }, async () => [], { announcementId: id })
  await platform.db.transaction().execute((tx) => settleDemo(tx, id, left))
}

async function settleDemo(tx: Tx, announcementId: string, at: Date): Promise<void> {
  const rows = await tx
    .selectFrom('deliveries')
    .innerJoin('fans', 'fans.id', 'deliveries.fanId')
    .select(['deliveries.id', 'deliveries.channel', 'artistId', 'personId'])
    .where('announcementId', '=', announcementId)
    .where('state', '=', 'queued')
    .orderBy('deliveries.id')
    .execute()
  const mails = rows.filter(({ channel }) => channel === 'mail')
  const bounced = mails.filter((_, place) => place % 20 === 7).map(({ id }) => id)
  const arrived = rows.filter(({ id }) => !bounced.includes(id))
  if (bounced.length)
    await tx
      .updateTable('deliveries')
      .set({ state: 'bounced', problem: 'hard-bounce', settledAt: at })
      .where('id', 'in', bounced)
      .execute()
  await tx
    .updateTable('deliveries')
    .set({ state: 'delivered', handedAt: at, settledAt: at })
    .where('announcementId', '=', announcementId)
    .where('state', '=', 'queued')
    .execute()
  await tx
    .updateTable('announcements')
    .set({ state: 'sent', finishedAt: at })
    .where('id', '=', announcementId)
    .execute()
  const subject = `announcement:${announcementId}` as const
  await recordTouches(
    tx,
    arrived.flatMap(({ id, channel, artistId, personId }) =>
      artistId
        ? [
            {
              key: `delivery:${id}`,
              artistId,
              subject,
              givenAs: subject,
              personId,
              channel,
              referrer: null,
              token: null,
              at,
            },
          ]
        : [],
    ),
  )
}
