import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'
import { stands } from '../stands.sql.ts'
import {
  AFTER_HOURS,
  AGES,
  AGES_OF_TWELVE_WEEKS,
  type Half,
  type Hour,
  halfOf,
  LASTING_HOURS,
  middle,
  WEEKS_AFTER,
} from './lasting.rules.ts'

export type Age = {
  /** Hours since it was given: from, and until before. */
  from: number
  to: number
  /** What came in between; until now, when it is not `over`. Null: that age is still to come. */
  returns: number | null
  over: boolean
  /** What had come in all by its end; null when it is not over. */
  by: number | null
  /** What the middle one of the others had brought by its end: in parts of its own first twelve weeks when these are over, else in returns. */
  others: number | null
}

export type Lasting = {
  ages: Age[]
  /** Whole hours since it was given. */
  hours: number
  /** Whether the first twelve weeks are over: before, nobody knows when half of what they bring had come. */
  over: boolean
  /** Of the first twelve weeks, until now. */
  returns: number
  people: number
  /** Of what the first twelve weeks brought, or brought until now; null of too few. */
  half: Half | null
  /** What came in the whole weeks after the twelfth, four at most; null while there is none. */
  after: { returns: number; weeks: number } | null
  others: Others | null
}

/** The artist's other gifts of that kind; null when they are too few. `half`: of the middle one, in hours. */
type Others = { gifts: number; half: number | null; by: number[] }

/** So many others there must be, and so much must have come of each, when its parts are looked at. */
const FEWEST_OTHERS = 3
const FEWEST_RETURNS = 20
const MOST_OTHERS = 50

type Given = { id: string; kind: string; at: Date }

const hourSince = (at: ReturnType<typeof sql>) => sql`greatest(0, floor(extract(epoch from r.at - ${at}) / 3600))::int`

/** How long a gift lasts: what came back by age, but for money, of `ids`, which were made together. A fan is one person from when they agreed to be recognised. */
export async function lastingOf(
  db: Db,
  artistId: string,
  gift: Given,
  ids: readonly string[],
  now: Date,
): Promise<Lasting> {
  const hours = Math.max(0, Math.floor((now.getTime() - gift.at.getTime()) / 3_600_000))
  const over = hours >= LASTING_HOURS
  const [{ rows }, others] = await Promise.all([
    sql<Hour & { people: number }>`
      with came as (
        select coalesce(o.is_person, r.person_id, r.id) as person, ${hourSince(sql`${gift.at}::timestamptz`)} as hour
        from returns r left join one_person o on o.person_id = r.person_id and (o.since is null or o.since <= r.at)
        where r.gift_id = any(${[...ids]}::uuid[]) and r.amount is null and ${stands('r')} and r.at <= ${now}
          and r.at < ${gift.at}::timestamptz + ${AFTER_HOURS} * interval '1 hour'
      ), counted as (
        select hour, row_number() over (partition by person order by hour) as k,
          count(*) filter (where hour < ${LASTING_HOURS}) over (partition by person) as n from came
      )
      select hour, count(*)::int as returns, sum(2 * k - 1)::float8 as odd, sum(n)::float8 as "ofPeople", (count(*) filter (where k = 1))::int as people
      from counted group by hour order by hour`.execute(db),
    othersOf(db, artistId, gift, now, over),
  ])
  const first = rows.filter(({ hour }) => hour < LASTING_HOURS)
  const between = (from: number, to: number) =>
    rows.reduce((sum, row) => (row.hour >= from && row.hour < to ? sum + row.returns : sum), 0)
  const people = first.reduce((sum, row) => sum + row.people, 0)
  const weeks = Math.min(WEEKS_AFTER, Math.floor((hours - LASTING_HOURS) / 168))
  return {
    ages: AGES.map((to, at) => {
      const from = AGES[at - 1] ?? 0
      return {
        from,
        to,
        returns: hours < from ? null : between(from, to),
        over: hours >= to,
        by: hours < to ? null : between(0, to),
        others: others?.by[at] ?? null,
      }
    }),
    hours,
    over,
    returns: between(0, LASTING_HOURS),
    people,
    half: halfOf(first, people),
    after: weeks >= 1 ? { returns: between(LASTING_HOURS, LASTING_HOURS + weeks * 168), weeks } : null,
    others,
  }
}

/** Those whose first twelve weeks are over, and no others: a line through the middle of ever fewer gifts would fall and rise with who left it. */
async function othersOf(
  db: Db,
  artistId: string,
  { id, kind }: Given,
  now: Date,
  inParts: boolean,
): Promise<Others | null> {
  const { rows } = await sql<{ returns: number; half: number | null; by: number[] }>`
    with others as (
      select id, at from gifts where artist_id = ${artistId} and kind = ${kind} and operation_id is null and id <> ${id}
        and at <= ${now}::timestamptz - ${LASTING_HOURS} * interval '1 hour' order by at desc limit ${MOST_OTHERS}
    ), ids as (
      select id as first, id, at from others union all select p.operation_id, p.id, o.at from others o join gifts p on p.operation_id = o.id
    ), came as (
      select i.first, ${hourSince(sql`i.at`)} as hour, count(*) as n from ids i join returns r on r.gift_id = i.id
      where r.amount is null and ${stands('r')} and r.at < i.at + ${LASTING_HOURS} * interval '1 hour' group by 1, 2
    ), summed as (
      select first, hour, n, sum(n) over (partition by first order by hour) as by, sum(n) over (partition by first) as all_of_it from came
    )
    select coalesce(sum(c.n), 0)::int as returns, min(c.hour) filter (where 2 * c.by >= c.all_of_it) + 1 as half,
      array[${sql.join(AGES_OF_TWELVE_WEEKS.map((age) => sql`coalesce(sum(c.n) filter (where c.hour < ${age}), 0)::int`))}] as by
    from others o left join summed c on c.first = o.id group by o.id`.execute(db)
  const gifts = inParts ? rows.filter(({ returns }) => returns >= FEWEST_RETURNS) : rows
  if (gifts.length < FEWEST_OTHERS) return null
  return {
    gifts: gifts.length,
    half: inParts ? middle(gifts.map(({ half }) => half as number)) : null,
    by: AGES_OF_TWELVE_WEEKS.map(
      (_, at) => middle(gifts.map(({ by, returns }) => (by[at] as number) / (inParts ? returns : 1))) as number,
    ),
  }
}
