import './tables.ts'
import { sql } from 'kysely'
import { asJson, type Db, PREPARED, prepared, type Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import { stands } from './stands.sql.ts'
import type { Subject } from './subjects.ts'

export type NewGift = {
  artistId: string
  kind: string
  subject: Subject
  at: Date
  audience?: string
  /** The gift that it is made together with, in the same books: that one stands for both where gifts are listed. */
  operationId?: string | null
}

/**
 * Records that something was given, in the transaction that gives it. The same subject is given once: a second call answers with the
 * first gift's id.
 */
export async function recordGift(tx: Tx, gift: NewGift): Promise<string> {
  const isNew = await newFact(tx, gift.artistId, `gift:${gift.subject}`)
  if (!isNew) return (await giftOf(tx, gift.subject)) as string
  await ensurePartitions(tx, gift.at, gift.at)
  const id = newId(gift.at.getTime())
  await tx
    .insertInto('gifts')
    .values({ operationId: null, ...gift, id })
    .execute()
  return id
}

/** The publication of a subject, or null when it was never given. */
export async function giftOf(db: Db | Tx, subject: Subject): Promise<string | null> {
  const row = await db
    .selectFrom('gifts')
    .select('id')
    .where('subject', '=', subject)
    .orderBy('at')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? null
}

export type NewReturn = {
  artistId: string
  /** What makes it this return and no other: recorded twice, it counts once. */
  key: string
  kind: 'listen' | 'download' | (string & {})
  subject: Subject
  /** The subject whose publication it answers: a track's release. */
  givenAs: Subject
  personId: string | null
  at: Date
  /** Of money that goes back, or arrives after all: when what it takes back was recorded. It is the same gift's, whatever was given since. */
  takesBack?: Date | null
  referrer?: string | null
  token?: string | null
  money?: { amount: number; currency: string }
  details?: Record<string, unknown>
}

/** Records that something came back, in the transaction that learnt of it. False when it was recorded before. */
export const recordReturn = async (tx: Tx, entry: NewReturn): Promise<boolean> => (await recordReturns(tx, [entry])) > 0

const insertReturns = prepared<{ id: string }>(
  () => sql`
    with said as (
      select * from json_to_recordset($1::json) as r(
        id uuid, "artistId" uuid, key text, kind text, subject text, "givenAs" text, "personId" uuid, at timestamptz, referrer text, token text,
        amount bigint, currency text, details jsonb, "takesBack" timestamptz)
    ), fresh as (
      insert into facts (artist_id, key) select "artistId", 'return:' || key from said on conflict do nothing returning artist_id, key
    )
    insert into returns (id, artist_id, gift_id, subject, person_id, kind, referrer, token, amount, currency, details, at)
    select r.id, r."artistId", case when r."takesBack" is null then (select g.id from gifts g where g.subject = r."givenAs" order by g.at limit 1)
        else (select known.gift_id from (
          (select o.gift_id, 1 as place from returns o where o.artist_id = r."artistId" and o.at = r."takesBack" and o.subject = r.subject and o.amount > 0
            and o.kind <> r.kind order by o.person_id = r."personId" desc nulls last limit 1)
          union all (select g.id, 2 from gifts g where g.subject = r."givenAs" order by g.at limit 1)) known order by known.place limit 1) end,
      r.subject, r."personId", r.kind, r.referrer, r.token, r.amount, r.currency, r.details, r.at
    from said r join fresh f on f.artist_id = r."artistId" and f.key = 'return:' || r.key
    returning id`,
)

/** The same of several, in one statement; the key of each is another. Answers with how many were new. */
export async function recordReturns(tx: Tx, entries: NewReturn[]): Promise<number> {
  if (entries.length === 0) return 0
  const times = entries.map(({ at }) => at.getTime())
  await ensurePartitions(tx, new Date(Math.min(...times)), new Date(Math.max(...times)))
  const rows = entries.map(({ money, details = {}, ...entry }) => ({
    id: newId(entry.at.getTime()),
    ...entry,
    ...money,
    details,
  }))
  return (await insertReturns(tx, asJson(rows))).length
}

/** A return that was recorded, told apart by one of its details; what was recorded before it had that detail, by its moment alone. */
export type Recorded = {
  artistId: string
  kind: string
  subject: Subject
  at: Date
  detail: readonly [name: string, value: string]
}

const isRecorded = ({ artistId, kind, subject, at, detail: [name, value] }: Recorded) => sql<boolean>`(
  r.artist_id = ${artistId} and r.kind = ${kind} and r.subject = ${subject} and r.at = ${at} and r.reverses is null
    and coalesce(r.details ->> ${name}, ${value}) = ${value})`

/**
 * Takes back what was recorded, by a row that reverses it: what came back is not rewritten, and every figure leaves both out. False when there is nothing that stands.
 */
export async function reverseReturn(tx: Tx, recorded: Recorded, at: Date): Promise<boolean> {
  await ensurePartitions(tx, at, at)
  const { numAffectedRows } = await sql`
    with old as (
      select r.* from returns r where ${isRecorded(recorded)} and ${stands('r')}
      order by r.details ? ${recorded.detail[0]} desc, r.id limit 1
    ), fresh as (
      insert into facts (artist_id, key) select artist_id, 'reversal:' || id from old on conflict do nothing returning artist_id
    )
    insert into returns (id, artist_id, gift_id, subject, person_id, kind, reverses, at)
    select ${newId(at.getTime())}::uuid, old.artist_id, old.gift_id, old.subject, old.person_id, old.kind, old.id, ${at}::timestamptz
    from old join fresh on fresh.artist_id = old.artist_id`.execute(tx)
  return Number(numAffectedRows ?? 0) > 0
}

/** How often it was taken back: what comes back anew after that has a key of its own. */
export async function timesReversed(tx: Tx, recorded: Recorded): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from returns r where ${isRecorded(recorded)} and not ${stands('r')}`.execute(tx)
  return rows[0]?.n ?? 0
}

export type NewTouch = {
  key: string
  artistId: string
  subject: Subject
  /** The gift that it belongs to: the one whose token brought it, else the publication of its subject. */
  givenAs: Subject
  personId: string | null
  channel: 'page' | 'start' | (string & {})
  referrer: string | null
  token: string | null
  at: Date
}

/** Records many touches in one statement; those recorded before are passed over. Answers with how many were new. */
export async function recordTouches(db: Db | Tx, touches: NewTouch[]): Promise<number> {
  if (touches.length === 0) return 0
  const times = touches.map((touch) => touch.at.getTime())
  await ensurePartitions(db, new Date(Math.min(...times)), new Date(Math.max(...times)))
  const seen = new Set<string>()
  const once = touches.filter(({ artistId, key }) => seen.size < seen.add(`${artistId} ${key}`).size)
  const all = <T>(of: (touch: NewTouch) => T): T[] => once.map(of)
  const { numAffectedRows } = await sql`${sql.raw(PREPARED)}
    with input as (
      select * from unnest(${all(({ at }) => newId(at.getTime()))}::uuid[], ${all(({ key }) => `touch:${key}`)}::text[],
        ${all(({ artistId }) => artistId)}::uuid[], ${all(({ subject }) => subject)}::text[], ${all(({ givenAs }) => givenAs)}::text[],
        ${all(({ personId }) => personId)}::uuid[], ${all(({ channel }) => channel)}::text[], ${all(({ referrer }) => referrer)}::text[],
        ${all(({ token }) => token)}::text[], ${all(({ at }) => at)}::timestamptz[])
        as t(id, key, artist_id, subject, given_as, person_id, channel, referrer, token, at)
    ), fresh as (
      insert into facts (artist_id, key) select artist_id, key from input on conflict do nothing returning artist_id, key
    ), given as materialized (
      select of.subject, (select g.id from gifts g where g.subject = of.subject order by g.at limit 1) as gift_id
      from (select distinct given_as as subject from input) of
    )
    insert into touches (id, artist_id, gift_id, subject, person_id, channel, referrer, token, at)
    select i.id, i.artist_id, g.gift_id, i.subject, i.person_id, i.channel, i.referrer, i.token, i.at
    from input i join fresh f on f.artist_id = i.artist_id and f.key = i.key join given g on g.subject = i.given_as`.execute(
    db,
  )
  return Number(numAffectedRows ?? 0)
}

export type CameBy = {
  referrer: string | null
  token: string | null
  /** Only when a link of ours led here: the gift that it came with, and the fan it was for if they agreed to be recognised. */
  givenAs?: Subject
  personId?: string
}

/**
 * The way by which a person came in the day before `at`: the latest link token or referring host among the touches of this artist.
 * A listen or a download says itself nothing of it. Spread over a new return, it gives the return to the gift whose link led here.
 */
export async function wayOf(db: Db | Tx, personId: string | null, artistId: string, at: Date): Promise<CameBy> {
  if (!personId) return { referrer: null, token: null }
  const since = new Date(at.getTime() - DAY_MS)
  const { rows } = await sql<{
    referrer: string | null
    token: string | null
    givenAs: Subject | null
    asPerson: string | null
  }>`
    select referrer, token, given_as as "givenAs", as_person as "asPerson" from (
      (select referrer, token, null::text as given_as, null::uuid as as_person, at from touches
       where person_id = ${personId} and artist_id = ${artistId} and at > ${since} and (referrer is not null or token is not null)
       order by at desc limit 1)
      union all
      select null, token, given_as, as_person, at from arrivals
      where person_id = ${personId} and artist_id = ${artistId} and at > ${since}
    ) ways order by at desc, given_as nulls last limit 1`.execute(db)
  const { referrer = null, token = null, givenAs, asPerson } = rows[0] ?? {}
  return { referrer, token, ...(givenAs && { givenAs }), ...(asPerson && { personId: asPerson }) }
}

const DAY_MS = 24 * 3_600_000

async function newFact(tx: Tx, artistId: string, key: string): Promise<boolean> {
  const inserted = await tx
    .insertInto('facts')
    .values({ artistId, key })
    .onConflict((conflict) => conflict.doNothing())
    .returning('key')
    .executeTakeFirst()
  return inserted !== undefined
}

/** Months known to have their partitions, so that the common case asks nothing. */
const ready = new WeakMap<object, Set<string>>()

/** Partitions of a month that stand whatever becomes of this transaction: made by another one, that ended. */
const standing = prepared<{ stands: boolean }>(
  () => sql`
    select count(*) = 3 as stands from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relname in ('gifts_' || $1, 'touches_' || $1, 'returns_' || $1) and age(c.xmin) > 0`,
)

/** Makes sure that rows of these moments have a place. Partitions are made ahead by a job; this serves an imported past and a late job. */
export async function ensurePartitions(db: Db | Tx, first: Date, last: Date): Promise<void> {
  const known = ready.get(db.getExecutor().adapter) ?? new Set<string>()
  const [month, until] = [first, last].map((at) => at.toISOString().slice(0, 7)) as [string, string]
  if (month === until && known.has(month)) return
  const [found] = month === until ? await standing(db, month.replace('-', '_')) : []
  if (!found?.stands) await sql`select ensure_spine_partitions(${first}, ${last})`.execute(db)
  if (found?.stands || (month === until && !db.isTransaction)) ready.set(db.getExecutor().adapter, known.add(month))
}
