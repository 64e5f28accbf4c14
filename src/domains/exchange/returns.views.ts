import { sql } from 'kysely'
import type { Db } from '../../platform/database/index.ts'
import type { Money } from '../../platform/money.ts'
import { type Spread, spreadOf } from './brought.views.ts'
import { type Lasting, lastingOf } from './lasting/lasting.views.ts'
import { type MoneyOfKind, moneyOf, type SpentLater, spentLater } from './money.views.ts'
import { stands } from './stands.sql.ts'
import type { Subject } from './subjects.ts'

export type GiftRow = {
  id: string
  kind: string
  subject: Subject
  at: Date
  /** Pages opened and tracks begun. */
  touches: number
  /** Persons among those whom it reached, as far as they are told apart. */
  people: number
  listens: number
  downloads: number
  /** Taken for nothing in a shop or with a code. */
  taken: number
  /** What came back as money, before tax and less what went back: in each currency. */
  money: Money[]
}

/** A gift `g` and those that were made together with it. Being told of several at once is one touch: `TOLD_ONCE` leaves it to the first. */
const TOGETHER = sql`array(select g.id union all select p.id from gifts p where p.operation_id = g.id)`
const TOLD_ONCE = sql`(gift_id = g.id or subject not like 'given:%')`

/** The gifts of an artist with what came back, newest first; of several that were made together the first stands for all. */
export async function giftsWithReturns(db: Db, artistId: string, limit = 50): Promise<GiftRow[]> {
  const { rows } = await sql<GiftRow>`
    select g.id, g.kind, g.subject, g.at,
      coalesce(t.touches, 0)::int as touches, coalesce(t.people, 0)::int as people,
      coalesce(r.listens, 0)::int as listens, coalesce(r.downloads, 0)::int as downloads,
      coalesce(r.taken, 0)::int as taken, coalesce(m.money, '[]') as money
    from (select * from gifts where artist_id = ${artistId} and operation_id is null order by at desc limit ${limit}) g
    cross join lateral (select ${TOGETHER} as ids) w
    left join lateral (
      select count(*) as touches, count(distinct person_id) as people from touches where gift_id = any(w.ids) and ${TOLD_ONCE}
    ) t on true
    left join lateral (
      select count(*) filter (where kind = 'listen') as listens, count(*) filter (where kind = 'download') as downloads,
        count(*) filter (where kind = 'acceptance') as taken
      from returns where gift_id = any(w.ids) and ${stands('returns')}
    ) r on true
    left join lateral (
      select json_agg(json_build_object('currency', currency, 'amount', amount) order by amount desc) as money from (
        select currency, sum(amount)::bigint as amount from returns where gift_id = any(w.ids) and amount is not null and ${stands('returns')}
        group by currency having sum(amount) <> 0
      ) sums
    ) m on true
    order by g.at desc`.execute(db)
  return rows
}

export type Day = { day: string; touches: number; listens: number; downloads: number; money: Money[] }
/** `host`: the page of another site that holds the player, when the way is `embed`. */
export type Way = { way: string; token: boolean; host: string | null; touches: number; returns: number; money: Money[] }
export type BySubject = { subject: Subject; starts: number; listens: number; downloads: number }
export type GiftReport = {
  gift: { id: string; kind: string; subject: Subject; at: Date }
  days: Day[]
  /** How people came: host of the page that led here, or token of a link; '' for those who came by themselves. */
  ways: Way[]
  subjects: BySubject[]
  money: MoneyOfKind[]
  spent: SpentLater
  spread: Spread
  lasting: Lasting
  /** Returns of the first 24 hours, and those that came later; money aside. */
  firstDay: number
  later: number
}

/** Everything that one gift brought, with those that were made together with it, by day in `zone`. Null when this artist has no such gift. */
export async function giftReport(
  db: Db,
  artistId: string,
  giftId: string,
  now: Date,
  zone: string,
): Promise<GiftReport | null> {
  const gift = await giftIn(db, artistId, giftId)
  if (!gift) return null
  const gifts = await together(db, giftId)
  const [days, ways, subjects, money, spent, spread, lasting, ages] = await Promise.all([
    byDay(db, gifts, gift.at, now, zone),
    byWay(db, gifts),
    bySubject(db, gifts),
    moneyOf(db, gifts.ids),
    spentLater(db, artistId, gifts.ids),
    spreadOf(db, artistId, gifts.ids),
    lastingOf(db, artistId, gift, gifts.ids, now),
    sql<{ firstDay: number; later: number }>`
      select count(*) filter (where at < ${gift.at}::timestamptz + interval '1 day')::int as "firstDay",
        count(*) filter (where at >= ${gift.at}::timestamptz + interval '1 day')::int as later
      from returns where gift_id = any(${gifts.ids}::uuid[]) and amount is null and ${stands('returns')}`.execute(db),
  ])
  return {
    gift: { ...gift, subject: gift.subject as Subject },
    days,
    ways,
    subjects,
    money,
    spent,
    spread,
    lasting,
    ...(ages.rows[0] ?? { firstDay: 0, later: 0 }),
  }
}

/** How long it lasts, alone. Null when this artist has no such gift. */
export async function giftLasting(db: Db, artistId: string, giftId: string, now: Date): Promise<Lasting | null> {
  const gift = await giftIn(db, artistId, giftId)
  return gift && lastingOf(db, artistId, gift, (await together(db, giftId)).ids, now)
}

async function giftIn(db: Db, artistId: string, giftId: string) {
  const gift = await db
    .selectFrom('gifts')
    .select(['id', 'kind', 'subject', 'at'])
    .where('artistId', '=', artistId)
    .where('id', '=', giftId)
    .executeTakeFirst()
  return gift ?? null
}

type Together = { first: string; ids: string[] }

async function together(db: Db, first: string): Promise<Together> {
  const others = await db.selectFrom('gifts').select('id').where('operationId', '=', first).execute()
  return { first, ids: [first, ...others.map(({ id }) => id)] }
}

async function byDay(db: Db, { first, ids }: Together, from: Date, to: Date, zone: string): Promise<Day[]> {
  const { rows } = await sql<Day>`
    with days as (
      select generate_series(date_trunc('day', ${from}::timestamptz at time zone ${zone}), ${to}::timestamptz at time zone ${zone}, interval '1 day')::date as day
    ), t as (
      select (at at time zone ${zone})::date as day, count(*)::int as touches from touches
      where gift_id = any(${ids}::uuid[]) and (gift_id = ${first} or subject not like 'given:%') group by 1
    ), r as (
      select (at at time zone ${zone})::date as day, count(*) filter (where kind = 'listen')::int as listens,
        count(*) filter (where kind = 'download')::int as downloads
      from returns where gift_id = any(${ids}::uuid[]) and ${stands('returns')} group by 1
    ), m as (
      select day, json_agg(json_build_object('currency', currency, 'amount', amount) order by currency) as money from (
        select (at at time zone ${zone})::date as day, currency, sum(amount)::bigint as amount from returns
        where gift_id = any(${ids}::uuid[]) and amount is not null and ${stands('returns')} group by 1, 2
      ) sums group by 1
    )
    select days.day::text as day, coalesce(t.touches, 0) as touches, coalesce(r.listens, 0) as listens, coalesce(r.downloads, 0) as downloads,
      coalesce(m.money, '[]') as money
    from days left join t using (day) left join r using (day) left join m using (day) order by days.day`.execute(db)
  return rows
}

/** How tokens of links begin that are many and one way together: those in messages, those passed on, those on posters, those that copies carry. */
export const WAYS_TOGETHER = ['m.', 's.', 'q.', 'c.'] as const

async function byWay(db: Db, { ids }: Together): Promise<Way[]> {
  const { rows } = await sql<Way>`
    with came as (
      select case when left(token, 2) = any(${[...WAYS_TOGETHER]}::text[]) then left(token, 2) else coalesce(token, referrer, '') end as way, token is not null as token,
        case when token = 'embed' then referrer end as host, what, amount, currency
      from (
        select 't' as what, referrer, token, null::bigint as amount, null::text as currency from touches
        where gift_id = any(${ids}::uuid[]) and channel = 'page'
        union all select 'r', referrer, token, amount, currency from returns where gift_id = any(${ids}::uuid[]) and ${stands('returns')}
      ) rows
    ), counted as (
      select way, token, host, count(*) filter (where what = 't')::int as touches,
        count(*) filter (where what = 'r' and coalesce(amount, 1) > 0)::int as returns
      from came group by 1, 2, 3 order by 4 desc, 5 desc, 1 limit 20
    )
    select c.*, coalesce((
      select json_agg(json_build_object('currency', currency, 'amount', amount) order by amount desc) from (
        select m.currency, sum(m.amount)::bigint as amount from came m
        where m.amount is not null and m.way = c.way and m.token = c.token and m.host is not distinct from c.host
        group by 1 having sum(m.amount) <> 0
      ) sums), '[]') as money
    from counted c order by c.touches desc, c.returns desc, c.way`.execute(db)
  return rows
}

async function bySubject(db: Db, { ids }: Together): Promise<BySubject[]> {
  const { rows } = await sql<BySubject>`
    select subject, sum(starts)::int as starts, sum(listens)::int as listens, sum(downloads)::int as downloads from (
      select subject, count(*) filter (where channel = 'start') as starts, 0 as listens, 0 as downloads from touches where gift_id = any(${ids}::uuid[]) group by 1
      union all
      select subject, 0, count(*) filter (where kind = 'listen'), count(*) filter (where kind = 'download')
      from returns where gift_id = any(${ids}::uuid[]) and ${stands('returns')} group by 1
    ) counted group by subject having sum(starts) + sum(listens) + sum(downloads) > 0 order by listens desc, starts desc, subject`.execute(
    db,
  )
  return rows
}

export type Week = { touches: number; people: number; listens: number; downloads: number }

/** What came to an artist between two moments. */
export async function cameBack(db: Db, artistId: string, from: Date, to: Date): Promise<Week> {
  const { rows } = await sql<Week>`
    select t.touches, t.people, r.listens, r.downloads from
      (select count(*)::int as touches, count(distinct person_id)::int as people from touches
        where artist_id = ${artistId} and at >= ${from} and at < ${to} and subject not like 'given:%') t,
      (select count(*) filter (where kind = 'listen')::int as listens, count(*) filter (where kind = 'download')::int as downloads
       from returns where artist_id = ${artistId} and at >= ${from} and at < ${to} and ${stands('returns')}) r`.execute(
    db,
  )
  return rows[0] as Week
}

/** When the first of them gave something for the first time; null while nobody has. */
export async function firstGiftAt(db: Db, senderIds: string[]): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(at) as at from gifts where artist_id = any(${senderIds}::uuid[])`.execute(db)
  return rows[0]?.at ?? null
}

export type KnownOfVisitor = {
  since: Date
  /** Pages opened, tracks started. */
  pages: number
  starts: number
  listens: number
  downloads: number
  latest: { what: string; subject: Subject; at: Date }[]
}

/** What is known of one person: shown to that person alone. */
export async function knownOf(db: Db, personId: string): Promise<KnownOfVisitor | null> {
  const mapping = await db
    .selectFrom('personVisitors')
    .select('createdAt')
    .where('personId', '=', personId)
    .executeTakeFirst()
  if (!mapping) return null
  const { rows: latest } = await sql<{ what: string; subject: Subject; at: Date }>`
    select channel as what, subject, at from touches where person_id = ${personId}
    union all select kind, subject, at from returns where person_id = ${personId} and ${stands('returns')} order by at desc limit 100`.execute(
    db,
  )
  const { rows: counts } = await sql<Omit<KnownOfVisitor, 'since' | 'latest'>>`
    select (select count(*)::int from touches where person_id = ${personId} and channel = 'page') as pages,
      (select count(*)::int from touches where person_id = ${personId} and channel = 'start') as starts,
      (select count(*)::int from returns where person_id = ${personId} and kind = 'listen' and ${stands('returns')}) as listens,
      (select count(*)::int from returns where person_id = ${personId} and kind = 'download' and ${stands('returns')}) as downloads`.execute(
    db,
  )
  return { since: mapping.createdAt, latest, ...(counts[0] as Omit<KnownOfVisitor, 'since' | 'latest'>) }
}
