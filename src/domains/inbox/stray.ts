import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import { addJob } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { fanByAddress } from '../fans/index.ts'
import { audit, type Sender, senderColumns, senderOf } from '../identity/index.ts'
import { type Held, lockConversation } from './conversation.store.ts'
import { countReply, say } from './hear-received.ts'
import type { Received } from './heard.types.ts'

/** What somebody wrote to a number that several use, when nobody can tell to whom: all of it that waits, or was put aside. */
export type Stray = {
  /** One of its texts, which names them all. */
  id: string
  sender: string
  provider: string
  texts: { id: string; text: string; at: Date }[]
}

const PAGE = 50
const IS_STRAY = sql`r.understood = 'unknown' and r.channel = 'sms' and r.forgotten_at is null`

/** By sender, the last to write first. */
export async function strayTexts(db: Db, { aside }: { aside: boolean }): Promise<Stray[]> {
  const { rows } = await sql<Omit<Stray, 'texts'> & { texts: { id: string; text: string; at: string }[] }>`
    select min(r.id::text) as id, r.sender, coalesce(min(p.name), '') as provider,
      json_agg(json_build_object('id', r.id, 'text', left(r.text, 2000), 'at', r.received_at) order by r.received_at, r.id) as texts
    from received r left join providers p on p.id = r.provider_id
    where ${IS_STRAY} and (r.aside_at is not null) = ${aside}
    group by r.sender, r.provider_id order by max(r.received_at) desc, r.sender limit ${PAGE}`.execute(db)
  return rows.map((row) => ({ ...row, texts: row.texts.map((one) => ({ ...one, at: new Date(one.at) })) }))
}

/** How many people wrote such texts that still wait. */
export async function countStray(db: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(distinct (r.sender, r.provider_id))::int as n from received r where ${IS_STRAY} and r.aside_at is null`.execute(
    db,
  )
  return rows[0]?.n ?? 0
}

type By = { receivedId: string; by: string }

/**
 * Hands what somebody wrote to an artist or a label, as if it had been said to them; what they write next goes there by itself.
 * The id of the conversation; null when nothing of it waits any more.
 */
export async function handStray(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { receivedId, to, name, by }: By & { to: Sender; name: string },
): Promise<string | null> {
  return db.transaction().execute(async (tx) => {
    const texts = await lockStray(tx, receivedId)
    let conversationId: string | null = null
    for (const received of texts) {
      const fan = await fanByAddress(tx, 'sms', received.sender)
      const heard = { received, owner: to, isShared: true, fan, conversation: null, about: null }
      conversationId = (await say(tx, heard, null, [], false)).id
      await tx
        .updateTable('received')
        .set({ understood: 'message', asideAt: null, handedOnAt: now() })
        .where('id', '=', received.id)
        .execute()
      // Nothing that was counted is taken back: it counts once it can be undone no more.
      const runAt = new Date(now().getTime() + UNDO_MS)
      await addJob(
        tx,
        'inbox.count-handed',
        { receivedId: received.id },
        { key: `inbox.count-handed:${received.id}`, runAt },
      )
    }
    if (conversationId) await audit(tx, { accountId: by, action: 'texts.hand', subject: name, ...senderColumns(to) })
    return conversationId
  })
}

/** For so long can what was handed on be taken back, unless somebody has taken it up. */
export const UNDO_MS = 15 * 60_000

/** Hears that the time is over in which a text that was handed on could be taken back: it is something that came back. */
export async function countHanded({ db }: Pick<Platform, 'db'>, { receivedId }: { receivedId: string }): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const conversation = await conversationOf(tx, receivedId)
    const received = await tx
      .updateTable('received')
      .set({ handedOnAt: null })
      .where('id', '=', receivedId)
      .where('handedOnAt', 'is not', null)
      .returningAll()
      .executeTakeFirst()
    if (!conversation || !received) return
    const heard = { received: received as Received, owner: senderOf(conversation), about: null }
    await countReply(tx, heard, conversation)
  })
}

/**
 * Takes back what was handed to somebody by mistake: it waits for the host again. Not once anything else stands in that conversation (an answer, a
 * note, what its sender wrote since) or somebody there has taken it up, nor when the time for it is over.
 */
export async function takeStrayBack(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { receivedId, by }: By,
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const conversation = await conversationOf(tx, receivedId)
    if (!conversation || conversation.assignedTo || conversation.state !== 'open') return false
    const since = new Date(now().getTime() - UNDO_MS)
    const messages = await tx
      .selectFrom('conversationMessages')
      .leftJoin('received', 'received.id', 'receivedId')
      .select(['received.id', 'handedOnAt'])
      .where('conversationId', '=', conversation.id)
      .forUpdate('conversationMessages')
      .execute()
    const ids = messages.flatMap(({ id, handedOnAt }) => (id && handedOnAt && handedOnAt > since ? [id] : []))
    if (ids.length < messages.length) return false
    await tx.updateTable('received').set({ understood: 'unknown', handedOnAt: null }).where('id', 'in', ids).execute()
    await tx.deleteFrom('conversations').where('id', '=', conversation.id).execute()
    const { artistId, labelId } = conversation
    await audit(tx, { accountId: by, action: 'texts.take-back', artistId, labelId })
    return true
  })
}

async function conversationOf(tx: Tx, receivedId: string): Promise<Held | null> {
  const row = await tx
    .selectFrom('conversationMessages')
    .select('conversationId')
    .where('receivedId', '=', receivedId)
    .executeTakeFirst()
  return row ? lockConversation(tx, row.conversationId) : null
}

/** Puts what somebody wrote aside, or takes it up again. False when nothing of it is left. */
export async function putStrayAside(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { receivedId, aside, by }: By & { aside: boolean },
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const texts = await lockStray(tx, receivedId)
    if (!texts.length) return false
    await tx
      .updateTable('received')
      .set({ asideAt: aside ? now() : null })
      .where(
        'id',
        'in',
        texts.map(({ id }) => id),
      )
      .execute()
    await audit(tx, { accountId: by, action: aside ? 'texts.aside' : 'texts.back' })
    return true
  })
}

/** All that its sender wrote to that number and that waits, or was put aside, as it does: oldest first. */
async function lockStray(tx: Tx, receivedId: string): Promise<Received[]> {
  const { rows } = await sql<Received>`
    select r.id, r.channel, r.provider_id as "providerId", r.provider_ref as "providerRef", r.sender, r.recipient, r.subject, r.text,
      r.storage_key as "storageKey", r.received_at as "receivedAt", r.understood
    from received r join received one on one.id = ${receivedId} and one.sender = r.sender and one.provider_id is not distinct from r.provider_id
    where ${IS_STRAY} and one.understood = 'unknown' and one.forgotten_at is null and (one.aside_at is null) = (r.aside_at is null)
    order by r.received_at, r.id for update of r`.execute(tx)
  return rows
}
