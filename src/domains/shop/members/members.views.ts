import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'
import { CARDS_AGREED } from '../cards/cards.views.ts'
import { LOST } from '../order.store.ts'
import type { Membership } from './take-up.ts'

/** Whether the period of a member `m` that runs at that moment is closed. */
export const closedAt = (at: Date) =>
  sql<boolean>`exists (select from member_periods c where c.membership_id = m.id and c.closed_at is not null and c.from_at <= ${at} and c.until > ${at})`

export type MemberDetails = Membership & {
  artistName: string | null
  artistSlug: string | null
  sellerName: string
  /** What is asked for and not paid yet. */
  openOrder: string | null
  /** What that costs, in the currency of the membership. */
  openTotal: number | null
  periods: {
    orderId: string
    code: string
    from: Date
    until: Date
    total: number
    refunded: number
    /** All of it went back, or was lost to a dispute: what it gave is closed. */
    closedAt: Date | null
  }[]
}

/** One membership with what was paid for it, the latest first. */
export async function memberById(db: Db, id: string): Promise<MemberDetails | null> {
  const membership = await db
    .selectFrom('members')
    .innerJoin('sellers', 'sellers.id', 'members.sellerId')
    .leftJoin('artists', 'artists.id', 'members.artistId')
    .selectAll('members')
    .select(['sellers.legalName as sellerName', 'artists.name as artistName', 'artists.slug as artistSlug'])
    .where('members.id', '=', id)
    .executeTakeFirst()
  if (!membership) return null
  const { rows } = await sql<MemberDetails['periods'][number] & { isOpen: boolean }>`
    select o.id as "orderId", o.code, p.from_at as "from", p.until, p.closed_at as "closedAt", o.total, o.refunded, o.state = 'placed' as "isOpen"
    from member_periods p join orders o on o.id = p.order_id where p.membership_id = ${id} and not p.dropped order by p.from_at desc nulls first, o.placed_at desc`.execute(
    db,
  )
  const asked = rows.find(({ isOpen }) => isOpen)
  return {
    ...membership,
    openOrder: asked?.orderId ?? null,
    openTotal: asked?.total ?? null,
    periods: rows.filter(({ until }) => until !== null),
  }
}

/** What an address is or was a member of. */
export const membershipsOf = (db: Db, mailKey: string) =>
  db
    .selectFrom('members')
    .select(['id', 'title', 'state', 'paidUntil'])
    .where('mailKey', '=', mailKey)
    .orderBy('since', 'desc')
    .execute()

/** Which membership an order is of, paid or asked for. */
export const membershipOfOrder = async (db: Db, orderId: string) =>
  (await db
    .selectFrom('memberPeriods')
    .innerJoin('members', 'members.id', 'memberPeriods.membershipId')
    .select(['members.id', 'members.title', 'members.paidUntil', 'memberPeriods.renews'])
    .where('orderId', '=', orderId)
    .executeTakeFirst()) ?? null

export type MemberRow = Pick<
  Membership,
  'id' | 'name' | 'mail' | 'title' | 'state' | 'since' | 'paidUntil' | 'price' | 'currency' | 'every'
> & {
  /** What they paid for now was given back, or lost, and a later time is paid: when that begins. */
  opensAt: Date | null
  paid: number
  provider: string
  /** Of the card that pays by itself; null: somebody pays each time. */
  last4: string | null
  /** When it is charged next for what waits, the sum that is taken then, and why it was refused last. */
  dueAt: Date | null
  dueTotal: number | null
  refusedAt: Date | null
  problem: string | null
}

/** Who is or was a member of what an artist offers: those who are, first. */
export async function membersOf(db: Db, artistId: string, now: Date): Promise<MemberRow[]> {
  const { rows } = await sql<MemberRow>`
    select m.id, m.name, m.mail, m.title, m.state, m.since, m.paid_until as "paidUntil", m.price::bigint as price, m.currency, m.every,
      case when m.paid_until > ${now} and ${closedAt(now)} then (select min(k.from_at) from member_periods k where k.membership_id = m.id and k.closed_at is null and k.from_at > ${now}) end as "opensAt",
      coalesce((select sum(o.total - o.refunded) from member_periods p join orders o on o.id = p.order_id
        where p.membership_id = m.id and p.until is not null and not ${LOST}), 0)::bigint as paid, m.provider,
      (select c.last4 from ${CARDS_AGREED}
        where c.membership_id = m.id and c.forgotten_at is null and c.waits_since is null and a.amount = m.price and a.currency = m.currency) as last4, c."dueAt", c."dueTotal", c."refusedAt", c.problem
    from members m left join lateral (
      select max(c.due_at) filter (where c.state = 'due') as "dueAt", max(o.total) filter (where c.state = 'due')::bigint as "dueTotal",
        max(case when c.state = 'due' then c.due_at else c.changed_at end) filter (where c.problem is not null) as "refusedAt",
        (array_agg(c.problem order by c.nth desc) filter (where c.problem is not null))[1] as problem
      from member_charges c join member_periods p on p.order_id = c.order_id join orders o on o.id = c.order_id
      where c.membership_id = m.id and p.until is null and not p.dropped and o.state = 'placed' and c.state in ('due', 'refused')
    ) c on true where m.artist_id = ${artistId}
    order by array_position(array['active', 'resting', 'paused', 'left'], m.state), m.since desc limit 2000`.execute(db)
  return rows
}

/** What giving back all of an order does to a membership that it paid, as things stand; `closedAt`: it was done, or lost. */
export type PeriodGivenBack = {
  title: string
  state: Membership['state']
  from: Date
  until: Date
  closedAt: Date | null
  paidUntil: Date
  /** A period after it is paid, and open. */
  isPaidLater: boolean
  /** Until when something is open that was paid by another order. */
  keptUntil: Date | null
}

/** The periods that an order paid, of each membership one. */
export async function periodsOfOrder(db: Db, orderId: string): Promise<PeriodGivenBack[]> {
  const { rows } = await sql<PeriodGivenBack>`
    select m.title, m.state, p.from_at as "from", p.until, p.closed_at as "closedAt", m.paid_until as "paidUntil",
      coalesce(k.until > p.until, false) as "isPaidLater", k.until as "keptUntil"
    from member_periods p join members m on m.id = p.membership_id
      left join lateral (select max(o.until) as until from member_periods o
        where o.membership_id = m.id and o.order_id <> p.order_id and o.closed_at is null) k on true
    where p.order_id = ${orderId} and p.until is not null order by m.title, m.id`.execute(db)
  return rows
}
