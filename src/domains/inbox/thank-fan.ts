import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { readAddress } from '../fans/index.ts'
import { enqueueOne } from '../reach/index.ts'
import { MOST_ANSWER } from './answer.ts'
import { addMessage, holdConversation } from './conversation.store.ts'
import { thanksDue, writtenAt } from './thanks.views.ts'

type Thanking = { artistId: string; fanId: string; by: string; text: string; subject: string }

export type ThanksProblem = 'gone' | 'empty' | 'long' | 'nowhere'

/**
 * What the artist wrote by hand to a fan who brought people, in their conversation: it leaves once, however often it is pressed. Fails with `gone` when nothing is due to them (any more),
 * `empty`, `long` (over `MOST_ANSWER` characters), `nowhere` when no address of theirs may be written to now.
 */
export async function thankFan(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { artistId, fanId, by, text, subject }: Thanking,
): Promise<Result<{ conversationId: string }, ThanksProblem>> {
  if (!text.trim()) return fail('empty')
  if (text.length > MOST_ANSWER) return fail('long')
  return db.transaction().execute(async (tx) => {
    const at = now()
    const where = await writtenAt(tx, artistId, fanId, at)
    const read = where && readAddress(where.channel, where.address)
    if (!where || !read?.ok) return fail('nowhere')
    const { addressId, channel, language } = where
    // Locked: of two who write at once, the second finds nothing due.
    const held = await holdConversation(tx, { artistId }, { fanId, sender: '', language }, at)
    const due = (await thanksDue(tx, artistId)).find((one) => one.fanId === fanId)
    if (!due) return fail('gone')
    const { address, country } = read.value
    const deliveryId = await enqueueOne(tx, {
      kind: 'answer',
      channel,
      artistId,
      fanId,
      addressId,
      address,
      language,
      ...(channel === 'sms' && country && { domain: country }),
      message: { text, conversationId: held.id, ...(channel === 'mail' && { subject }) },
      dueAt: at,
    })
    const said = { direction: 'out', channel, text, address, accountId: by, deliveryId, at } as const
    await addMessage(tx, held, { ...said, ...(channel === 'mail' && { subject }) })
    await tx
      .insertInto('thanks')
      .values({ artistId, fanId, people: due.people, how: 'written', accountId: by, at })
      .execute()
    return ok({ conversationId: held.id })
  })
}

/** Nothing is written about this milestone; the next one is told again. */
export async function putThanksAside(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { artistId, fanId, by }: { artistId: string; fanId: string; by: string },
): Promise<void> {
  const due = (await thanksDue(db, artistId)).find((one) => one.fanId === fanId)
  if (!due) return
  await db
    .insertInto('thanks')
    .values({ artistId, fanId, people: due.people, how: 'aside', accountId: by, at: now() })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
