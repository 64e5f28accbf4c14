import './tables.ts'
import { sql } from 'kysely'
import type { Platform } from '../../platform/platform.ts'
import { describe, isSubject, type Subjects } from '../exchange/index.ts'
import { givenMessage } from '../fans/index.ts'
import { enqueueOne } from './enqueue.ts'

/** Hears `fans.given`: the link to a download leaves to the address that was given for it, once for each time it is asked for. */
export async function giveLink(
  platform: Pick<Platform, 'db' | 'config' | 'signer' | 'now'>,
  subjects: Subjects,
  { takingId }: { takingId: string },
): Promise<void> {
  await platform.db.transaction().execute(async (tx) => {
    const message = await givenMessage(tx, platform, {
      takingId,
      titleOf: async (subject) =>
        isSubject(subject) ? ((await describe(tx, subjects, [subject])).get(subject)?.title ?? null) : null,
    })
    if (!message) return
    const { askedAt, subject, text, html, ...to } = message
    await enqueueOne(tx, {
      kind: 'notice',
      ...to,
      message: { subject, text, ...(html && { html }) },
      dueAt: platform.now(),
      once: `given:${takingId}:${askedAt.toISOString()}`,
    })
  })
}

/** Addresses that served for such a link alone are forgotten with it, after seven days; what has not left by then does not leave. */
export async function forgetGiven({ db, now }: Pick<Platform, 'db' | 'now'>): Promise<void> {
  await sql`
    update deliveries set address = null, message = null,
      state = case when state in ('held', 'queued') then 'cancelled' else state end
    where once like 'given:%' and address is not null and fan_id is null
      and created_at < ${now()}::timestamptz - interval '7 days'`.execute(db)
}
