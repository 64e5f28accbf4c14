import './tables.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Money } from '../../../platform/money.ts'
import type { Membership } from '../members/take-up.ts'
import { CARDS_AGREED } from './cards.views.ts'
import { firstCharge, nextCharge } from './charge.rules.ts'

type Waiting = { orderId: string; holdUntil: Date | null }

const chargesOf = (tx: Tx, orderId: string) =>
  tx.selectFrom('memberCharges').selectAll().where('orderId', '=', orderId).orderBy('nth').execute()

const due = (
  tx: Tx,
  membershipId: string,
  orderId: string,
  said: { nth: number; dueAt: Date; toldAt: Date | null },
  at: Date,
) =>
  tx
    .insertInto('memberCharges')
    .values({ id: newId(at.getTime()), membershipId, orderId, ...said, state: 'due', problem: null, changedAt: at })
    .execute()

/** Whether its member told their bank, of any period, that it was not them: nothing more is charged by itself. */
export const isDisputed = async (tx: Tx, membershipId: string): Promise<boolean> =>
  (await tx
    .selectFrom('disputes')
    .innerJoin('memberPeriods', 'memberPeriods.orderId', 'disputes.orderId')
    .select('disputes.id')
    .where('membershipId', '=', membershipId)
    .where('disputes.state', '<>', 'won')
    .limit(1)
    .executeTakeFirst()) !== undefined

/** The sum, in minor units, that may be taken from the card of a membership as it stands now; null where there is none, or it waits for its owner to agree anew. */
export async function agreedNow(tx: Tx, membershipId: string): Promise<Money | null> {
  const { rows } = await sql<Money>`
    select a.amount::bigint as amount, a.currency from ${CARDS_AGREED}
    where c.membership_id = ${membershipId} and c.forgotten_at is null and c.waits_since is null`.execute(tx)
  return rows[0] ?? null
}

/** What was agreed to with the card is the sum of this order, in its currency, and nothing else. */
export async function isAgreed(tx: Tx, membershipId: string, orderId: string): Promise<boolean> {
  const agreed = await agreedNow(tx, membershipId)
  const order = await tx.selectFrom('orders').select(['total', 'currency']).where('id', '=', orderId).executeTakeFirst()
  return agreed !== null && agreed.amount === order?.total && agreed.currency === order.currency
}

/**
 * The card of a membership is to be charged for an order of it that waits. Its member is told before, by the mail of the order, which the caller asks for; of
 * another card, given after the one before was refused, as of the first. False when the order does not wait that long, or another sum was agreed to.
 */
export async function planCharge(
  tx: Tx,
  membership: Membership,
  { orderId, holdUntil }: Waiting,
  at: Date,
): Promise<boolean> {
  if (await isDisputed(tx, membership.id)) return false
  const before = await chargesOf(tx, orderId)
  if (before.some(({ state }) => state === 'due' || state === 'asked')) return false
  const last = before.at(-1)
  const dueAt = firstCharge(membership.paidUntil, at)
  if (!holdUntil || dueAt >= holdUntil || !(await isAgreed(tx, membership.id, orderId))) return false
  await due(tx, membership.id, orderId, { nth: (last?.nth ?? 0) + 1, dueAt, toldAt: null }, at)
  return true
}

/** A card was given: what is waited for now is paid by it too. Not what the member has paid another way since. */
export async function planWaiting(tx: Tx, membership: Membership, at: Date): Promise<void> {
  const { rows } = await sql<Waiting>`
    select o.id as "orderId", o.hold_until as "holdUntil" from member_periods p join orders o on o.id = p.order_id
    where p.membership_id = ${membership.id} and p.until is null and not p.dropped and p.renews = ${membership.paidUntil} and o.state = 'placed'`.execute(
    tx,
  )
  for (const waiting of rows) if (await planCharge(tx, membership, waiting, at)) await tellCharge(tx, waiting.orderId)
}

/** The mail of the order tells its member; asked for twice, it is sent once. */
export const tellCharge = (tx: Db | Tx, orderId: string): Promise<void> =>
  addJob(tx, 'shop.mail-order', { orderId }, { key: `tell-charge:${orderId}` })

/** A charge was refused: it is said, once, and tried again on another day where that may help. In the transaction that locked the order. False when it was said before. */
export async function chargeRefused(
  tx: Tx,
  { chargeId, problem, isForGood, at }: { chargeId: string; problem: string; isForGood: boolean; at: Date },
): Promise<boolean> {
  const charge = await tx
    .updateTable('memberCharges')
    .set({ state: 'refused', problem, changedAt: at })
    .where('id', '=', chargeId)
    .where('state', 'in', ['due', 'asked'])
    .returningAll()
    .executeTakeFirst()
  if (!charge) return false
  const { orderId, membershipId, nth, toldAt } = charge
  const order = await tx
    .selectFrom('orders')
    .select(['state', 'holdUntil'])
    .where('id', '=', orderId)
    .executeTakeFirstOrThrow()
  if (order.state !== 'placed' || !order.holdUntil) return true
  const all = await chargesOf(tx, orderId)
  const first = all[0]?.dueAt ?? charge.dueAt
  const next = isForGood ? null : nextCharge(first, nth, { at, until: order.holdUntil })
  if (next && !all.some(({ state }) => state === 'due'))
    await due(tx, membershipId, orderId, { nth: (all.at(-1)?.nth ?? nth) + 1, dueAt: next, toldAt }, at)
  await addJob(tx, 'shop.mail-charge', { chargeId })
  return true
}
