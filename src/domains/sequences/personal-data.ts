import { sql } from 'kysely'
import type { PersonalData } from '../fans/index.ts'

/** Which sequences somebody is in, or was. Whoever is erased still counts, as nobody; two who turn out to be one go on once. */
export const sequencesPersonalData: PersonalData = {
  tables: ['sequence_runs'],

  async know(db, { fanId }) {
    const { rows: sequences } = await sql<Record<string, unknown>>`
      select coalesce(a.name, l.name) as artist, s.name as sequence, r.entered_at as "since", r.state, r.ended_at as "endedAt", r.waits_for as "waitsFor"
      from sequence_runs r join sequences s on s.id = r.sequence_id left join artists a on a.id = s.artist_id
        left join labels l on l.id = s.label_id
      where r.fan_id = ${fanId} and r.state <> 'passed' order by r.entered_at, r.id`.execute(db)
    return { sequences }
  },

  async erase(tx, { fanId }) {
    await sql`
      update sequence_runs set fan_id = null, key = '', waits_for = null, ended_at = coalesce(ended_at, now()),
        state = case when state = 'walking' then 'erased' else state end
      where fan_id = ${fanId}`.execute(tx)
  },

  async merge(tx, from, into) {
    // Where the one who is kept is or was in it already, the other goes no further.
    await sql`
      update sequence_runs r set state = 'merged', ended_at = now(), waits_for = null
      where r.fan_id = ${from.fanId} and r.state = 'walking' and exists (
        select from sequence_runs o where o.sequence_id = r.sequence_id and o.fan_id = ${into.fanId} and o.state <> 'passed')`.execute(
      tx,
    )
    await sql`
      delete from sequence_runs r where r.fan_id = ${from.fanId} and exists (
        select from sequence_runs o where o.sequence_id = r.sequence_id and o.fan_id = ${into.fanId} and o.key = r.key)`.execute(
      tx,
    )
    await tx.updateTable('sequenceRuns').set({ fanId: into.fanId }).where('fanId', '=', from.fanId).execute()
  },
}
