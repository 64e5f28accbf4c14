import { type Sender, senderColumns, senderId } from '../identity/index.ts'
import './tables.ts'
import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { newId } from '../../platform/ids.ts'
import type { ConversationState, Direction, Way } from './tables.ts'

export type Held = {
  id: string
  artistId: string | null
  labelId: string | null
  fanId: string | null
  sender: string
  name: string
  language: Lang
  state: ConversationState
  assignedTo: string | null
  waitingSince: Date | null
}

const COLUMNS = [
  'id',
  'artistId',
  'labelId',
  'fanId',
  'sender',
  'name',
  'language',
  'state',
  'assignedTo',
  'waitingSince',
] as const

/** Locks a conversation: all that is said in it is said in turn. */
export async function lockConversation(tx: Tx, id: string): Promise<Held | null> {
  return (
    (await tx.selectFrom('conversations').select(COLUMNS).where('id', '=', id).forUpdate().executeTakeFirst()) ?? null
  )
}

/** The conversation of a fan with an artist, or of somebody whom nobody knows, made when there is none. Locked. */
export async function holdConversation(
  tx: Tx,
  owner: Sender,
  who: { fanId: string | null; sender: string; name?: string; language: Lang },
  at: Date,
): Promise<Held> {
  const { fanId, sender, name = '', language } = who
  const key = fanId ?? sender
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${senderId(owner)} ${key}`}, 90))`.execute(tx)
  const found = await tx
    .selectFrom('conversations')
    .select(COLUMNS)
    .where(sql`coalesce(artist_id, label_id)`, '=', senderId(owner))
    .where((is) => (fanId ? is('fanId', '=', fanId) : is.and([is('fanId', 'is', null), is('sender', '=', sender)])))
    .forUpdate()
    .executeTakeFirst()
  if (found) return found
  return tx
    .insertInto('conversations')
    .values({
      id: newId(at.getTime()),
      ...senderColumns(owner),
      fanId,
      sender: fanId ? '' : sender,
      name,
      language,
      assignedTo: null,
      startedAt: at,
      lastAt: at,
      waitingSince: null,
    })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow()
}

export type NewMessage = {
  direction: Direction
  channel: Way | null
  text: string
  at: Date
  subject?: string
  about?: string | null
  address?: string | null
  mailRef?: string | null
  isAutomatic?: boolean
  accountId?: string | null
  receivedId?: string | null
  deliveryId?: number | null
  commentId?: string | null
}

/**
 * Writes one message into a conversation that is locked. What comes in opens it again, unless it is spam or written by a machine, and
 * somebody waits from the first unanswered one on; what goes out ends the waiting.
 */
export async function addMessage(tx: Tx, held: Held, message: NewMessage): Promise<string> {
  const id = newId(message.at.getTime())
  const { isAutomatic = false } = message
  await tx
    .insertInto('conversationMessages')
    .values({
      about: null,
      address: null,
      mailRef: null,
      accountId: null,
      receivedId: null,
      deliveryId: null,
      commentId: null,
      ...message,
      id,
      conversationId: held.id,
    })
    .execute()
  if (message.direction === 'note') return id
  const opens = message.direction === 'in' && !isAutomatic
  const waitingSince =
    message.direction === 'out'
      ? null
      : opens && held.state !== 'spam'
        ? (held.waitingSince ?? message.at)
        : held.waitingSince
  await tx
    .updateTable('conversations')
    .set({
      // What was handed here late may be older than what was said since.
      lastAt: sql<Date>`greatest(last_at, ${message.at})`,
      waitingSince,
      ...(opens && held.state === 'done' && { state: 'open' as const }),
    })
    .where('id', '=', held.id)
    .execute()
  return id
}

/** All that was said in one conversation was said in the other: both are locked, the first goes. */
export async function putTogether(tx: Tx, { from, into }: { from: string; into: string }): Promise<void> {
  await sql`update conversation_messages set conversation_id = ${into} where conversation_id = ${from}`.execute(tx)
  await sql`
    update conversations o set state = case when 'open' in (o.state, c.state) then 'open' else o.state end,
      started_at = least(o.started_at, c.started_at), last_at = greatest(o.last_at, c.last_at),
      waiting_since = least(o.waiting_since, c.waiting_since), assigned_to = coalesce(o.assigned_to, c.assigned_to)
    from conversations c where o.id = ${into} and c.id = ${from}`.execute(tx)
  await sql`delete from conversations where id = ${from}`.execute(tx)
}

/** The last message of a conversation that somebody outside sees: what an answer must have been written to. */
export async function lastMessage(
  tx: Tx,
  conversationId: string,
): Promise<{ id: string; direction: Direction } | null> {
  const row = await tx
    .selectFrom('conversationMessages')
    .select(['id', 'direction'])
    .where('conversationId', '=', conversationId)
    .where('direction', '!=', 'note')
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}
