import { sql } from 'kysely'
import type { PersonalData } from '../fans/index.ts'
import { dropTranslations } from '../music/index.ts'
import { forgetHeld } from './held-pictures.ts'
import { forgetSentIn } from './operation.store.ts'

/**
 * What people sent in, approved, did and took part in. What they sent in goes with them; what they approved still counts, as somebody's of whom nothing is
 * known any more, or a result that was published would change.
 */
export const operationsPersonalData: PersonalData = {
  tables: [
    'operation_people',
    'contest_entries',
    'contest_ballots',
    'contest_votes',
    'mission_contributions',
    'mission_thanks',
  ],

  async know(db, { fanId }) {
    const { rows: entries } = await sql<Record<string, unknown>>`
      select e.at, o.title as contest, e.name, e.title, e.text, e.alt, f.file_name as file, f.captions, e.state,
        e.accepted, r.text as rules
      from contest_entries e join operations o on o.id = e.operation_id
        join contest_rules r on r.operation_id = e.operation_id and r.version = e.rules_version and r.language = e.rules_language
        left join entry_files f on f.id = e.file_id
      where e.fan_id = ${fanId} order by e.at`.execute(db)
    const { rows: ballots } = await sql<Record<string, unknown>>`
      select b.confirmed_at as at, o.title as contest,
        (select coalesce(json_agg(coalesce(nullif(e.title, ''), e.name)), '[]') from contest_entries e where e.id = any(b.entry_ids)) as approved
      from contest_ballots b join operations o on o.id = b.operation_id where b.fan_id = ${fanId} order by b.at`.execute(
      db,
    )
    const { rows: aside } = await sql<Record<string, unknown>>`
      select a.set_at as at, o.title as contest, a.kind, a.reason
      from contest_set_asides a join operations o on o.id = a.operation_id
      where exists (select from contest_votes v where v.set_aside_id = a.id and v.fan_id = ${fanId}) order by a.set_at`.execute(
      db,
    )
    const { rows: contributions } = await sql<Record<string, unknown>>`
      select c.at, o.title as mission, t.kind, c.name, c.text, c.link, c.town, c.alt, c.accepted, c.people as "peopleWhoCame", c.state, c.reason
      from mission_contributions c join operations o on o.id = c.operation_id join mission_tasks t on t.id = c.task_id
      where c.fan_id = ${fanId} order by c.at`.execute(db)
    const { rows: thanks } = await sql<Record<string, unknown>>`
      select g.due_at as "dueAt", g.given_at as "givenAt", o.title as mission, t.kind as "for", g.code
      from mission_thanks g join operations o on o.id = g.operation_id left join mission_tasks t on t.id = g.task_id
      where g.fan_id = ${fanId} order by g.due_at`.execute(db)
    return {
      contestEntries: entries,
      contestBallots: ballots,
      contestVotesSetAside: aside,
      missionContributions: contributions,
      missionThanks: thanks,
    }
  },

  async ties(db, fanIds) {
    const rows = await db
      .selectFrom('operationPeople')
      .select('fanId')
      .distinct()
      .where('fanId', 'in', fanIds)
      .execute()
    return rows.map(({ fanId }) => fanId)
  },

  async erase(tx, { fanId, addressIds }) {
    const theirs = sql`(select address from fan_addresses where id = any(${addressIds}::uuid[]))`
    const { rows: entries } = await sql<{ id: string; imageId: string | null; fileId: string | null }>`
      delete from contest_entries where fan_id = ${fanId} or mail in ${theirs} returning id, image_id as "imageId", file_id as "fileId"`.execute(
      tx,
    )
    await sql`
      with of as materialized (select operation_id, gen_random_uuid() as nobody
        from (select distinct operation_id from contest_votes where fan_id = ${fanId}) theirs)
      update contest_votes v set fan_id = null, erased_as = of.nobody from of where of.operation_id = v.operation_id and v.fan_id = ${fanId}`.execute(
      tx,
    )
    await sql`delete from contest_ballots where mail in ${theirs}`.execute(tx)
    await sql`update contest_ballots set fan_id = null, network = null where fan_id = ${fanId}`.execute(tx)
    // Whom they brought came all the same: the row stays, with nothing of theirs in it.
    await sql`
      update mission_contributions c set fan_id = null, mail = null, name = '' from mission_tasks t
      where t.id = c.task_id and t.kind = 'bring' and c.fan_id = ${fanId}`.execute(tx)
    const { rows: contributions } = await sql<{ id: string; imageId: string | null }>`
      delete from mission_contributions where fan_id = ${fanId} or mail in ${theirs} returning id, image_id as "imageId"`.execute(
      tx,
    )
    await dropTranslations(
      tx,
      contributions.map(({ id }) => id),
    )
    await forgetSentIn(tx, [...entries, ...contributions])
    await forgetHeld(tx, [
      ...entries.flatMap(({ id, fileId }) => [id, ...(fileId ? [fileId] : [])]),
      ...contributions.map(({ id }) => id),
    ])
    await tx.updateTable('missionThanks').set({ fanId: null }).where('fanId', '=', fanId).execute()
    await tx.deleteFrom('operationPeople').where('fanId', '=', fanId).execute()
  },

  async merge(tx, from, into) {
    await sql`
      update contest_votes v set fan_id = null, merged_at = now() where fan_id = ${from.fanId}
        and exists (select from contest_votes o where o.entry_id = v.entry_id and o.fan_id = ${into.fanId})`.execute(tx)
    for (const table of ['contestVotes', 'contestBallots', 'contestEntries'] as const)
      await tx.updateTable(table).set({ fanId: into.fanId }).where('fanId', '=', from.fanId).execute()
    // Who took part twice brings people once: both links are theirs now.
    await sql`
      update mission_contributions c set people = c.people + o.people from mission_contributions o join mission_tasks t on t.id = o.task_id
      where t.kind = 'bring' and o.fan_id = ${from.fanId} and c.task_id = o.task_id and c.fan_id = ${into.fanId} and c.state = 'shown'`.execute(
      tx,
    )
    await sql`
      delete from mission_contributions c using mission_tasks t where t.id = c.task_id and t.kind = 'bring' and c.fan_id = ${from.fanId}
        and exists (select from mission_contributions o where o.task_id = c.task_id and o.fan_id = ${into.fanId})`.execute(
      tx,
    )
    await tx.updateTable('missionContributions').set({ fanId: into.fanId }).where('fanId', '=', from.fanId).execute()
    // What one of them has is not owed to the other.
    await sql`
      update mission_thanks g set fan_id = null where g.fan_id = ${into.fanId} and g.given_at is null and exists (
        select from mission_thanks o where o.operation_id = g.operation_id and o.task_id is not distinct from g.task_id and o.fan_id = ${from.fanId}
          and o.given_at is not null)`.execute(tx)
    // What both were thanked for was given twice; what one of them was thanked for is not given again.
    await sql`
      update mission_thanks g set fan_id = null where g.fan_id = ${from.fanId} and exists (
        select from mission_thanks o where o.operation_id = g.operation_id and o.task_id is not distinct from g.task_id and o.fan_id = ${into.fanId})`.execute(
      tx,
    )
    await tx.updateTable('missionThanks').set({ fanId: into.fanId }).where('fanId', '=', from.fanId).execute()
    await sql`
      insert into operation_people (operation_id, fan_id, how, address_id, language, at)
      select operation_id, ${into.fanId}, how, address_id, language, at from operation_people where fan_id = ${from.fanId}
      on conflict do nothing`.execute(tx)
    await tx.deleteFrom('operationPeople').where('fanId', '=', from.fanId).execute()
  },
}
