import type { Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Subject } from '../../exchange/index.ts'
import type { Channel } from '../../fans/index.ts'
import type { Segment } from '../segment.rules.ts'
import { saveThings, saveVariants } from './announcement.store.ts'
import type { Variant } from './words.rules.ts'

export type AtOnce = {
  artistId: string
  subject: Subject
  segment: Segment
  channels: Channel[]
  variants: Variant[]
  timeZone: string
  at: Date
}

/**
 * Makes an announcement that leaves by itself, as one that somebody pressed "send" for long before: from the commit on, once, with the caller's
 * transaction. From there it is an announcement like any other, with its gift, its links and its limits. Answers with its id.
 */
export async function announceAtOnce(
  tx: Tx,
  { artistId, subject, segment, variants, at, ...how }: AtOnce,
): Promise<string> {
  const id = newId(at.getTime())
  await tx
    .insertInto('announcements')
    .values({
      ...{ id, artistId, ...how, segment: JSON.stringify(segment), state: 'waiting', undoMinutes: 0, leavesAt: at },
      ...{ createdAt: at, changedAt: at, createdBy: null, sendAt: null, localTime: null },
      ...{ frozenAt: null, finishedAt: null, giftId: null },
    })
    .execute()
  await saveThings(tx, id, [subject])
  await saveVariants(tx, id, variants)
  await addJob(tx, 'reach.leave', { announcementId: id }, { key: `reach.leave:${id}` })
  return id
}
