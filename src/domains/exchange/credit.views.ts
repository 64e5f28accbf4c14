import './tables.ts'
import { sql } from 'kysely'
import type { Db } from '../../platform/database/index.ts'
import { allocate, type Money } from '../../platform/money.ts'
import { creditOf, DAY_MS, fitHalfLife, type HalfLife, type History, type Reached, WHOLE } from './credit.rules.ts'
import { stands } from './stands.sql.ts'
import type { Subject } from './subjects.ts'

export type CreditRow = {
  /** Null: what came by itself. */
  gift: { id: string; subject: Subject; at: Date } | null
  /** In millionths of a return. */
  listens: number
  downloads: number
  other: number
  all: number
  /** Those that its own link brought, wholly. */
  byLink: number
  money: Money[]
}

export type CreditReport = { rows: CreditRow[]; halfLife: HalfLife; returns: number }

type Asked = { windowDays: number; from: Date; to: Date }

type Came = {
  person: string
  gift: string | null
  byLink: boolean
  kind: string
  amount: number | null
  currency: string | null
  /** When what is credited was done: a refund is owed to what its order was owed to. */
  at: Date
}

const LOT = 20_000
/** The half-life is learnt from so many people at most: ids are random, so the first of them are as good as any. */
const LEARNT_FROM = 20_000
/** What people do themselves, and what is not handed to them. */
const OWN_DOINGS = ['page', 'start', 'code']

/**
 * What came back to an artist or a label in a period, credited to gifts: docs/CREDIT.md says how. A fan is one person from when they agreed to be recognised. Of
 * gifts that were made together the first stands for all.
 */
export async function creditReport(db: Db, artistId: string, asked: Asked): Promise<CreditReport> {
  const sums = new Sums()
  for (const came of await nobodys(db, artistId, asked)) sums.add(came, [{ gift: came.gift, part: WHOLE }], came.count)

  const histories: History[] = []
  for await (const { came, touches } of people(db, artistId, asked)) {
    if (histories.length >= LEARNT_FROM) break
    const answers = came.filter(({ kind }) => kind !== 'refund').map(({ at }) => at.getTime())
    histories.push({ touches, answers, from: asked.from.getTime(), until: asked.to.getTime() })
  }
  const halfLife = fitHalfLife(histories, asked.windowDays)

  const how = { windowDays: asked.windowDays, halfLifeDays: halfLife.days }
  for await (const { came, touches } of people(db, artistId, asked))
    for (const one of came)
      sums.add(one, creditOf({ at: one.at.getTime(), broughtBy: one.byLink ? one.gift : null }, touches, how))
  return { rows: await named(db, artistId, sums), halfLife, returns: sums.returns }
}

class Sums {
  returns = 0
  readonly byGift = new Map<string | null, Omit<CreditRow, 'gift'>>()

  add(one: Omit<Came, 'person' | 'at'>, credits: { gift: string | null; part: number }[], times = 1): void {
    const { kind, amount, currency } = one
    if (kind !== 'refund') this.returns += times
    const paid =
      amount &&
      allocate(
        amount,
        credits.map(({ part }) => part),
      )
    credits.forEach(({ gift, part }, index) => {
      const sum = this.byGift.get(gift) ?? { listens: 0, downloads: 0, other: 0, all: 0, byLink: 0, money: [] }
      this.byGift.set(gift, sum)
      if (kind !== 'refund') {
        sum[kind === 'listen' ? 'listens' : kind === 'download' ? 'downloads' : 'other'] += part * times
        sum.all += part * times
        if (one.byLink) sum.byLink += part * times
      }
      const share = paid ? (paid[index] ?? 0) : 0
      if (!share || !currency) return
      const held = sum.money.find((money) => money.currency === currency)
      if (held) held.amount += share
      else sum.money.push({ currency, amount: share })
    })
  }
}

/** The gift that stands for those made together with it, as a column. */
const first = (gift: string) =>
  sql`coalesce((select g.operation_id from gifts g where g.id = ${sql.ref(gift)} limit 1), ${sql.ref(gift)})`

/** What somebody did of whom nobody knows who they are: owed to the gift whose link brought it, or to none. */
async function nobodys(db: Db, artistId: string, { from, to }: Asked) {
  const { rows } = await sql<Omit<Came, 'person' | 'at'> & { count: number }>`
    select case when token is not null then ${first('returns.gift_id')} end as gift, token is not null and gift_id is not null as "byLink", kind, currency,
      count(*)::int as count, sum(amount)::bigint as amount
    from returns where artist_id = ${artistId} and person_id is null and at >= ${from} and at < ${to} and ${stands('returns')} group by 1, 2, 3, 4`.execute(
    db,
  )
  return rows
}

/** Each person who did something in the period, with what had reached them by then. */
async function* people(
  db: Db,
  artistId: string,
  { windowDays, from, to }: Asked,
): AsyncGenerator<{ came: Came[]; touches: Reached[] }> {
  const since = new Date(from.getTime() - windowDays * DAY_MS)
  for (let last = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows } = await sql<Came>`
      with came as (
        select coalesce(o.is_person, r.person_id) as person, r.* from returns r
          left join one_person o on o.person_id = r.person_id and (o.since is null or o.since <= r.at)
        where r.artist_id = ${artistId} and r.person_id is not null and r.at >= ${from} and r.at < ${to} and ${stands('r')}
      )
      select person, ${first('came.gift_id')} as gift, token is not null and gift_id is not null as "byLink", kind, amount, currency,
        case when kind = 'refund' then coalesce((
          select max(paid.at) from returns paid where paid.person_id = came.person_id and paid.artist_id = ${artistId} and paid.subject = came.subject
            and paid.amount > 0 and paid.kind <> 'refund' and paid.at <= came.at), at) else at end as at
      from came where person > ${last}::uuid order by person, came.at limit ${LOT}`.execute(db)
    const isLast = rows.length < LOT
    const byPerson = Map.groupBy(rows, ({ person }) => person)
    // Of the last person there may be more: they come with the next lot, unless one person fills a lot.
    if (!isLast && byPerson.size > 1) byPerson.delete(rows.at(-1)?.person ?? '')
    const ids = [...byPerson.keys()]
    if (!ids.length) return
    const { rows: reached } = await sql<{ person: string; gift: string; at: Date; own: boolean }>`
      with persons as (
        select id as person_id, id as person, null::timestamptz as since from unnest(${ids}::uuid[]) as of(id)
        union all select o.person_id, o.is_person, o.since from one_person o where o.is_person = any(${ids}::uuid[])
      )
      select p.person, ${first('t.gift_id')} as gift, t.at, t.channel = any(${OWN_DOINGS}::text[]) as own
      from persons p join touches t on t.person_id = p.person_id and (p.since is null or t.at >= p.since)
      where t.artist_id = ${artistId} and t.gift_id is not null and t.at >= ${since} and t.at < ${to} order by t.at`.execute(
      db,
    )
    const touches = Map.groupBy(reached, ({ person }) => person)
    for (const [person, came] of byPerson)
      yield {
        came,
        touches: (touches.get(person) ?? []).map(({ gift, at, own }) => ({ gift, at: at.getTime(), own })),
      }
    if (isLast) return
    last = ids.at(-1) as string
  }
}

/** The most credited first, what came by itself last. */
async function named(db: Db, artistId: string, { byGift }: Sums): Promise<CreditRow[]> {
  const ids = [...byGift.keys()].filter((id) => id !== null)
  const gifts = ids.length
    ? await db
        .selectFrom('gifts')
        .select(['id', 'subject', 'at'])
        .where('artistId', '=', artistId)
        .where('id', 'in', ids)
        .execute()
    : []
  const known = new Map(gifts.map(({ subject, ...gift }) => [gift.id, { ...gift, subject: subject as Subject }]))
  const rows = [...byGift].map(([id, sum]) => ({ id, gift: (id && known.get(id)) || null, ...sum }))
  return rows
    .sort(
      (a, b) =>
        Number(a.id === null) - Number(b.id === null) || b.all - a.all || (a.id ?? '').localeCompare(b.id ?? ''),
    )
    .map(({ id: _, ...row }) => ({ ...row, money: row.money.filter(({ amount }) => amount !== 0) }))
}
