import type { Lang } from '../../platform/i18n/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { recordReturn, type Subject } from '../exchange/index.ts'
import { type Sender, senderId, senderThing } from '../identity/index.ts'
import { addMessage, holdConversation } from './conversation.store.ts'

const TWICE_MS = 10 * 60_000

/**
 * Somebody wrote on the site. Nobody proved the address: it gets a conversation of its own, beside that of a fan who may read it, until
 * whoever holds it answers our answer. The same words from the same address a moment ago are the same message.
 */
export async function writeMessage(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  message: { to: Sender; name: string; mail: string; key: string; text: string; language: Lang; about: string | null },
): Promise<void> {
  const { to, name, mail, key, text, language, about } = message
  const at = now()
  await db.transaction().execute(async (tx) => {
    const held = await holdConversation(tx, to, { fanId: null, sender: `form:${key}`, name, language }, at)
    const same = await tx
      .selectFrom('conversationMessages')
      .select('id')
      .where('conversationId', '=', held.id)
      .where('text', '=', text)
      .where('at', '>', new Date(at.getTime() - TWICE_MS))
      .executeTakeFirst()
    if (same) return
    const id = await addMessage(tx, held, { direction: 'in', channel: 'form', text, address: mail, about, at })
    if (held.state === 'spam') return
    const subject: Subject = `${senderThing(to).kind}:${senderId(to)}`
    await recordReturn(tx, {
      artistId: senderId(to),
      key: `reply:${id}`,
      kind: 'reply',
      subject,
      givenAs: subject,
      personId: null,
      at,
      details: { channel: 'form' },
    })
  })
}
