import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import type { Known, PersonalData } from '../fans/index.ts'

/** What this domain keeps of people: what was sent to them, and where they stand with each artist. */
export const reachPersonalData: PersonalData = {
  tables: ['deliveries', 'standings', 'subject_standings', 'wave_assignments'],

  async know(db: Db | Tx, { fanId, addressIds }: Known) {
    const { rows: messages } = await sql<Record<string, unknown>>`
      select d.created_at as "at", d.channel, d.kind, d.state, d.handed_at as "handedAt", coalesce(a.name, l.name) as artist, coalesce(t.title, w.title, d.message->>'subject') as title,
        coalesce(w.body, d.message->>'text') as text
      from deliveries d left join artists a on a.id = d.artist_id left join labels l on l.id = d.label_id
      left join announcement_texts t on t.announcement_id = d.announcement_id and t.channel = '' and t.language = d.language
      left join lateral (select title, body from letter_texts where letter_id = d.letter_id order by language = d.language desc, language limit 1) w on true
      where d.fan_id = ${fanId} or d.address_id = any(${addressIds}::uuid[]) order by d.id`.execute(db)
    const { rows: standings } = await sql<Record<string, unknown>>`
      select coalesce(a.name, l.name) as artist, s.joined_at as "joinedAt", s.told_at as "toldAt", s.listens, s.listened_at as "listenedAt", s.takes as downloads,
        s.took_at as "downloadedAt", s.answered_at as "answeredAt", s.bought_at as "boughtAt"
      from standings s left join artists a on a.id = s.artist_id left join labels l on l.id = s.artist_id
      where s.fan_id = ${fanId} and num_nonnulls(a.id, l.id) = 1 order by 1`.execute(db)
    const { rows: waves } = await sql<Record<string, unknown>>`
      select coalesce(t.title, '') as title, w.wave from wave_assignments w
      left join lateral (select title from announcement_texts t where t.announcement_id = w.announcement_id and t.channel = '' order by t.language limit 1) t on true
      where w.fan_id = ${fanId} order by w.announcement_id`.execute(db)
    return { messages, standings, waves }
  },

  /** What was sent stays counted, to nobody; what has not left does not leave any more. */
  async erase(tx, { fanId, addressIds }) {
    await sql`
      update deliveries set fan_id = null, address_id = null, address = null, message = null, own_href = null,
        state = case when state in ('held', 'queued') then 'suppressed' else state end,
        problem = case when state in ('held', 'queued') then 'erased' else problem end
      where fan_id = ${fanId} or address_id = any(${addressIds}::uuid[])`.execute(tx)
    await sql`delete from wave_assignments where fan_id = ${fanId}`.execute(tx)
    await sql`delete from standings where fan_id = ${fanId}`.execute(tx)
    await sql`delete from subject_standings where fan_id = ${fanId}`.execute(tx)
  },

  /** Standings follow by themselves. */
  async merge(tx, from, into) {
    await tx.updateTable('deliveries').set({ fanId: into.fanId }).where('fanId', '=', from.fanId).execute()
    // Drawn for one wave as one and for another as the other, they are on both sides, and so on none.
    await sql`
      with both_sides as (
        select a.announcement_id, a.wave <> b.wave as apart from wave_assignments a join wave_assignments b using (announcement_id)
        where a.fan_id = ${from.fanId} and b.fan_id = ${into.fanId}
      )
      delete from wave_assignments w using both_sides s where w.announcement_id = s.announcement_id
        and (w.fan_id = ${from.fanId} or (s.apart and w.fan_id = ${into.fanId}))`.execute(tx)
    await tx.updateTable('waveAssignments').set({ fanId: into.fanId }).where('fanId', '=', from.fanId).execute()
    await sql`delete from subject_standings where fan_id = ${from.fanId}`.execute(tx)
    await sql`select recount_subject_standings(array[${into.fanId}]::uuid[])`.execute(tx)
  },
}
