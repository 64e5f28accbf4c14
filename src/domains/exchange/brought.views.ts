import './tables.ts'
import { type RawBuilder, sql } from 'kysely'
import { type Db, PREPARED, type Tx } from '../../platform/database/index.ts'
import type { Caused } from './echo.rules.ts'
import { type Reproduction, reproduction } from './reproduction.rules.ts'
import { SHARE_TOKENS } from './shares.store.ts'
import { stands } from './stands.sql.ts'

/**
 * Who brought whom to an artist, as a `with`: `tree(person, by_person, gift_id, at)`, each person once at most; `came`, the same with those of whom nothing but an
 * opened page is known. Persons who turned out to be one are one.
 * Left out are: who came by their own link; who had been here, or had passed something on, as another of the same persons; and who did nothing but open a page,
 * as a machine may. A bringer had a link before the moment at which somebody came by it, and that one had none: along a way these moments only rise, so it never closes to
 * a circle, whichever persons turn out to be one.
 */
const tree = (artistId: string) => sql`
  edges as (
    select coalesce(p.is_person, b.person_id) as person, coalesce(q.is_person, b.by_person) as by_person, b.person_id as raw, b.by_person as raw_by, b.gift_id, b.at
    from brought b left join one_person p on p.person_id = b.person_id left join one_person q on q.person_id = b.by_person
    where b.artist_id = ${artistId}
  ), sharers as (
    select coalesce(o.is_person, s.person_id) as person, min(s.created_at) as since
    from shares s left join one_person o on o.person_id = s.person_id where s.artist_id = ${artistId} group by 1
  ), firsts as (
    select distinct on (person) * from edges order by person, at, raw
  ), came as (
    select f.* from firsts f left join sharers s on s.person = f.person
    where f.person <> f.by_person and (s.since is null or s.since > f.at)
      and (f.person = f.raw or not exists (
        select from touches t where t.artist_id = ${artistId} and t.at < f.at
          and (t.person_id = f.person or t.person_id in (select o.person_id from one_person o where o.is_person = f.person))))
  ), tree as (
    select f.* from came f
    where exists (select from touches t where t.person_id = f.raw and t.artist_id = ${artistId} and t.channel = 'start')
      or exists (select from returns r where r.person_id in (f.raw, f.person) and r.artist_id = ${artistId} and r.at >= f.at and r.reverses is null)
  )`

export type Edge = { person: string; by: string; giftId: string | null; at: Date }

/** The whole tree of an artist, in the order in which people came. */
export async function broughtTree(db: Db | Tx, artistId: string): Promise<Edge[]> {
  const { rows } = await sql<Edge>`
    with ${tree(artistId)} select person, by_person as by, gift_id as "giftId", at from tree order by at, person`.execute(
    db,
  )
  return rows
}

export type Spread = {
  /** Whom others brought to it, and how many did. */
  people: number
  bringers: number
  /** Over how many people the longest way went: 1 when each was brought by somebody who came otherwise. */
  deepest: number
  reached: number
  each: Reproduction | null
}

/** How far gifts were carried on from one person to the next. */
export async function spreadOf(db: Db, artistId: string, gifts: readonly string[]): Promise<Spread> {
  const ids = sql`any(${[...gifts]}::uuid[])`
  const { rows } = await sql<Omit<Spread, 'each'> & { squares: number }>`
    with recursive ${tree(artistId)}, own as (
      select person, by_person from tree where gift_id = ${ids}
    ), ways as (
      select person, 1 as depth from own where by_person not in (select person from own)
      union all select o.person, w.depth + 1 from own o join ways w on o.by_person = w.person
    ), counts as (
      select by_person, count(*) as n from own group by 1
    ), met as (
      select coalesce(o.is_person, t.person_id) as person from touches t left join one_person o on o.person_id = t.person_id
      where t.gift_id = ${ids} and t.person_id is not null
      union select person from own union select by_person from own
    )
    select (select count(*)::int from own) as people, (select count(*)::int from counts) as bringers,
      (select coalesce(max(depth), 0)::int from ways) as deepest, (select count(*)::int from met) as reached,
      (select coalesce(sum(n * n), 0)::float8 from counts) as squares`.execute(db)
  const { squares, ...spread } = rows[0] as Omit<Spread, 'each'> & { squares: number }
  return { ...spread, each: reproduction(spread.reached, spread.people, squares) }
}

/** Somebody and those who turned out to be them. */
const personsOf = (person: RawBuilder<unknown>) =>
  sql`(select ${person} as person_id union all select one.person_id from one_person one where one.is_person = ${person})`

/** The edges of the tree that lead from one of its people, found from there: `tree` alone, without what it leaves out elsewhere. */
const edgesFrom = (artistId: string, by: RawBuilder<unknown>) => sql`(
  select e.person, e.raw_by, e.at from (
    select coalesce(p.is_person, b.person_id) as person, b.person_id as raw, b.by_person as raw_by, b.at
    from ${personsOf(by)} me join brought b on b.by_person = me.person_id and b.artist_id = ${artistId}
      left join one_person p on p.person_id = b.person_id left join one_person q on q.person_id = b.by_person
    where coalesce(q.is_person, b.by_person) = ${by}
  ) e
  where e.person <> ${by}
    and not exists (
      select from ${personsOf(sql`e.person`)} w join brought before on before.artist_id = ${artistId} and before.person_id = w.person_id
        left join one_person p on p.person_id = before.person_id
      where coalesce(p.is_person, before.person_id) = e.person and (before.at, before.person_id) < (e.at, e.raw))
    and not exists (
      select from ${personsOf(sql`e.person`)} w join shares s on s.person_id = w.person_id and s.artist_id = ${artistId}
        left join one_person p on p.person_id = s.person_id
      where coalesce(p.is_person, s.person_id) = e.person and s.created_at <= e.at)
    and (e.person = e.raw or not exists (
      select from ${personsOf(sql`e.person`)} w join touches t on t.person_id = w.person_id where t.artist_id = ${artistId} and t.at < e.at))
    and (exists (select from touches t where t.person_id = e.raw and t.artist_id = ${artistId} and t.channel = 'start')
      or exists (select from returns r where r.person_id in (e.raw, e.person) and r.artist_id = ${artistId} and r.at >= e.at and r.reverses is null)))`

/** Those below somebody in the tree: `below(person, at, depth)`. */
const below = (artistId: string, personId: string, until: Date | null) => sql`
  below as (
    select e.person, e.at, 1 as depth from ${edgesFrom(artistId, sql`${personId}::uuid`)} e left join one_person o on o.person_id = e.raw_by
    where (o.since is null or e.at >= o.since) and (${until}::timestamptz is null or e.at < ${until})
    union all select e.person, e.at, u.depth + 1 from below u cross join lateral ${edgesFrom(artistId, sql`u.person`)} e
    where ${until}::timestamptz is null or e.at < ${until}
  )`

/** How many people somebody brought to an artist: by their own links, and in all, with those whom these brought. */
export async function broughtThrough(
  db: Db | Tx,
  artistId: string,
  personId: string,
): Promise<{ directly: number; people: number }> {
  const { rows } = await sql<{ directly: number; people: number }>`
    ${sql.raw(PREPARED)} with recursive ${below(artistId, personId, null)}
    select count(*) filter (where depth = 1)::int as directly, count(*)::int as people from below`.execute(db)
  return rows[0] ?? { directly: 0, people: 0 }
}

/** Whom somebody brought until `until`, and how often these listened from when they came, each with all their devices. */
export async function causedBy(db: Db | Tx, artistId: string, personId: string, until: Date): Promise<Caused> {
  const { rows } = await sql<Caused>`
    ${sql.raw(PREPARED)} with recursive ${below(artistId, personId, until)}, heard as materialized (
      -- Of few people: found by them, not among all that the artist's time holds.
      select b.depth, (select count(*) filter (where r.at >= b.at and r.at < ${until})
        from ${personsOf(sql`b.person`)} w join returns r on r.person_id = w.person_id
        where r.artist_id = ${artistId} and r.kind = 'listen' and ${stands('r')}) as n
      from below b
    )
    select count(*) filter (where depth = 1)::int as directly, count(*)::int as people,
      coalesce(sum(n) filter (where depth = 1), 0)::int as "listensDirectly", coalesce(sum(n), 0)::int as listens from heard`.execute(
    db,
  )
  return rows[0] ?? { directly: 0, people: 0, listensDirectly: 0, listens: 0 }
}

/** Everybody who brought people by their own links, with how many: what the sum of them is does not change when somebody is erased. */
export async function bringersOf(db: Db | Tx, artistId: string): Promise<{ personId: string; directly: number }[]> {
  const { rows } = await sql<{ personId: string; directly: number }>`
    with ${tree(artistId)}
    select t.by_person as "personId", count(*)::int as directly from tree t left join one_person o on o.person_id = t.raw_by
    where o.since is null or t.at >= o.since group by 1 order by 2 desc, 1`.execute(db)
  return rows
}

/**
 * How many people each person brought who came by their own links in a time, and in it confirmed for the first time that the artist may write to them. One who agreed to be
 * recognised is known to be whom the tree knows. Of others only the link is known, by which they came and by which they confirmed: as many count as did both, so one
 * who types several addresses into one browser brings one person, or nobody when it is their own.
 */
export async function confirmedThrough(
  db: Db | Tx,
  artistId: string,
  { from, until }: { from: Date; until: Date },
): Promise<Map<string, number>> {
  const { rows } = await sql<{ personId: string; people: number }>`
    with ${tree(artistId)}, confirmed as (
      select distinct on (person) coalesce(o.is_person, r.person_id) as person, r.at, r.token
      from returns r left join one_person o on o.person_id = r.person_id
      where r.artist_id = ${artistId} and r.kind = 'confirmation' and r.person_id is not null and ${stands('r')} order by 1, r.at, r.id
    ), edges_in as (
      select c.person, c.by_person, exists (select from confirmed f where f.person = c.person and f.at >= c.at and f.at >= ${from} and f.at < ${until}) as sure
      from came c left join one_person o on o.person_id = c.raw_by
      where c.at >= ${from} and c.at < ${until} and (o.since is null or c.at >= o.since)
    ), by_link as (
      select coalesce(o.is_person, s.person_id) as by_person, count(*) as n
      from confirmed f join shares s on s.artist_id = ${artistId} and f.token = ${`${SHARE_TOKENS}.`} || s.code left join one_person o on o.person_id = s.person_id
      where f.at >= ${from} and f.at < ${until} and f.person <> coalesce(o.is_person, s.person_id)
        and not exists (select from edges_in e where e.person = f.person and e.sure) group by 1
    )
    select e.by_person as "personId", (count(*) filter (where e.sure) + least(count(*) filter (where not e.sure), coalesce(max(l.n), 0)))::int as people
    from edges_in e left join by_link l on l.by_person = e.by_person group by 1`.execute(db)
  return new Map(rows.flatMap(({ personId, people }) => (people > 0 ? [[personId, people] as const] : [])))
}
