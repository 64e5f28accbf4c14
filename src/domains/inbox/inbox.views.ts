import './tables.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import type { Subject } from '../exchange/index.ts'
import type { ConversationState, Direction, Way } from './tables.ts'

export type Filter = 'waiting' | 'all' | 'done' | 'spam'

export type ListRow = {
  id: string
  ownerName: string
  who: string
  state: ConversationState
  waitingSince: Date | null
  lastAt: Date
  assignedName: string | null
  text: string
  direction: Direction
  channel: Way | null
}

const PAGE = 50
const OWNER = sql`coalesce(c.artist_id, c.label_id)`

/** The conversations of these artists and labels: those that wait by who waits longest, else the latest first. One more than a page tells that there are more. */
export async function inboxList(
  db: Db,
  owners: string[],
  { filter, page }: { filter: Filter; page: number },
): Promise<{ rows: ListRow[]; more: boolean }> {
  const where = {
    waiting: sql`c.state = 'open' and c.waiting_since is not null`,
    all: sql`c.state <> 'spam'`,
    done: sql`c.state = 'done'`,
    spam: sql`c.state = 'spam'`,
  }[filter]
  const order = filter === 'waiting' ? sql`c.waiting_since, c.id` : sql`c.last_at desc, c.id`
  const { rows } = await sql<ListRow>`
    select c.id, coalesce(ar.name, l.name) as "ownerName", ${WHO} as who, c.state, c.waiting_since as "waitingSince", c.last_at as "lastAt",
      ac.name as "assignedName", m.text, m.direction, m.channel
    from conversations c left join artists ar on ar.id = c.artist_id left join labels l on l.id = c.label_id
      left join fans f on f.id = c.fan_id left join accounts ac on ac.id = c.assigned_to
      join lateral (select left(text, 200) as text, direction, channel, address from conversation_messages
        where conversation_id = c.id and direction <> 'note' order by at desc, id desc limit 1) m on true
    where ${OWNER} = any(${owners}::uuid[]) and ${where} order by ${order} limit ${PAGE + 1} offset ${page * PAGE}`.execute(
    db,
  )
  return { rows: rows.slice(0, PAGE), more: rows.length > PAGE }
}

/** A fan's name, else how they signed, else where they wrote from. */
const WHO = sql`coalesce(nullif(f.name, ''), nullif(c.name, ''), (select address from conversation_messages
  where conversation_id = c.id and direction = 'in' and address is not null order by at desc limit 1), '')`

/** How many wait, and since when the first of them. */
export async function waitingIn(db: Db, owners: string[]): Promise<{ count: number; since: Date | null }> {
  if (!owners.length) return { count: 0, since: null }
  const { rows } = await sql<{ count: number; since: Date | null }>`
    select count(*)::int as count, min(waiting_since) as since from conversations c
    where ${OWNER} = any(${owners}::uuid[]) and state = 'open' and waiting_since is not null`.execute(db)
  return rows[0] ?? { count: 0, since: null }
}

export type Conversation = {
  id: string
  artistId: string | null
  labelId: string | null
  ownerName: string
  fanId: string | null
  who: string
  language: Lang
  state: ConversationState
  waitingSince: Date | null
  assignedTo: string | null
  messages: Message[]
  /** How they may be answered, the last way first. */
  ways: { way: Way; address: string | null }[]
  lastId: string
}

export type Message = {
  id: string
  direction: Direction
  channel: Way | null
  subject: string
  text: string
  about: Subject | null
  address: string | null
  isAutomatic: boolean
  by: string | null
  at: Date
  /** What became of an answer on its way. */
  delivery: string | null
  files: { id: string; name: string; type: string; size: number; image: Picture | null }[]
}
type Picture = { sha256: string; width: number; height: number; widths: number[] }

/** One conversation with all that was said in it, oldest first: the last five hundred. */
export async function conversationPage(db: Db, id: string): Promise<Conversation | null> {
  const { rows } = await sql<Omit<Conversation, 'messages' | 'ways' | 'lastId'>>`
    select c.id, c.artist_id as "artistId", c.label_id as "labelId", coalesce(ar.name, l.name) as "ownerName", c.fan_id as "fanId", ${WHO} as who,
      coalesce(f.language, c.language) as language, c.state, c.waiting_since as "waitingSince", c.assigned_to as "assignedTo"
    from conversations c left join artists ar on ar.id = c.artist_id left join labels l on l.id = c.label_id left join fans f on f.id = c.fan_id
    where c.id = ${id}`.execute(db)
  const conversation = rows[0]
  if (!conversation) return null
  const { rows: messages } = await sql<Message>`
    select m.id, m.direction, m.channel, m.subject, m.text, m.about, m.address, m.is_automatic as "isAutomatic", ac.name as by, m.at,
      d.state as delivery, coalesce((select json_agg(json_build_object('id', x.id, 'name', x.name, 'type', x.type, 'size', x.size, 'image',
        (select json_build_object('sha256', i.sha256, 'width', i.width, 'height', i.height, 'widths', i.widths) from images i where i.id = x.image_id))
        order by x.storage_key) from message_attachments x where x.message_id = m.id), '[]') as files
    from conversation_messages m left join accounts ac on ac.id = m.account_id left join deliveries d on d.id = m.delivery_id
    where m.conversation_id = ${id} order by m.at desc, m.id desc limit 500`.execute(db)
  messages.reverse()
  const ways = new Map<Way, string | null>()
  for (const { direction, channel, address } of [...messages].reverse())
    if (direction === 'in' && channel && !ways.has(channel)) ways.set(channel, address)
  return {
    ...conversation,
    messages,
    ways: [...ways].map(([way, address]) => ({ way, address })),
    lastId: messages.findLast(({ direction }) => direction !== 'note')?.id ?? '',
  }
}

/** Whose conversation, for the gate. */
export async function ownerOfConversation(db: Db | Tx, id: string) {
  return db.selectFrom('conversations').select(['artistId', 'labelId']).where('id', '=', id).executeTakeFirst()
}

export type Happened = {
  at: Date
  /** 'given', 'touch', 'return', 'consent'. */
  kind: 'given' | 'touch' | 'return' | 'consent'
  /** Which delivery, touch, return or consent it was. */
  what: string
  channel: string | null
  subject: Subject | null
  title: string | null
}

/** All that passed between a fan and an artist besides words: what they were given, what they did, what they agreed to. Newest first. */
export async function timelineOf(
  db: Db,
  { fanId, artistId, labelId }: Pick<Conversation, 'fanId' | 'artistId' | 'labelId'>,
): Promise<Happened[]> {
  if (!fanId) return []
  const { rows } = await sql<Happened>`
    with persons as (
      select person_id from fans where id = ${fanId} union select person_id from person_fans where fan_id = ${fanId}
    )
    (select coalesce(d.handed_at, d.created_at) as at, 'given' as kind, d.state as what, d.channel,
      coalesce(le.gift, 'announcement:' || d.announcement_id) as subject, d.message->>'subject' as title
     from deliveries d left join letters le on le.id = d.letter_id where d.fan_id = ${fanId} and (d.artist_id = ${artistId}::uuid or d.label_id = ${labelId}::uuid)
       and d.kind in ('announcement', 'letter', 'digest') order by d.id desc limit 100)
    union all (select t.at, 'touch', t.channel, null, t.subject, null from touches t
      where t.person_id in (select person_id from persons) and t.artist_id = coalesce(${artistId}, ${labelId})::uuid order by t.at desc limit 100)
    union all (select r.at, 'return', r.kind, r.details->>'channel', r.subject, null from returns r
      where r.person_id in (select person_id from persons) and r.artist_id = coalesce(${artistId}, ${labelId})::uuid order by r.at desc limit 100)
    union all (select c.at, 'consent', c.event, c.channel, null, c.wording from consents c
      where c.fan_id = ${fanId} and (c.artist_id = ${artistId}::uuid or c.label_id = ${labelId}::uuid) order by c.at desc limit 100)
    order by 1 desc limit 200`.execute(db)
  return rows
}

/** Who may answer for this artist or label, by name: whom a conversation can be given to. */
export async function answerers(
  db: Db,
  { artistId, labelId }: { artistId: string | null; labelId: string | null },
): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    select distinct a.id, a.name from accounts a join memberships m on m.account_id = a.id
    where a.disabled_at is null and (m.artist_id = ${artistId}::uuid or m.label_id = ${labelId}::uuid or m.label_id in (
      select label_id from living_mandates where artist_id = ${artistId}::uuid and 'inbox.answer' = any(permissions)))
    order by a.name`.execute(db)
  return rows
}

export async function savedAnswers(db: Db, ownerId: string): Promise<{ id: string; title: string; text: string }[]> {
  const { rows } = await sql<{ id: string; title: string; text: string }>`
    select id, title, text from saved_answers where coalesce(artist_id, label_id) = ${ownerId} order by title, id`.execute(
    db,
  )
  return rows
}

/** How often an artist wrote to a fan by hand. */
export async function answersTo(db: Db, artistId: string, fanId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from conversation_messages m join conversations c on c.id = m.conversation_id
    where c.artist_id = ${artistId} and c.fan_id = ${fanId} and m.direction = 'out'`.execute(db)
  return rows[0]?.n ?? 0
}
