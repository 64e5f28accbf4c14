import { sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import { LOST } from '../order.store.ts'
import type { MembershipState } from './tables.ts'
import { drop, givePublished, lockAsked, lockBeginning, lockMembership, type Membership } from './take-up.ts'

/**
 * All that was paid for a period went back: what it gave closes, and they are told. Who has paid for a later one stays a member and is asked again as before; who has
 * not is none any more. What they were is kept, for a refund that never arrives. In the transaction of the refund, which locked the order.
 */
export async function closeWithRefund(tx: Tx, orderId: string, at: Date): Promise<void> {
  for (const membershipId of await paidBy(tx, orderId)) {
    const membership = await close(tx, { orderId, membershipId, at })
    if (!membership) continue
    if (!(await isPaidLater(tx, { orderId, membershipId }))) {
      // Of several periods that went back, each keeps what the membership was before the first did.
      const before = await endedFrom(tx, membershipId)
      await tx
        .updateTable('memberPeriods')
        .set({ endedFrom: before ?? membership.state })
        .where('orderId', '=', orderId)
        .where('membershipId', '=', membershipId)
        .execute()
      await end(tx, membershipId, at)
    }
    await giveByOthers(tx, membershipId, at)
    await addJob(tx, 'shop.mail-member', { membershipId, what: 'refunded', orderId })
  }
}

/**
 * What was paid for a period was lost to a dispute: it closes, and whatever else is paid they are no member any more, since they told their bank that it was not
 * them; they stay none whatever becomes of it. What else they paid is theirs until its end. `at`: when it was opened, months before it may be lost.
 */
export async function closeWithDispute(tx: Tx, orderId: string, { at, now }: { at: Date; now: Date }): Promise<void> {
  for (const membershipId of await paidBy(tx, orderId)) {
    if (!(await close(tx, { orderId, membershipId, at }))) continue
    await end(tx, membershipId, at)
    await stayGone(tx, membershipId)
    await giveByOthers(tx, membershipId, now)
  }
}

const paidBy = async (tx: Tx, orderId: string): Promise<string[]> => {
  const periods = await tx
    .selectFrom('memberPeriods')
    .select('membershipId')
    .where('orderId', '=', orderId)
    .where('until', 'is not', null)
    .orderBy('membershipId')
    .execute()
  return periods.map(({ membershipId }) => membershipId)
}

/**
 * What is asked of those whose periods an order paid, kept from who may be paying it: before anything else is that others wait for, since who pays has the order first and
 * then counts what goes abroad.
 */
export async function lockAskedBeside(tx: Tx, orderId: string): Promise<void> {
  for (const membershipId of await paidBy(tx, orderId)) await lockAsked(tx, membershipId)
}

type Of = { orderId: string; membershipId: string }

/** Closes the period, with the membership locked, and before it what is asked for: whoever pays that in this moment has paid it, or finds it dropped. */
async function close(tx: Tx, { orderId, membershipId, at }: Of & { at: Date }): Promise<Membership | undefined> {
  await lockAsked(tx, membershipId)
  const membership = await lockMembership(tx, membershipId)
  await tx
    .updateTable('memberPeriods')
    .set({ closedAt: at })
    .where('orderId', '=', orderId)
    .where('membershipId', '=', membershipId)
    .where('closedAt', 'is', null)
    .execute()
  return membership
}

/** Whether a period after that of this order is paid, and open. */
async function isPaidLater(tx: Tx, { orderId, membershipId }: Of): Promise<boolean> {
  const { rows } = await sql`
    select from member_periods p join member_periods k on k.membership_id = p.membership_id and k.until > p.until and k.closed_at is null
    where p.order_id = ${orderId} and p.membership_id = ${membershipId} limit 1`.execute(tx)
  return rows.length > 0
}

/** Nothing more is asked. What is paid and open stays theirs until its end; nothing else does. */
async function end(tx: Tx, membershipId: string, at: Date): Promise<void> {
  // The page on which somebody is about to pay is closed too.
  for (const orderId of await drop(tx, membershipId, at)) await addJob(tx, 'shop.end-payments', { orderId })
  await sql`
    update members set state = 'left', changed_at = ${at}, paid_until = greatest(least(paid_until, ${at}),
      (select max(until) from member_periods where membership_id = members.id and closed_at is null))
    where id = ${membershipId}`.execute(tx)
}

/** What a plan that gives all had given by a period that is closed now, and gave by another too, is theirs by that one. */
async function giveByOthers(tx: Tx, membershipId: string, at: Date): Promise<void> {
  await sql`
    update holdings h set revoked_at = null, order_id = k.order_id
    from (
      select c.id, (select p.order_id from member_periods p where p.membership_id = m.id and p.closed_at is null and p.from_at <= ${at} and p.until > c.from_at
        order by p.until desc limit 1) as order_id
      from members m join holdings c on c.mail_key = m.mail_key and c.source = 'membership' and c.revoked_at is not null
        and starts_with(c.key, 'membership:' || m.id || ':')
      where m.id = ${membershipId}
    ) k where h.id = k.id and k.order_id is not null`.execute(tx)
  await givePublished(tx, at, membershipId)
}

const endedFrom = async (tx: Tx, membershipId: string): Promise<MembershipState | null> =>
  (
    await tx
      .selectFrom('memberPeriods')
      .select('endedFrom')
      .where('membershipId', '=', membershipId)
      .where('endedFrom', 'is not', null)
      .executeTakeFirst()
  )?.endedFrom ?? null

/** Who was ended by a refund, and wants to be gone or has to be: a refund that never arrives brings them back no more. */
export const stayGone = (tx: Tx, membershipId: string) =>
  tx
    .updateTable('memberPeriods')
    .set({ endedFrom: 'left' })
    .where('membershipId', '=', membershipId)
    .where('endedFrom', 'is not', null)
    .execute()

/**
 * Money that was sent back for a period never arrived: what was paid is theirs again until its end, and they are told. A membership that its refund had ended goes on as
 * what it was before, once its last period that is paid is open; it is asked for by hand from then on, since its card was forgotten. Who withdrew from it, has begun anew
 * meanwhile, or has had all erased, stays gone, with the time that is paid. In the transaction of the refund, which locked the order.
 */
export async function reopenWithRefund(tx: Tx, orderId: string, at: Date): Promise<void> {
  const periods = await tx
    .selectFrom('memberPeriods')
    .innerJoin('members', 'members.id', 'memberPeriods.membershipId')
    .select(['membershipId', 'endedFrom', 'mailKey'])
    .where('orderId', '=', orderId)
    .where('closedAt', 'is not', null)
    .orderBy('membershipId')
    .execute()
  // Who begins anew in this very moment does so before, or goes on with this one.
  for (const { mailKey } of periods) await lockBeginning(tx, mailKey)
  const reopened = new Set(await reopenPeriods(tx, orderId, at))
  for (const { membershipId, endedFrom: before } of periods) {
    const isBack = before !== null && (await bringBack(tx, { membershipId, orderId, before, at }))
    if (isBack) await addJob(tx, 'shop.mail-member', { membershipId, what: 'back' })
    else if (reopened.has(membershipId))
      await addJob(tx, 'shop.mail-member', { membershipId, what: 'returned', orderId })
  }
}

/** False for whoever stays what they are. */
async function bringBack(
  tx: Tx,
  { membershipId, orderId, before, at }: Of & { before: MembershipState; at: Date },
): Promise<boolean> {
  const membership = await lockMembership(tx, membershipId)
  const forget = tx.updateTable('memberPeriods').set({ endedFrom: null }).where('membershipId', '=', membershipId)
  await forget.where('orderId', '=', orderId).execute()
  if (membership?.state !== 'left' || before === 'left') return false
  if ((await isEnded(tx, membershipId)) || (await isGone(tx, membership, orderId))) return false
  // What went back before the last period is no reason any more to be gone.
  await forget.execute()
  // Who is a member no more when it becomes known is asked for nothing; they may go on, in one press.
  const state = before === 'active' && membership.paidUntil <= at ? 'resting' : before
  await tx.updateTable('members').set({ state, changedAt: at }).where('id', '=', membershipId).execute()
  return true
}

/** Whether a refund that ended it still stands, of a period after which none is paid and open. */
async function isEnded(tx: Tx, membershipId: string): Promise<boolean> {
  const { rows } = await sql`
    select from member_periods p where membership_id = ${membershipId} and ended_from is not null
      and not exists (select from member_periods k where k.membership_id = p.membership_id and k.until > p.until and k.closed_at is null) limit 1`.execute(
    tx,
  )
  return rows.length > 0
}

/** Whether somebody said that they do not want it any more, or has another like it. */
async function isGone(tx: Tx, { id, mailKey, productId }: Membership, orderId: string): Promise<boolean> {
  if (mailKey === '') return true
  const { rows } = await sql<{ gone: boolean }>`
    select exists (select from members where mail_key = ${mailKey} and product_id is not distinct from ${productId} and state <> 'left' and id <> ${id})
      or exists (select from withdrawals w join order_lines l on l.order_id = w.order_id and l.position = any(w.positions)
        where w.order_id = ${orderId} and l.kind = 'membership' and l.product_id is not distinct from ${productId}) as gone`.execute(
    tx,
  )
  return rows[0]?.gone === true
}

/**
 * What was paid is theirs until its end again: a dispute that had been lost is won after all, or a refund never arrived. Who they are is not changed by it. Answers
 * with the memberships of which a period is open again.
 */
export async function reopenPeriods(tx: Tx, orderId: string, at: Date): Promise<string[]> {
  for (const membershipId of await paidBy(tx, orderId)) await lockMembership(tx, membershipId)
  const { rows } = await sql<{ id: string }>`
    update member_periods p set closed_at = null from orders o
    where p.order_id = ${orderId} and p.closed_at is not null and o.id = p.order_id and o.refunded < o.total
      and not ${LOST} returning p.membership_id as id`.execute(tx)
  const reopened = rows.map(({ id }) => id)
  await sql`
    update members m set paid_until = greatest(m.paid_until, kept.until), changed_at = ${at}
    from (select membership_id as id, max(until) as until from member_periods
      where membership_id = any(${reopened}::uuid[]) and closed_at is null group by membership_id) kept
    where m.id = kept.id`.execute(tx)
  return reopened
}
