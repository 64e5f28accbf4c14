import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import { type Belongings, inLots, ownerColumn } from '../identity/index.ts'
import { announceWords } from './words.ts'

const LOT = 5_000

type Row = { id: string; facts: Record<string, unknown> }

async function* announcementsOf(db: Db | Tx, ownerId: string): AsyncGenerator<string> {
  let first = true
  yield '['
  for (let after: string | null = null; ; ) {
    const { rows }: { rows: Row[] } = await sql<Row>`
      select a.id, json_build_object('id', a.id, 'state', a.state, 'channels', a.channels, 'plainLetters', a.plain_letters, 'segment', a.segment,
        'createdAt', a.created_at, 'sendAt', a.send_at, 'localTime', a.local_time, 'timeZone', a.time_zone, 'leavesAt', a.leaves_at, 'finishedAt', a.finished_at,
        'gives', (select coalesce(json_agg(g.subject order by g.position), '[]') from announcement_things g where g.announcement_id = a.id),
        'texts', (select coalesce(json_agg(json_build_object('language', t.language, 'channel', t.channel, 'title', t.title, 'body', t.body)), '[]')
          from announcement_texts t where t.announcement_id = a.id),
        'messages', (select coalesce(json_agg(json_build_object('channel', d.channel, 'state', d.state, 'count', d.n)), '[]')
          from (select channel, state, count(*) as n from deliveries where announcement_id = a.id group by 1, 2 order by 1, 2) d)) as facts
      from announcements a where ${ownerId} in (a.artist_id, a.label_id) and (${after}::uuid is null or a.id > ${after}::uuid) order by a.id limit 50`.execute(
      db,
    )
    for (const { facts } of rows) {
      yield `${first ? '' : ','}\n${JSON.stringify(facts, null, 2)}`
      first = false
    }
    after = rows.at(-1)?.id ?? null
    if (rows.length < 50) break
  }
  yield '\n]\n'
}

/** Announcements and every message that left. */
export const reachBelongings: Belongings = {
  tables: [
    'announcements',
    'announcement_settings',
    'deliveries',
    'letters',
    'standings',
    'subject_standings',
    'providers',
    'sending_domains',
  ],

  async goes(db, owner, lang) {
    const { rows } = await sql<{ n: number; under_way: number }>`
      select count(*)::int as n, (count(*) filter (where state in ('waiting', 'leaving', 'paused')))::int as "underWay"
      from announcements where ${ownerColumn(owner)} = ${owner.id}`.execute(db)
    const { n, underWay } = (rows[0] ?? { n: 0, underWay: 0 }) as { n: number; underWay: number }
    return n ? [announceWords(lang)('goes', { n, underWay })] : []
  },

  async *pack(db, { id }) {
    yield { path: 'announcements.json', text: announcementsOf(db, id) }
  },

  explain: (_, { lang }) => [['announcements.json', announceWords(lang)('readme')]],

  /** What waits is a draft again, what leaves stops. Neither goes on by itself when all is brought back: the moment for it may be over. */
  async hide(tx, owner) {
    await sql`
      update announcements set state = case state when 'waiting' then 'draft' else 'paused' end,
        leaves_at = case state when 'waiting' then null else leaves_at end
      where ${ownerColumn(owner)} = ${owner.id} and state in ('waiting', 'leaving')`.execute(tx)
    return undefined
  },

  async remove({ db }, owner) {
    const lots = (where: ReturnType<typeof sql>) =>
      inLots(db, async (tx) => {
        const { numAffectedRows } = await sql`
          delete from deliveries where id = any(array(select id from deliveries where ${where} limit ${LOT}))`.execute(
          tx,
        )
        return Number(numAffectedRows ?? 0)
      })
    const announcements = await db
      .selectFrom('announcements')
      .select('id')
      .where(owner.kind === 'artist' ? 'artistId' : 'labelId', '=', owner.id)
      .execute()
    for (const { id } of announcements) {
      await lots(sql`announcement_id = ${id}`)
      await db.deleteFrom('announcements').where('id', '=', id).execute()
    }
    for (const table of ['subject_standings', 'standings'])
      await sql`delete from ${sql.table(table)} where artist_id = ${owner.id}`.execute(db)
    await lots(sql`${ownerColumn(owner)} = ${owner.id}`)
    await sql`delete from letters where ${ownerColumn(owner)} = ${owner.id}`.execute(db)
    await sql`delete from providers where ${ownerColumn(owner)} = ${owner.id}`.execute(db)
    await sql`delete from sending_domains where ${ownerColumn(owner)} = ${owner.id}`.execute(db)
  },
}
