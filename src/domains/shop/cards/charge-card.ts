import './tables.ts'
import { sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { isLeaving, lockMembership, type Membership } from '../members/take-up.ts'
import { lockOrder, type Order } from '../order.store.ts'
import { accountById } from '../payments/accounts.store.ts'
import { askRefund, endPayments } from '../payments/ask-refund.ts'
import type { Provider } from '../payments/provider.types.ts'
import { openFor, type PaymentDeps, providerOf } from '../payments/providers.ts'
import { problemOf } from '../payments/stripe/stripe.ts'
import { takeInPayment } from '../payments/take-in-payment.ts'
import { expiringCards } from './cards.views.ts'
import { SILENT_MS } from './charge.rules.ts'
import { cardOf, detachCards, dropRefused, type KeptCard } from './keep-card.ts'
import { chargeRefused, isAgreed, isDisputed, tellCharge } from './plan-charge.ts'

/**
 * Each charge whose day has come is a job of its own, asked for again every hour until something came of it. Of one of which its member was not told, they are
 * told first; whose card expires soon is told that.
 */
export async function chargeCards(platform: Pick<Platform, 'db' | 'now'>): Promise<void> {
  const { db, now } = platform
  const at = now()
  await db.transaction().execute((tx) => switchOffUntold(tx, at))
  const untold = await db
    .selectFrom('memberCharges')
    .select('orderId')
    .where('state', '=', 'due')
    .where('toldAt', 'is', null)
    .limit(1000)
    .execute()
  for (const { orderId } of untold) await tellCharge(db, orderId)
  const due = await db
    .selectFrom('memberCharges')
    .select('id')
    .where('state', '=', 'due')
    .where('toldAt', 'is not', null)
    .where('dueAt', '<=', at)
    .orderBy('dueAt')
    .limit(1000)
    .execute()
  for (const { id } of due) await addJob(db, 'shop.charge-card', { chargeId: id }, { key: `charge:${id}` })
  for (const { id } of await expiringCards(db, at))
    await addJob(db, 'shop.mail-expiry', { cardId: id }, { key: `expiry:${id}` })
  await detachCards(platform)
}

/** Of whose card is gone, or who is no member any more, nobody is told that it will be charged: nothing will be. Who is a member still is asked by hand, once. */
async function switchOffUntold(tx: Tx, at: Date): Promise<void> {
  const { rows } = await sql<{ orderId: string; isAsked: boolean }>`
    update member_charges c set state = 'off', changed_at = ${at} from orders o, members m
    where c.state = 'due' and c.told_at is null and o.id = c.order_id and m.id = c.membership_id
      and (o.state <> 'placed' or m.state <> 'active'
        or not exists (select from kept_cards k where k.membership_id = m.id and k.forgotten_at is null))
    returning c.order_id as "orderId", o.state = 'placed' and m.state = 'active' as "isAsked"`.execute(tx)
  for (const { orderId, isAsked } of rows) if (isAsked) await addJob(tx, 'shop.mail-order', { orderId })
}

type Due = { order: Order; membership: Membership; card: KeptCard }

/**
 * Charges a card for the order of a period. The order and the membership are kept from others from before it is asked until what came of it is taken in, so that
 * who pauses, leaves or has the card forgotten either did so before, and nothing is asked, or does so afterwards. Killed in between, the same is asked again
 * under the same name and found.
 */
export async function chargeCard(platform: PaymentDeps, chargeId: string): Promise<void> {
  const { db, log, now } = platform
  const charge = await db.selectFrom('memberCharges').selectAll().where('id', '=', chargeId).executeTakeFirst()
  if (charge?.state !== 'due' || !charge.toldAt || charge.dueAt > now()) return
  const card = await cardOf(db, charge.membershipId)
  try {
    if (!(await db.transaction().execute((tx) => stillDue(tx, chargeId, charge, now())))) return
    // Who is about to pay by hand does not pay twice.
    await endPayments(platform, charge.orderId)
    const account = card && (await accountById(db, card.accountId))
    const provider = account && (await providerOf(platform, account))
    await db.transaction().execute(async (tx) => {
      const due = await stillDue(tx, chargeId, charge, now())
      if (!due) return
      // Another card than the one a moment ago, or a page that was opened just now: the next time.
      if (due.card.id !== card?.id || !provider || (await isBeingPaid(tx, charge.orderId))) return
      await ask(tx, provider, { ...charge, ...due, at: now() })
    })
  } catch (error) {
    log.warn({ charge: chargeId, problem: problemOf(error) }, 'a card could not be charged, or it is not known whether')
    if (now().getTime() < charge.dueAt.getTime() + SILENT_MS || charge.problem) return
    await db.transaction().execute(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('memberCharges')
        .set({ problem: 'unreachable', changedAt: now() })
        .where('id', '=', chargeId)
        .where('state', '=', 'due')
        .where('problem', 'is', null)
        .executeTakeFirst()
      if (numUpdatedRows > 0n) await addJob(tx, 'shop.mail-charge', { chargeId })
    })
  }
}

/** All that has to be so for a card to be charged, seen with the order and the membership locked, in this order. */
async function stillDue(
  tx: Tx,
  chargeId: string,
  { orderId, membershipId }: { orderId: string; membershipId: string },
  at: Date,
): Promise<Due | null> {
  const order = await lockOrder(tx, orderId)
  const membership = await lockMembership(tx, membershipId)
  const now = await tx.selectFrom('memberCharges').select('state').where('id', '=', chargeId).executeTakeFirst()
  if (now?.state !== 'due') return null
  const period = await tx
    .selectFrom('memberPeriods')
    .select(['dropped', 'until', 'renews'])
    .where('orderId', '=', orderId)
    .executeTakeFirstOrThrow()
  const card = await cardOf(tx, membershipId)
  const isMember = membership?.state === 'active' && membership.productId !== null
  const waits = order.state === 'placed' && order.holdUntil !== null && order.holdUntil > at
  // Who has paid for this time another way, in the shop, is not charged for it again.
  const isUnpaid = period.until === null && period.renews?.getTime() === membership?.paidUntil.getTime()
  const isWanted = waits && !period.dropped && isUnpaid && isMember
  const mayBe = isWanted && card && (await isAgreed(tx, membershipId, orderId)) && !(await isDisputed(tx, membershipId))
  // Whose artist is leaving is charged when they come back, if it still waits then.
  if (mayBe) return (await isLeaving(tx, membershipId)) ? null : { order, membership, card }
  await tx.updateTable('memberCharges').set({ state: 'off' }).where('id', '=', chargeId).execute()
  return null
}

const isBeingPaid = async (tx: Tx, orderId: string): Promise<boolean> =>
  (await tx
    .selectFrom('payments')
    .select('id')
    .where('orderId', '=', orderId)
    .where('state', 'in', ['begun', 'pending'])
    .executeTakeFirst()) !== undefined

type Asking = Due & { id: string; nth: number; at: Date }

async function ask(tx: Tx, provider: Provider, { id, nth, order, membership, card, at }: Asking): Promise<void> {
  const refused = async (problem: string) => {
    await chargeRefused(tx, { chargeId: id, problem, isForGood: true, at })
    // What is the seller's to set right is no fault of the card.
    if (problem === 'card-gone') await dropRefused(tx, id, at)
  }
  const account = await openFor(tx, order.sellerId)
  const { currency } = await tx
    .selectFrom('sellers')
    .select('currency')
    .where('id', '=', order.sellerId)
    .executeTakeFirstOrThrow()
  // For a while the seller may take no money: it is asked again.
  if (!account) throw new Error('no account is open')
  // A card that is kept in one account is nothing in another, a key to try among them: it waits for the one that it knows.
  if (account.id !== card.accountId) throw new Error('another account is open')
  if (currency !== order.currency) return refused('not-chargeable')
  const kept = await tx
    .selectFrom('keptCards')
    .select('customer')
    .distinct()
    .where('membershipId', '=', membership.id)
    .where('accountId', '=', account.id)
    .execute()
  const { membershipId, renews } = await tx
    .selectFrom('memberPeriods')
    .select(['membershipId', 'renews'])
    .where('orderId', '=', order.id)
    .executeTakeFirstOrThrow()
  const noted = await tx
    .selectFrom('payments')
    .innerJoin('memberPeriods', 'memberPeriods.orderId', 'payments.orderId')
    .select('payments.reference')
    .where('memberPeriods.membershipId', '=', membershipId)
    .execute()
  const asked = await provider.charge({
    ...{ id, nth, order, card, customers: kept.map(({ customer }) => customer) },
    period: renews ? `${membershipId} ${renews.toISOString()}` : null,
    noted: noted.map((payment) => payment.reference),
  })
  if (!asked.ok) return refused(asked.error)
  const { reference } = asked.value
  await tx.updateTable('memberCharges').set({ state: 'asked', changedAt: at }).where('id', '=', id).execute()
  await tx
    .insertInto('payments')
    .values({
      ...{ id: newId(), orderId: order.id, provider: 'stripe', accountId: account.id, reference, state: 'begun' },
      ...{ amount: order.total, currency: order.currency, intent: reference, begunAt: at },
    })
    .onConflict((conflict) => conflict.columns(['provider', 'reference']).doNothing())
    .execute()
  const told = await provider.lookUp({ reference })
  if (told) await takeInPayment(tx, account, told, at)
}

/** Nobody asked for what a card paid after its member had left: it goes back at once, without anybody being asked. */
export async function giveBackCharge({ db, now }: Pick<Platform, 'db' | 'now'>, paymentId: string): Promise<void> {
  const payment = await db
    .selectFrom('payments')
    .select(['orderId', 'amount', 'returned'])
    .where('id', '=', paymentId)
    .executeTakeFirst()
  if (!payment || payment.returned > 0) return
  const { orderId, amount } = payment
  await db
    .transaction()
    .execute((tx) =>
      askRefund(tx, { orderId, key: `charge:${paymentId}`, amount, reason: '', by: null, at: now(), paymentId }),
    )
}
