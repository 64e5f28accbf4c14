import type { Tx } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { fanByAddress, readAddress } from '../fans/index.ts'
import { answerCommentIn } from '../journal/index.ts'
import { enqueueOne } from '../reach/index.ts'
import { addMessage, type Held, lastMessage, lockConversation } from './conversation.store.ts'
import type { ConversationState, Way } from './tables.ts'

export const MOST_ANSWER = 20_000

type Answering = {
  conversationId: string
  text: string
  way: Way
  by: string
  /** The last message that its writer saw. */
  seen: string
  /** No more to do about it. */
  done?: boolean
}

export type AnswerProblem = 'gone' | 'empty' | 'long' | 'meanwhile' | 'nowhere'

/**
 * Answers by the way that they wrote. What was written to something else than the last message is refused, since somebody answered meanwhile or
 * there is more to answer; the same answer pressed twice leaves once.
 */
export async function answer(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { conversationId, text, way, by, seen, done = false }: Answering,
): Promise<Result<{ messageId: string }, AnswerProblem>> {
  if (!text.trim()) return fail('empty')
  if (text.length > MOST_ANSWER) return fail('long')
  return db.transaction().execute(async (tx) => {
    const held = await lockConversation(tx, conversationId)
    if (!held) return fail('gone')
    const last = await lastMessage(tx, conversationId)
    if (last && last.id !== seen) {
      const mine = await tx
        .selectFrom('conversationMessages')
        .select('id')
        .where('id', '=', last.id)
        .where('direction', '=', 'out')
        .where('text', '=', text)
        .where('accountId', '=', by)
        .executeTakeFirst()
      return mine ? ok({ messageId: mine.id }) : fail('meanwhile')
    }
    const told = await lastBy(tx, conversationId, way)
    if (!told) return fail('nowhere')
    const at = now()
    if (way === 'comment') {
      const answered = told.commentId ? await answerCommentIn(tx, { commentId: told.commentId, text, by }, at) : null
      if (!answered?.ok) return fail('nowhere')
      return ok({ messageId: await said(tx, held, { text, way, by, at, about: told.about, done }) })
    }
    const channel = way === 'sms' ? 'sms' : 'mail'
    const read = told.address ? readAddress(channel, told.address) : null
    if (!told.address || !read?.ok) return fail('nowhere')
    const known = await fanByAddress(tx, channel, told.address)
    const theirs = known && known.fanId === held.fanId ? known : null
    const subject = channel === 'mail' ? subjectOf(told.subject) : ''
    const deliveryId = await enqueueOne(tx, {
      kind: 'answer',
      channel,
      artistId: held.artistId,
      labelId: held.labelId,
      fanId: held.fanId,
      addressId: theirs?.addressId ?? null,
      address: read.value.address,
      language: theirs?.language ?? held.language,
      ...(channel === 'sms' && read.value.country && { domain: read.value.country }),
      message: {
        text,
        conversationId,
        ...(channel === 'mail' && { subject, headers: await threadOf(tx, conversationId) }),
      },
      dueAt: at,
    })
    return ok({
      messageId: await said(tx, held, { text, way, by, at, subject, address: read.value.address, deliveryId, done }),
    })
  })
}

type Said = {
  text: string
  way: Way
  by: string
  at: Date
  done: boolean
  subject?: string
  about?: string | null
  address?: string
  deliveryId?: number
}

async function said(tx: Tx, held: Held, { way, by, done, ...message }: Said): Promise<string> {
  const id = await addMessage(tx, held, { direction: 'out', channel: way, accountId: by, ...message })
  if (done || held.state !== 'open')
    await tx
      .updateTable('conversations')
      .set({ state: done ? 'done' : 'open' })
      .where('id', '=', held.id)
      .execute()
  await tx
    .updateTable('conversationWatchers')
    .set({ writingAt: null })
    .where('conversationId', '=', held.id)
    .where('accountId', '=', by)
    .execute()
  return id
}

const lastBy = (tx: Tx, conversationId: string, way: Way) =>
  tx
    .selectFrom('conversationMessages')
    .select(['address', 'subject', 'commentId', 'about'])
    .where('conversationId', '=', conversationId)
    .where('direction', '=', 'in')
    .where('channel', '=', way)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()

/** One "Re:", whatever their programs wrote in front. */
const subjectOf = (subject: string): string =>
  `Re: ${subject.replace(/^(?:\s*(?:re|r[eé]f?|aw|sv|tr|fwd?)\s*(?:\[\d+\])?\s*:)+\s*/i, '').trim() || '…'}`.slice(
    0,
    300,
  )

/** What a mail program needs to put the answer under what it answers (RFC 5322 §3.6.4). */
async function threadOf(tx: Tx, conversationId: string): Promise<Record<string, string>> {
  const rows = await tx
    .selectFrom('conversationMessages')
    .select('mailRef')
    .where('conversationId', '=', conversationId)
    .where('mailRef', 'is not', null)
    .orderBy('at', 'desc')
    .limit(10)
    .execute()
  const refs = rows.flatMap(({ mailRef }) => (mailRef ? [`<${mailRef.replace(/[<>\s]/g, '')}>`] : []))
  return refs[0] ? { 'In-Reply-To': refs[0], References: refs.reverse().join(' ') } : {}
}

/** Something said among those who answer; nobody else ever sees it. */
export async function note(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { conversationId, text, by }: { conversationId: string; text: string; by: string },
): Promise<Result<null, 'gone' | 'empty'>> {
  if (!text.trim()) return fail('empty')
  return db.transaction().execute(async (tx) => {
    const held = await lockConversation(tx, conversationId)
    if (!held) return fail('gone')
    await addMessage(tx, held, {
      direction: 'note',
      channel: null,
      text: text.slice(0, MOST_ANSWER),
      accountId: by,
      at: now(),
    })
    return ok(null)
  })
}

/** Done, open again, or no conversation at all. Nobody waits in what is done or spam. */
export async function settle(
  { db }: Pick<Platform, 'db'>,
  { conversationId, state }: { conversationId: string; state: ConversationState },
): Promise<Result<null, 'gone'>> {
  return db.transaction().execute(async (tx) => {
    const held = await lockConversation(tx, conversationId)
    if (!held) return fail('gone')
    await tx
      .updateTable('conversations')
      .set({ state, ...(state !== 'open' && { waitingSince: null }) })
      .where('id', '=', conversationId)
      .execute()
    return ok(null)
  })
}

/** Whose it is to answer; null: anybody's. */
export async function assign(
  { db }: Pick<Platform, 'db'>,
  { conversationId, to }: { conversationId: string; to: string | null },
): Promise<void> {
  await db.updateTable('conversations').set({ assignedTo: to }).where('id', '=', conversationId).execute()
}
