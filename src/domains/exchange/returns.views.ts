import { sql } from 'kysely'
import { type Db, PREPARED } from '../../platform/database/index.ts'
import type { Money } from '../../platform/money.ts'
import type { Lasting } from './lasting/lasting.views.ts'
import { type MoneyOfKind, moneyOf } from './money.views.ts'
import { type Reading, readingOf } from './reading.ts'
import { stands } from './stands.sql.ts'
import type { Subject } from './subjects.ts'
import { tallyDaysIn, tallySpine } from './tallies.ts'

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

/** The gifts of an artist (or of these subjects alone) with what came back, newest first; of several that were made together the first stands for all. */
export async function giftsWithReturns(
  db: Db,
  artistId: string,
  limit = 50,
  only: Subject[] | null = null,
): Promise<GiftRow[]> {
  await tallySpine(db)
  const { rows } = await sql<GiftRow>`
    ${sql.raw(PREPARED)} select g.id, g.kind, g.subject, g.at, ${sums('touch', 'touches')}, ${sums('person', 'people')}, ${sums('listen', 'listens')},
      ${sums('download', 'downloads')}, ${sums('acceptance', 'taken')}, coalesce(m.money, '[]') as money
    from (select * from gifts where artist_id = ${artistId} and operation_id is null ${only ? sql`and subject = any(${only}::text[])` : sql``} order by at desc limit ${limit}) g
    left join tallies t on t.of_id = g.id and t.by = 't'
    left join lateral (
      select jsonb_agg(jsonb_build_object('currency', currency, 'amount', amount) order by amount desc) as money from (
        select currency, sum(amount)::bigint as amount from tallies where of_id = g.id and by = 't' and currency <> ''
        group by currency having sum(amount) <> 0
      ) sums
    ) m on true
    group by g.id, g.kind, g.subject, g.at, m.money order by g.at desc`.execute(db)
  return rows
}

/** The tallied number of one kind, as a column. */
const sums = (kind: string, column: string) =>
  sql`coalesce(sum(t.n) filter (where t.kind = ${sql.lit(kind)}), 0)::int as ${sql.ref(column)}`

type Gift = { id: string; kind: string; subject: Subject; at: Date }

export type Day = { day: string; touches: number; listens: number; downloads: number; money: Money[] }
/** `host`: the page of another site that holds the player, when the way is `embed`. */
export type Way = { way: string; token: boolean; host: string | null; touches: number; returns: number; money: Money[] }
export type BySubject = { subject: Subject; starts: number; listens: number; downloads: number }
export type GiftReport = {
  gift: Gift
  days: Day[]
  /** How people came: host of the page that led here, or token of a link; '' for those who came by themselves. */
  ways: Way[]
  subjects: BySubject[]
  money: MoneyOfKind[]
  /** Returns of the first 24 hours, and those that came later; money aside. */
  firstDay: number
  later: number
  /** What is asked of people one by one; null while it was not read yet. `readAt`: when it was, null for now. */
  reading: Reading | null
  readAt: Date | null
  /** It is to be read again. */
  isOld: boolean
}

/** Everything that one gift brought, with those that were made together with it, by day in `zone`. Null when this artist has no such gift. */
export async function giftReport(
  db: Db,
  artistId: string,
  giftId: string,
  now: Date,
  zone: string,
): Promise<GiftReport | null> {
  const [gift] = await Promise.all([giftIn(db, artistId, giftId), tallyDaysIn(db, artistId, zone)])
  if (!gift) return null
  const [days, ways, subjects, money, ages, reading] = await Promise.all([
    byDay(db, giftId, gift.at, now, zone),
    byWay(db, giftId),
    bySubject(db, giftId),
    moneyOf(db, giftId),
    byAge(db, giftId),
    readingOf(db, artistId, gift, now),
  ])
  return { gift, days, ways, subjects, money, ...ages, ...reading }
}

/** How long it lasts, alone. Null when this artist has no such gift. */
export async function giftLasting(db: Db, artistId: string, giftId: string, now: Date): Promise<Lasting | null> {
  const gift = await giftIn(db, artistId, giftId)
  return gift && ((await readingOf(db, artistId, gift, now)).reading?.lasting ?? null)
}

export async function giftIn(db: Db, artistId: string, giftId: string): Promise<Gift | null> {
  const { rows } = await sql<Gift>`
    ${sql.raw(PREPARED)} select id, kind, subject, at from gifts where artist_id = ${artistId} and id = ${giftId}`.execute(
    db,
  )
  return rows[0] ?? null
}

/** What a clock that was wrong dates before the first day or after today stands there: the days sum to what is told of the gift. */
async function byDay(db: Db, giftId: string, from: Date, to: Date, zone: string): Promise<Day[]> {
  const { rows } = await sql<Day>`
    ${sql.raw(PREPARED)} with days as materialized (
      select generate_series(date_trunc('day', least(${from}::timestamptz, ${to}) at time zone ${zone}), ${to}::timestamptz at time zone ${zone}, interval '1 day')::date::text as day
    ), ends as materialized (
      select min(day) as first, max(day) as last from days
    ), came as (
      select greatest(first, least(last, key)) as day, kind, currency, n, amount from tallies, ends where of_id = ${giftId} and by = 'd'
    ), counted as (
      select day, sum(n) filter (where kind = 'touch')::int as touches, sum(n) filter (where kind = 'listen')::int as listens,
        sum(n) filter (where kind = 'download')::int as downloads
      from came group by 1
    ), m as (
      select day, json_agg(json_build_object('currency', currency, 'amount', amount) order by currency) as money from (
        select day, currency, sum(amount)::bigint as amount from came where currency <> '' group by 1, 2
      ) sums group by 1
    )
    select days.day, coalesce(c.touches, 0) as touches, coalesce(c.listens, 0) as listens, coalesce(c.downloads, 0) as downloads, coalesce(m.money, '[]') as money
    from days left join counted c using (day) left join m using (day) order by days.day`.execute(db)
  return rows
}

async function byWay(db: Db, giftId: string): Promise<Way[]> {
  const { rows } = await sql<Way>`
    ${sql.raw(PREPARED)} with came as (
      select key, kind, currency, n, amount from tallies where of_id = ${giftId} and by = 'w'
    ), counted as (
      select key, coalesce(sum(n) filter (where kind = 'touch'), 0)::int as touches, coalesce(sum(n) filter (where kind = 'return'), 0)::int as returns
      from came group by 1 having sum(n) > 0 or sum(abs(amount)) > 0 order by 2 desc, 3 desc, 1 limit 20
    ), paid as (
      select key, json_agg(json_build_object('currency', currency, 'amount', amount) order by amount desc) as money
      from came where currency <> '' and amount <> 0 group by 1
    )
    select c.key::json->>0 as way, (c.key::json->>1)::boolean as token, c.key::json->>2 as host, c.touches, c.returns, coalesce(p.money, '[]') as money
    from counted c left join paid p using (key) order by c.touches desc, c.returns desc, c.key`.execute(db)
  return rows
}

async function bySubject(db: Db, giftId: string): Promise<BySubject[]> {
  const { rows } = await sql<BySubject>`
    ${sql.raw(PREPARED)} select key as subject, coalesce(sum(n) filter (where kind = 'start'), 0)::int as starts, coalesce(sum(n) filter (where kind = 'listen'), 0)::int as listens,
      coalesce(sum(n) filter (where kind = 'download'), 0)::int as downloads
    from tallies where of_id = ${giftId} and by = 's' group by key having sum(n) > 0 order by listens desc, starts desc, key`.execute(
    db,
  )
  return rows
}

async function byAge(db: Db, giftId: string): Promise<Pick<GiftReport, 'firstDay' | 'later'>> {
  const { rows } = await sql<Pick<GiftReport, 'firstDay' | 'later'>>`
    ${sql.raw(PREPARED)} select coalesce(sum(n) filter (where key::int < 24), 0)::int as "firstDay", coalesce(sum(n) filter (where key::int >= 24), 0)::int as later
    from tallies where of_id = ${giftId} and by = 'a'`.execute(db)
  return rows[0] ?? { firstDay: 0, later: 0 }
}

export type Week = { touches: number; people: number; listens: number; downloads: number }

/** What came to an artist between two moments. */
export async function cameBack(db: Db, artistId: string, from: Date, to: Date): Promise<Week> {
  // What was set right is little: it is read once, and not asked for of each return.
  const { rows } = await sql<Week>`
    ${sql.raw(PREPARED)} select t.touches, t.people, r.listens, r.downloads from
      (select coalesce(sum(n), 0)::int as touches, count(person_id)::int as people from (
        select person_id, count(*) as n from touches
        where artist_id = ${artistId} and at >= ${from} and at < ${to} and subject not like 'given:%' group by 1) each) t,
      (select count(*) filter (where kind = 'listen')::int as listens, count(*) filter (where kind = 'download')::int as downloads
       from returns where artist_id = ${artistId} and at >= ${from} and at < ${to} and reverses is null
         and id not in (select reverses from returns where reverses is not null)) r`.execute(db)
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
