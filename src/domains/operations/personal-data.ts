import { sql } from 'kysely'
import type { PersonalData } from '../fans/index.ts'

/**
 * What people sent in, approved and took part in. What they sent in goes with them; what they approved still counts, as somebody's of whom nothing is
 * known any more, or a result that was published would change.
 */
export const operationsPersonalData: PersonalData = {
  tables: ['operation_people', 'contest_entries', 'contest_ballots', 'contest_votes'],

  async know(db, { fanId }) {
    const { rows: entries } = await sql<Record<string, unknown>>`
      select e.at, o.title as contest, e.name, e.title, e.text, e.alt, e.state, e.accepted, r.text as rules
      from contest_entries e join operations o on o.id = e.operation_id
        join contest_rules r on r.operation_id = e.operation_id and r.version = e.rules_version and r.language = e.rules_language
      where e.fan_id = ${fanId} order by e.at`.execute(db)
    const { rows: ballots } = await sql<Record<string, unknown>>`
      select b.confirmed_at as at, o.title as contest,
        (select coalesce(json_agg(coalesce(nullif(e.title, ''), e.name)), '[]') from contest_entries e where e.id = any(b.entry_ids)) as approved
      from contest_ballots b join operations o on o.id = b.operation_id where b.fan_id = ${fanId} order by b.at`.execute(
      db,
    )
    return { contestEntries: entries, contestBallots: ballots }
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
    await sql`delete from contest_entries where fan_id = ${fanId} or mail in ${theirs}`.execute(tx)
    await sql`
      with of as materialized (select operation_id, gen_random_uuid() as nobody
        from (select distinct operation_id from contest_votes where fan_id = ${fanId}) theirs)
      update contest_votes v set fan_id = null, erased_as = of.nobody from of where of.operation_id = v.operation_id and v.fan_id = ${fanId}`.execute(
      tx,
    )
    await sql`delete from contest_ballots where mail in ${theirs}`.execute(tx)
    await sql`update contest_ballots set fan_id = null, network = null where fan_id = ${fanId}`.execute(tx)
    await tx.deleteFrom('operationPeople').where('fanId', '=', fanId).execute()
  },

  async merge(tx, from, into) {
    await sql`
      update contest_votes v set fan_id = null, merged_at = now() where fan_id = ${from.fanId}
        and exists (select from contest_votes o where o.entry_id = v.entry_id and o.fan_id = ${into.fanId})`.execute(tx)
    for (const table of ['contestVotes', 'contestBallots', 'contestEntries'] as const)
      await tx.updateTable(table).set({ fanId: into.fanId }).where('fanId', '=', from.fanId).execute()
    await sql`
      insert into operation_people (operation_id, fan_id, how, address_id, language, at)
      select operation_id, ${into.fanId}, how, address_id, language, at from operation_people where fan_id = ${from.fanId}
      on conflict do nothing`.execute(tx)
    await tx.deleteFrom('operationPeople').where('fanId', '=', from.fanId).execute()
  },
}
