import './tables.ts'
import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import { stands } from '../exchange/index.ts'
import { type Facts, PROOFS, type ProofKind, shareOf, TOWN_FLOOR } from './proofs.rules.ts'

const DAY_MS = 24 * 3_600_000
const day = (at: Date) => at.toISOString().slice(0, 10)

type Read = (db: Db | Tx, artistId: string, now: Date) => Promise<Facts>

/** Where the people who follow say that they live; a town from five people on. */
const towns: Read = async (db, artistId) => {
  const { rows } = await sql<{ place: string; people: number }>`
    select min(trim(f.place)) as place, count(distinct f.id)::int as people from subscriptions s join fans f on f.id = s.fan_id
    where s.artist_id = ${artistId} and s.state = 'active' and trim(f.place) <> ''
    group by lower(trim(f.place)) having count(distinct f.id) >= ${TOWN_FLOOR} order by 2 desc, 1 limit 30`.execute(db)
  return { towns: rows }
}

/** How many people `counted` finds up to a moment `m.at`, at the beginning of each of the last twelve months and today. `read`: what it finds them in, read once, as `, name as (…)`. */
export async function eachMonth(
  db: Db | Tx,
  { counted, read = sql`` }: { counted: RawBuilder<unknown>; read?: RawBuilder<unknown> },
  now: Date,
): Promise<Facts> {
  const { rows } = await sql<{ on: string; people: number }>`
    with moments as (
      select at at time zone 'UTC' as at from generate_series(date_trunc('month', ${now}::timestamptz at time zone 'UTC') - interval '11 months',
        date_trunc('month', ${now}::timestamptz at time zone 'UTC'), interval '1 month') as at
      union select ${now}::timestamptz
    )${read}
    select to_char(m.at at time zone 'UTC', 'YYYY-MM-DD') as on, (${counted}) as people from moments m order by m.at`.execute(
    db,
  )
  return { months: rows }
}

/** How many people could be written to, at the beginning of each of the last twelve months and today. */
const growth: Read = (db, artistId, now) => {
  const counted = sql`select count(distinct s.fan_id)::int from subscriptions s
    where s.artist_id = ${artistId} and s.joined_at <= m.at and (s.left_at is null or s.left_at > m.at) and s.state in ('active', 'left')`
  return eachMonth(db, { counted }, now)
}

/** Of so many people, from one moment to another. */
export const share = (n: number, of: number, from: Date, to: Date): Facts => {
  const told = shareOf(n, of)
  const period = { from: day(from), to: day(to) }
  return told ? { ...period, ...told } : { ...period, tooFew: true }
}

type Counted = { n: number; of: number }

/** Of the recognised people who were told of something within a year, how many did something within seven days of it, at least once. */
const response: Read = async (db, artistId, now) => {
  const [from, to] = [new Date(now.getTime() - 365 * DAY_MS), new Date(now.getTime() - 7 * DAY_MS)]
  const { rows } = await sql<Counted>`
    with told as (
      select t.person_id, t.at from touches t join fans f on f.person_id = t.person_id and f.recognised_since <= t.at
      where t.artist_id = ${artistId} and t.channel in ('mail', 'sms', 'push') and t.at >= ${from} and t.at < ${to}
    ), people as (
      select t.person_id, bool_or(exists (
        select from returns r where r.artist_id = ${artistId} and r.at > t.at and r.at <= t.at + interval '7 days' and r.kind <> 'refund' and ${stands('r')}
          and (r.person_id = t.person_id or r.person_id in (select o.person_id from one_person o where o.is_person = t.person_id)))) as did
      from told t group by 1
    )
    select count(*)::int as of, (count(*) filter (where did))::int as n from people`.execute(db)
  const [{ n, of } = { n: 0, of: 0 }] = rows
  return share(n, of, from, to)
}

/** Of the people who listened between 180 and 90 days ago, how many listened again 30 to 90 days after the first of these listens. `heard` finds each listen's `person` and `at`. */
export async function heardAgain(db: Db | Tx, heard: RawBuilder<unknown>, now: Date): Promise<Facts> {
  const [from, to] = [new Date(now.getTime() - 180 * DAY_MS), new Date(now.getTime() - 90 * DAY_MS)]
  const { rows } = await sql<Counted>`
    with heard as (select person, at from (${heard}) listens where at >= ${from}), firsts as (
      select person, min(at) as at from heard group by 1 having min(at) < ${to}
    )
    select count(*)::int as of, (count(*) filter (where exists (
      select from heard h where h.person = f.person and h.at >= f.at + interval '30 days' and h.at < f.at + interval '90 days')))::int as n
    from firsts f`.execute(db)
  const [{ n, of } = { n: 0, of: 0 }] = rows
  return share(n, of, from, to)
}

/** Each listen to some of an artist's music, by person; `which` narrows it, as a condition on `r`. */
export const listens = (artistId: string, which: RawBuilder<unknown> = sql`true`) => sql`
  select coalesce(o.is_person, r.person_id) as person, r.at from returns r left join one_person o on o.person_id = r.person_id
  where r.artist_id = ${artistId} and r.kind = 'listen' and ${stands('r')} and r.person_id is not null and ${which}`

const retention: Read = (db, artistId, now) => heardAgain(db, listens(artistId), now)

const READ: Record<ProofKind, Read> = { towns, growth, response, retention }

/** One figure as it is now. */
export const readProof = (db: Db | Tx, kind: ProofKind, artistId: string, now: Date): Promise<Facts> =>
  READ[kind](db, artistId, now)

/** The order in which they are shown. */
export const inOrder = sql`array_position(${[...PROOFS]}::text[], kind)`

export type Proof = { kind: ProofKind; facts: Facts; madeAt: Date }

/** Those that the artist agreed to show. */
export async function shownProofs(db: Db | Tx, artistId: string): Promise<Proof[]> {
  const { rows } = await sql<Proof>`
    select kind, facts, made_at as "madeAt" from press_proofs where artist_id = ${artistId}
    order by ${inOrder}`.execute(db)
  return rows
}
