import { sql } from 'kysely'
import { addJob } from '../../platform/jobs/index.ts'
import type { PersonalData } from '../fans/index.ts'
import { putTogether } from './conversation.store.ts'

/** What fans said and what was said to them. It goes with them. */
export const inboxPersonalData: PersonalData = {
  tables: ['conversations', 'conversation_messages', 'thanks'],
  async know(db, { fanId }) {
    // What was noted about them among those who answer is theirs to know as well.
    const { rows: conversations } = await sql<Record<string, unknown>>`
      select coalesce(a.name, l.name) as with, m.at, m.direction, m.channel, m.subject, m.text,
        coalesce((select json_agg(json_build_object('name', x.name, 'type', x.type, 'size', x.size)) from message_attachments x where x.message_id = m.id), '[]') as files
      from conversations c join conversation_messages m on m.conversation_id = c.id
      left join artists a on a.id = c.artist_id left join labels l on l.id = c.label_id
      where c.fan_id = ${fanId} order by m.at`.execute(db)
    const thanks = await db
      .selectFrom('thanks')
      .innerJoin('artists', 'artists.id', 'thanks.artistId')
      .select(['artists.name as by', 'people', 'how', 'at'])
      .where('fanId', '=', fanId)
      .orderBy('at')
      .execute()
    return { conversations, thanks }
  },
  async ties(db, fanIds) {
    const rows = await db.selectFrom('conversations').select('fanId').distinct().where('fanId', 'in', fanIds).execute()
    return rows.flatMap(({ fanId }) => fanId ?? [])
  },
  async erase(tx, { fanId, addressIds }) {
    await tx.deleteFrom('thanks').where('fanId', '=', fanId).execute()
    // Before their addresses go: what was received from there, and what was begun by the form.
    const { rows: gone } = await sql<{ id: string }>`
      with theirs as (
        select channel || ':' || lower(address) as sender, 'form:' || address_key as form from fan_addresses where id = any(${addressIds}::uuid[])
      )
      select c.id from conversations c where c.fan_id = ${fanId}
        or (c.fan_id is null and exists (select from theirs where c.sender in (theirs.sender, theirs.form)))`.execute(
      tx,
    )
    const ids = gone.map(({ id }) => id)
    if (!ids.length) return
    const { rows: files } = await sql<{ key: string; image: string | null }>`
      select x.storage_key as key, x.image_id as image from message_attachments x join conversation_messages m on m.id = x.message_id
        where m.conversation_id = any(${ids}::uuid[])
      union all select r.storage_key, null from received r join conversation_messages m on m.received_id = r.id
        where m.conversation_id = any(${ids}::uuid[]) and r.storage_key is not null`.execute(tx)
    await sql`
      update received set sender = '', subject = '', text = '', storage_key = null, size = null where id in (
        select received_id from conversation_messages where conversation_id = any(${ids}::uuid[]))`.execute(tx)
    await sql`delete from conversations where id = any(${ids}::uuid[])`.execute(tx)
    if (files.length)
      await addJob(tx, 'inbox.forget-files', {
        keys: files.map(({ key }) => key),
        images: files.flatMap(({ image }) => image ?? []),
      })
  },
  /** Two conversations with one artist become one. */
  async merge(tx, from, into) {
    await sql`
      insert into thanks (artist_id, fan_id, people, how, account_id, at)
      select artist_id, ${into.fanId}, people, how, account_id, at from thanks where fan_id = ${from.fanId} on conflict do nothing`.execute(
      tx,
    )
    await tx.deleteFrom('thanks').where('fanId', '=', from.fanId).execute()
    await sql`
      update conversations c set fan_id = ${into.fanId} where c.fan_id = ${from.fanId} and not exists (
        select from conversations o where o.fan_id = ${into.fanId} and coalesce(o.artist_id, o.label_id) = coalesce(c.artist_id, c.label_id))`.execute(
      tx,
    )
    const { rows } = await sql<{ from: string; into: string }>`
      select c.id as "from", o.id as "into" from conversations c join conversations o
        on o.fan_id = ${into.fanId} and coalesce(o.artist_id, o.label_id) = coalesce(c.artist_id, c.label_id)
      where c.fan_id = ${from.fanId} for update of c, o`.execute(tx)
    for (const pair of rows) await putTogether(tx, pair)
  },
}
