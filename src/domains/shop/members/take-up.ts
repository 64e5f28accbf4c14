import { type Selectable, sql } from 'kysely'
import type { Tables, Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import { giveUpOrder } from '../give-up-orders.ts'
import type { Order, StoredLine } from '../order.store.ts'
import { periodEnd, WAITED_FOR_MS } from './member.rules.ts'

export type Membership = Selectable<Tables['members']>

/** The membership, kept from others until the transaction ends. Orders are locked before it, by everybody. */
export const lockMembership = (tx: Tx, id: string): Promise<Membership | undefined> =>
  tx.selectFrom('members').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirst()

const periodOf = (tx: Tx, orderId: string) =>
  tx.selectFrom('memberPeriods').selectAll().where('orderId', '=', orderId).executeTakeFirst()

/** Whether an order asks for a period that is still wanted: it may be begun again, until its time is over. */
export const isAwaited = async (tx: Tx, orderId: string): Promise<boolean> =>
  (await periodOf(tx, orderId))?.dropped === false

/** Whether a member was asked for this order and has paused or left since: money for it goes back. */
export const isDropped = async (tx: Tx, orderId: string): Promise<boolean> =>
  (await periodOf(tx, orderId))?.dropped === true

/** Whose artist, or the label that sells it, is leaving (0024): of a member `m`. */
export const LEAVING = sql<boolean>`(exists (select from artists a where a.id = m.artist_id and a.goes_at is not null)
  or exists (select from sellers s join labels l on l.id = s.label_id where s.id = m.seller_id and l.goes_at is not null))`

/** Nothing is asked of them meanwhile, and nothing charged: who is to be paid is out of sight, and may come back. */
export async function isLeaving(tx: Tx, membershipId: string): Promise<boolean> {
  const { rows } = await sql`select from members m where id = ${membershipId} and ${LEAVING}`.execute(tx)
  return rows.length > 0
}

/** Whose time is over, and what was asked for too, unpaid: of a member `m` at that moment. They rest from the next run on. */
export const unpaid = (at: Date) =>
  sql<boolean>`(m.state = 'active' and m.paid_until <= ${at} and exists (select from member_periods p join orders o on o.id = p.order_id
    where p.membership_id = m.id and p.renews = m.paid_until and not p.dropped and p.until is null and o.state <> 'placed'))`

async function isUnpaid(tx: Tx, membershipId: string, at: Date): Promise<boolean> {
  const { rows } = await sql`select from members m where id = ${membershipId} and ${unpaid(at)}`.execute(tx)
  return rows.length > 0
}

/** What a paid order does for who is a member by it: it begins, or goes on for a period. In the transaction of the payment, which locked the order. */
export async function takeUp(tx: Tx, order: Order, lines: StoredLine[], at: Date): Promise<void> {
  const asked = await periodOf(tx, order.id)
  if (asked) return goOn(tx, asked.membershipId, order, at)
  const begun = lines.filter(({ kind }) => kind === 'membership')
  if (begun.length > 1) await lockSeveral(tx, order, begun)
  for (const line of begun) await begin(tx, order, line, at)
}

/** Who begins something, one beginning of an address after the other. */
export const lockBeginning = (tx: Tx, mailKey: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${mailKey}, 109))`.execute(tx)

/** Those that go on by one order, locked in one order, as whoever closes what an order paid locks them. */
async function lockSeveral(tx: Tx, { mailKey }: Order, lines: StoredLine[]): Promise<void> {
  await lockBeginning(tx, mailKey)
  await sql`
    select from members where mail_key = ${mailKey} and product_id = any(${lines.map(({ productId }) => productId)}::uuid[]) and state <> 'left'
    order by id for no key update`.execute(tx)
}

async function begin(tx: Tx, order: Order, line: StoredLine, at: Date): Promise<void> {
  const plan = line.productId
    ? await tx.selectFrom('products').select(['every', 'givesAll']).where('id', '=', line.productId).executeTakeFirst()
    : undefined
  // Who is one already goes on being it; two orders of one address, paid in one moment, begin one membership.
  await lockBeginning(tx, order.mailKey)
  const before = await tx
    .selectFrom('members')
    .select('id')
    .where('mailKey', '=', order.mailKey)
    .where('productId', 'is not distinct from', line.productId)
    .where('state', '<>', 'left')
    .executeTakeFirst()
  const id = before?.id ?? newId(at.getTime())
  if (!before)
    await tx
      .insertInto('members')
      .values({
        ...{ id, productId: line.productId, sellerId: order.sellerId, artistId: line.artistId },
        ...{ mail: order.mail, mailKey: order.mailKey, name: order.name, language: order.language },
        ...{ title: line.title, every: plan?.every ?? 'month', price: line.each, currency: order.currency },
        ...{ subject: line.subject, givesAll: plan?.givesAll ?? false, provider: order.provider },
        ...{ personId: order.personId, state: 'active', since: at, day: at.getUTCDate(), paidUntil: at, changedAt: at },
        evidence: JSON.stringify(order.evidence),
      })
      .execute()
  await tx.insertInto('memberPeriods').values({ orderId: order.id, membershipId: id, renews: null }).execute()
  await goOn(tx, id, order, at, { isAnybodys: true })
}

/**
 * One period more, from the end of the last one: who pays within the time that is waited loses no day and gains none. `isAnybodys`: the order was placed in the shop,
 * with an address that anybody may have typed.
 */
async function goOn(
  tx: Tx,
  membershipId: string,
  { id: orderId, placedAt }: Order,
  at: Date,
  { isAnybodys = false } = {},
): Promise<void> {
  const membership = await lockMembership(tx, membershipId)
  if (!membership) return
  const { state, every, paidUntil } = membership
  // Of a time in which nothing was asked, since this place was down or the artist out of sight, nobody pays.
  const isForgone = paidUntil.getTime() + WAITED_FOR_MS < placedAt.getTime()
  const isAnew = state === 'resting' || (state === 'paused' && paidUntil < at) || isForgone
  const rested = isAnybodys && (state === 'resting' || (await isUnpaid(tx, membershipId, at)))
  const from = isAnew ? at : paidUntil
  const day = isAnew ? at.getUTCDate() : membership.day
  const until = periodEnd(from, every, day)
  await tx
    .updateTable('memberPeriods')
    .set({ fromAt: from, until })
    .where('orderId', '=', orderId)
    .where('membershipId', '=', membershipId)
    .execute()
  await tx
    .updateTable('members')
    .set({ paidUntil: until, day, state: state === 'resting' ? 'active' : state, changedAt: at })
    .where('id', '=', membershipId)
    .execute()
  // Their card rested as well: that somebody pays is no word of its owner's that it may be charged again.
  if (rested)
    await sql`update kept_cards set waits_since = ${at} where membership_id = ${membershipId} and forgotten_at is null`.execute(
      tx,
    )
  // What was to be charged was for the time that is paid now.
  await sql`update member_charges set state = 'off', changed_at = ${at} where membership_id = ${membershipId} and state = 'due'`.execute(
    tx,
  )
  await givePublished(tx, at, membershipId)
}

/** What is published is every member's whose plan says so, while it is paid for. What became theirs stays theirs; what closed with a period that was given back opens again by the next. */
export async function givePublished(tx: Tx, at: Date, membershipId?: string): Promise<void> {
  const which = membershipId ? sql`and m.id = ${membershipId}` : sql``
  const given = sql`members m
      join releases r on r.artist_id = m.artist_id and r.visibility = 'public' and r.published_at <= ${at}
      join lateral (select order_id from member_periods where membership_id = m.id and from_at <= ${at} and until > ${at} and closed_at is null limit 1) p on true`
  const whose = sql`m.gives_all and m.paid_until > ${at} and m.mail_key <> '' ${which}`
  const key = sql`'membership:' || m.id || ':' || r.id`
  await sql`
    insert into holdings (id, mail_key, subject, artist_id, source, key, order_id, from_at)
    select gen_random_uuid(), m.mail_key, 'release:' || r.id, m.artist_id, 'membership', ${key}, p.order_id, ${at}
    from ${given} where ${whose} on conflict (key) do nothing`.execute(tx)
  // Apart, and of those alone of whom something closed: an insert that might change what is there locks every row of it.
  await sql`
    update holdings h set revoked_at = null, order_id = p.order_id from ${given}
    where ${whose} and h.key = ${key} and h.revoked_at is not null
      and exists (select from member_periods c where c.membership_id = m.id and c.closed_at is not null)`.execute(tx)
}

/** What is asked for and not paid, kept from who may be paying it. Orders come before memberships. */
export async function lockAsked(tx: Tx, membershipId: string): Promise<string[]> {
  const open = await tx
    .selectFrom('memberPeriods')
    .select('orderId')
    .where('membershipId', '=', membershipId)
    .where('until', 'is', null)
    .where('dropped', '=', false)
    .orderBy('orderId')
    .execute()
  const ids = open.map(({ orderId }) => orderId)
  if (ids.length > 0)
    await tx.selectFrom('orders').select('id').where('id', 'in', ids).orderBy('id').forNoKeyUpdate().execute()
  return ids
}

/** What is asked for and not paid is not waited for any more. Answers with its orders: who may be paying is kept from it. */
export async function drop(tx: Tx, membershipId: string, at: Date): Promise<string[]> {
  const ids = await lockAsked(tx, membershipId)
  for (const id of ids) await giveUpOrder(tx, id, 'cancelled', at)
  const { rows } = await sql<{ orderId: string }>`
    update member_periods set dropped = true where order_id = any(${ids}::uuid[]) and until is null returning order_id as "orderId"`.execute(
    tx,
  )
  return rows.map(({ orderId }) => orderId)
}
