import './tables.ts'
import type { Platform } from '../../platform/platform.ts'
import { askingMessage } from '../fans/index.ts'
import { enqueueOne } from './enqueue.ts'

/** Hears `fans.asked`: the question whether somebody wants to be told leaves on the channel that they named, once for each time they ask. */
export async function askFan(
  platform: Pick<Platform, 'db' | 'config' | 'signer' | 'now'>,
  { subscriptionId }: { subscriptionId: string },
): Promise<void> {
  await platform.db.transaction().execute(async (tx) => {
    const question = await askingMessage(tx, platform, subscriptionId)
    const asked = await tx
      .selectFrom('subscriptions')
      .select('askedAt')
      .where('id', '=', subscriptionId)
      .executeTakeFirst()
    if (!question || !asked) return
    const { channel, artistId, labelId, fanId, addressId, address, language, kind, subject, text, html } = question
    await enqueueOne(tx, {
      kind: 'notice',
      ...{ channel, artistId, labelId, fanId, addressId, address, language },
      // Who was erased, or wanted to be left alone, may want to come back.
      message: { subject, text, ...(html && { html }), lastWord: true },
      dueAt: platform.now(),
      once: `${kind}:${subscriptionId}:${asked.askedAt.toISOString()}`,
    })
  })
}
