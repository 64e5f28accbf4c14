import './tables.ts'
import { sql } from 'kysely'
import { type Db, PREPARED, type Tx } from '../../platform/database/index.ts'
import { causedBy } from './brought.views.ts'
import { type Echo, echoOf } from './echo.rules.ts'
import { stands } from './stands.sql.ts'
import type { Subject } from './subjects.ts'

/** The persons of somebody, each with the moment from which what it did is theirs: on a computer that several use, not what others did there before. */
const me = (personId: string) => sql`
  me as (select ${personId}::uuid as person_id, null::timestamptz as since
    union select person_id, since from one_person where is_person = ${personId} and person_id <> ${personId})`
const MINE = (of: string) => sql`(me.since is null or ${sql.ref(`${of}.at`)} >= me.since)`

/** One gift of an artist's that reached somebody. */
export type GivenRow = { subject: Subject; kind: string; at: Date; told: boolean; heard: boolean; taken: boolean }

const PAGE = 30

/** What an artist gave that reached this person, the latest first, a page at a time; what was given together is one. `more`: there are others. */
export async function givenTo(
  db: Db,
  artistId: string,
  personId: string,
  page: number,
): Promise<{ rows: GivenRow[]; more: boolean }> {
  const { rows } = await sql<GivenRow>`
    ${sql.raw(PREPARED)} with ${me(personId)}, met as (
      select t.gift_id, t.channel in ('mail', 'sms', 'push') as told, t.channel = 'start' as heard, false as taken
      from me join touches t on t.person_id = me.person_id where t.artist_id = ${artistId} and t.gift_id is not null and ${MINE('t')}
      union all select r.gift_id, false, r.kind = 'listen', r.kind in ('download', 'acceptance')
      from me join returns r on r.person_id = me.person_id where r.artist_id = ${artistId} and r.gift_id is not null and ${MINE('r')} and ${stands('r')}
    ), each as materialized (
      select gift_id, bool_or(told) as told, bool_or(heard) as heard, bool_or(taken) as taken from met group by 1
    ), given as (
      select coalesce(g.operation_id, g.id) as id, bool_or(m.told) as told, bool_or(m.heard) as heard, bool_or(m.taken) as taken
      from each m join gifts g on g.id = m.gift_id where g.artist_id = ${artistId} group by 1
    )
    select g.subject, g.kind, g.at, w.told, w.heard, w.taken from given w join gifts g on g.id = w.id and g.artist_id = ${artistId}
    order by g.at desc, g.id limit ${PAGE + 1} offset ${page * PAGE}`.execute(db)
  return { rows: rows.slice(0, PAGE), more: rows.length > PAGE }
}

/** What somebody did for an artist, by kind of return. */
export async function gesturesOf(db: Db, artistId: string, personId: string): Promise<Map<string, number>> {
  const { rows } = await sql<{ kind: string; n: number }>`
    ${sql.raw(PREPARED)} with ${me(personId)}
    select r.kind, count(*)::int as n from me join returns r on r.person_id = me.person_id
    where r.artist_id = ${artistId} and ${MINE('r')} and ${stands('r')} group by 1`.execute(db)
  return new Map(rows.map(({ kind, n }) => [kind, n]))
}

/** What came of their gestures until `until`, as far as it may be told to them. */
export const echoFor = async (db: Db | Tx, artistId: string, personId: string, until: Date): Promise<Echo> =>
  echoOf(await causedBy(db, artistId, personId, until))

/** The links that somebody passes an artist's things on by, the latest first. */
export async function linksOf(
  db: Db,
  artistId: string,
  personId: string,
): Promise<{ code: string; subject: Subject }[]> {
  const { rows } = await sql<{ code: string; subject: Subject }>`
    with ${me(personId)}
    select s.code, s.subject from me join shares s on s.person_id = me.person_id
    where s.artist_id = ${artistId} and s.closed_at is null and (me.since is null or s.created_at >= me.since)
    order by s.created_at desc, s.code limit 20`.execute(db)
  return rows
}
