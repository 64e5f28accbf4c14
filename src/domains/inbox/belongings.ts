import { sql } from 'kysely'
import { csvTable } from '../../platform/csv.ts'
import type { Db, Tx } from '../../platform/database/index.ts'
import { type Belongings, inLots, type Leftover, type Owner } from '../identity/index.ts'
import { fileName } from './attachments.ts'
import { words } from './words.ts'

const LOT = 200

const of = ({ id }: Owner) => sql`coalesce(c.artist_id, c.label_id) = ${id}`

type Message = {
  id: string
  conversation: string
  at: Date
  cursor: string
  direction: string
  channel: string | null
  name: string
  address: string | null
  subject: string
  text: string
  files: { id: string; name: string; key: string }[]
}

async function* messagesOf(db: Db | Tx, owner: Owner): AsyncGenerator<Message[]> {
  for (let last: Message | undefined; ; ) {
    const after = last
      ? sql`and (m.conversation_id, m.at, m.id) > (${last.conversation}::uuid, ${last.cursor}::timestamptz, ${last.id}::uuid)`
      : sql``
    const { rows }: { rows: Message[] } = await sql<Message>`
      select m.id, m.conversation_id as conversation, m.at, m.at::text as cursor, m.direction, m.channel, coalesce(nullif(f.name, ''), c.name) as name, m.address, m.subject, m.text,
        (select coalesce(json_agg(json_build_object('id', x.id, 'name', x.name, 'key', x.storage_key)), '[]') from message_attachments x
          where x.message_id = m.id) as files
      from conversation_messages m join conversations c on c.id = m.conversation_id left join fans f on f.id = c.fan_id
      where ${of(owner)} ${after} order by m.conversation_id, m.at, m.id limit 1000`.execute(db)
    if (!rows.length) return
    yield rows
    last = rows.at(-1)
  }
}

const path = ({ id, name }: { id: string; name: string }) => `conversations/files/${id}-${fileName(name)}`

async function* asRows(lots: AsyncIterable<Message[]>) {
  for await (const messages of lots)
    yield messages.map(({ files, ...message }) => ({ ...message, files: files.map(path).join(' ') }))
}

/** What fans said, and what was said to them. */
export const inboxBelongings: Belongings = {
  tables: ['conversations', 'saved_answers', 'thanks'],

  async goes(db, owner, lang) {
    const { rows } = await sql<{
      n: number
    }>`select count(*)::int as n from conversations c where ${of(owner)}`.execute(db)
    const n = rows[0]?.n ?? 0
    return n ? [words(lang)('goes', { n })] : []
  },

  async *pack(db, owner, { may }) {
    if (!may('inbox.answer')) return
    yield {
      path: 'conversations/messages.csv',
      text: csvTable(
        ['conversation', 'at', 'direction', 'channel', 'name', 'address', 'subject', 'text', 'files'],
        asRows(messagesOf(db, owner)),
      ),
    }
    for await (const messages of messagesOf(db, owner))
      for (const file of messages.flatMap(({ files }) => files)) yield { path: path(file), key: file.key }
  },

  explain: (_, { lang, may }) => (may('inbox.answer') ? [['conversations/', words(lang)('readme')]] : []),

  async remove({ db }, owner, { leave }) {
    await inLots(db, async (tx) => {
      const { rows } = await sql<{ id: string; fanId: string | null }>`
        select c.id, c.fan_id as "fanId" from conversations c where ${of(owner)} order by c.id limit ${LOT} for update`.execute(
        tx,
      )
      if (!rows.length) return 0
      const ids = rows.map(({ id }) => id)
      const { rows: led } = await sql<Leftover>`
        select 'file' as kind, x.storage_key as key from message_attachments x join conversation_messages m on m.id = x.message_id
          where m.conversation_id = any(${ids}::uuid[])
        union select 'image', x.image_id::text from message_attachments x join conversation_messages m on m.id = x.message_id
          where m.conversation_id = any(${ids}::uuid[]) and x.image_id is not null
        union select 'file', r.storage_key from received r join conversation_messages m on m.received_id = r.id
          where m.conversation_id = any(${ids}::uuid[]) and r.storage_key is not null`.execute(tx)
      await leave(tx, [...led, ...rows.flatMap(({ fanId }) => (fanId ? [{ kind: 'fan' as const, key: fanId }] : []))])
      await sql`
        update received set sender = '', subject = '', text = '', storage_key = null, size = null where id in (
          select received_id from conversation_messages where conversation_id = any(${ids}::uuid[]))`.execute(tx)
      await sql`delete from conversations where id = any(${ids}::uuid[])`.execute(tx)
      return ids.length
    })
  },
}
