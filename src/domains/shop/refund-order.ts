import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import { dayIn } from '../../platform/days.ts'
import { newId } from '../../platform/ids.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { type Account, type Line, record, reverse } from '../books/index.ts'
import { isSubject, type NewReturn, recordReturn, type Subject } from '../exchange/index.ts'
import { forgetCardOfOrder } from './cards/keep-card.ts'
import { countAbroad } from './cross-border.store.ts'
import { closeWithRefund, lockAskedBeside, reopenWithRefund } from './members/close-period.ts'
import { LOST, linesOf, lockOrder, type Order, partsOf, type StoredLine, sellerOfOrder } from './order.store.ts'
import { creditRefund, takeBackCredit } from './papers.ts'
import { shareRefund, type Taxed, taxOfPart } from './price.rules.ts'
import { earnedLines, shippingTaxAccount, subjectOf } from './settle-order.ts'
import { TILL_PROVIDER } from './till/till.rules.ts'

export type NewRefund = {
  orderId: string
  /** What makes it this refund and no other: a form's key, the provider's own name for it. */
  key: string
  amount: number
  reason: string
  reference?: string
  by: string | null
  at: Date
  /** The provider's money, or the seller's own: which account it leaves. */
  from: string
  /** The payment of which it is, where there may be several. */
  paymentId?: string
}

export type RefundProblem = { problem: 'not-paid' } | { problem: 'too-much'; left: number }

/**
 * Money that went back, in one transaction: order, books, exchange. Divided among what was bought and its tax so that refunds of any sizes never
 * take more than a line cost. Twice is once. When all of an order is given back, its downloads close.
 */
export async function recordRefund(tx: Tx, refund: NewRefund): Promise<Result<'done' | 'again', RefundProblem>> {
  const { orderId, key, amount, at } = refund
  const order = await lockOrder(tx, orderId)
  const before = await tx.selectFrom('refunds').select(['state', 'amount']).where('key', '=', key).executeTakeFirst()
  if (before?.state === 'done' || before?.state === 'undone') return ok('again')
  if (order.state !== 'paid') return fail({ problem: 'not-paid' })
  const left = order.total - order.refunded
  if (amount < 1 || amount > left) return fail({ problem: 'too-much', left })
  if (amount === left) await lockAskedBeside(tx, orderId)
  const lines = await linesOf(tx, orderId)
  const parts = partsOf(order, lines)
  const shares = shareRefund(amount, parts, await givenBack(tx, order, lines))
  const done = {
    ...{ state: 'done' as const, doneAt: at, amount, reference: refund.reference ?? '', problem: null },
    ...{ parts: JSON.stringify(shares), paymentId: refund.paymentId ?? null },
  }
  await tx
    .insertInto('refunds')
    .values({ id: newId(at.getTime()), orderId, key, reason: refund.reason, askedBy: refund.by, askedAt: at, ...done })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(done))
    .execute()

  const { currency, country } = order
  const back: Line[] = []
  for (const [index, line] of lines.entries()) {
    const share = shares[index]
    if (!share || share.gross === 0) continue
    back.push(...earnedLines(order, line, share).map((credit) => ({ ...credit, amount: -credit.amount })))
    await tx
      .updateTable('orderLines')
      .set((row) => ({ refunded: row('refunded', '+', share.gross) }))
      .where('orderId', '=', orderId)
      .where('position', '=', line.position)
      .execute()
    if (line.artistId)
      await recordReturn(tx, {
        artistId: line.artistId,
        key: `refund:${key}:${line.position}`,
        kind: 'refund',
        ...aboutLine(order, line),
        personId: order.personId,
        at,
        money: { amount: -(share.gross - share.tax), currency },
      })
  }
  const sent = shares.at(-1)
  if (sent && sent.gross > 0) {
    back.push(
      { account: { kind: 'sales-shipping' }, amount: sent.gross - sent.tax, currency, country },
      { account: shippingTaxAccount(order), amount: sent.tax, currency, country },
    )
  }
  const seller = await sellerOfOrder(tx, order)
  const zone = seller.timeZone
  const said = {
    sellerId: order.sellerId,
    bookedOn: dayIn(at, zone),
    // Shared as what was sold then was.
    ...(order.paidAt && { earnedOn: dayIn(order.paidAt, zone) }),
    at,
    reference: order.code,
  }
  await record(tx, {
    ...said,
    key: `refund:${key}`,
    kind: 'refund',
    note: refund.reason,
    lines: [...back, { account: whence(refund.from), amount: -amount, currency }],
  })
  await creditRefund(tx, seller, order, lines, { key, shares, at })
  if (order.paidAt) await countAbroad(tx, seller, order, lines, { shares, sign: -1, paidAt: order.paidAt })
  await tx
    .updateTable('orders')
    .set({ refunded: order.refunded + amount, shippingRefunded: order.shippingRefunded + (sent?.gross ?? 0) })
    .where('id', '=', orderId)
    .execute()
  if (amount === left) {
    await closeHoldings(tx, orderId, at)
    await closeWithRefund(tx, orderId, at)
    await forgetCardOfOrder(tx, orderId, at)
  }
  return ok('done')
}

/** What stands as given back of each part of an order, with its tax. */
async function givenBack(tx: Tx, order: Order, lines: StoredLine[]): Promise<Taxed[]> {
  const done = await tx
    .selectFrom('refunds')
    .select('parts')
    .where('orderId', '=', order.id)
    .where('state', '=', 'done')
    .execute()
  const gross = [...lines.map(({ refunded }) => refunded), order.shippingRefunded]
  return partsOf(order, lines).map((part, index) => {
    const known = done.reduce<Taxed>(
      (sum, { parts }) => ({
        gross: sum.gross + (parts?.[index]?.gross ?? 0),
        tax: sum.tax + (parts?.[index]?.tax ?? 0),
      }),
      { gross: 0, tax: 0 },
    )
    const all = gross[index] ?? 0
    // How it was divided is not known of refunds of before that was kept.
    return { gross: all, tax: all === known.gross ? known.tax : taxOfPart(part, all) }
  })
}

/** What was paid in cash goes back out of the cash of the business. */
const whence = (from: string): Account =>
  from === TILL_PROVIDER.cash ? { kind: 'cash' } : { kind: 'clearing', of: from }

/**
 * Money that was sent back and never arrived, in one transaction: what the refund did is taken back. Its entry of the books is reversed; what it had closed
 * opens again, and the membership that it had ended goes on. Only what was done can be undone; twice is once.
 */
export async function undoRefund(
  tx: Tx,
  { orderId, key, at, problem }: { orderId: string; key: string; at: Date; problem: string },
): Promise<boolean> {
  const order = await lockOrder(tx, orderId)
  const refund = await tx.selectFrom('refunds').selectAll().where('key', '=', key).executeTakeFirst()
  if (refund?.state !== 'done' || !refund.parts) return false
  const lines = await linesOf(tx, orderId)
  for (const [index, line] of lines.entries()) {
    const share = refund.parts[index]
    if (!share || share.gross === 0) continue
    await tx
      .updateTable('orderLines')
      .set((row) => ({ refunded: row('refunded', '-', share.gross) }))
      .where('orderId', '=', orderId)
      .where('position', '=', line.position)
      .execute()
    if (line.artistId)
      await recordReturn(tx, {
        artistId: line.artistId,
        key: `refund:${key}:${line.position}:undone`,
        kind: 'refund',
        ...aboutLine(order, line),
        personId: order.personId,
        at,
        money: { amount: share.gross - share.tax, currency: order.currency },
      })
  }
  const seller = await sellerOfOrder(tx, order)
  const bookedOn = dayIn(at, seller.timeZone)
  await reverse(tx, { sellerId: order.sellerId, key: `refund:${key}`, bookedOn, at, note: problem })
  await takeBackCredit(tx, seller, order, lines, { key, shares: refund.parts, at })
  if (order.paidAt) await countAbroad(tx, seller, order, lines, { shares: refund.parts, sign: 1, paidAt: order.paidAt })
  await tx.updateTable('refunds').set({ state: 'undone', problem }).where('key', '=', key).execute()
  await tx
    .updateTable('orders')
    .set({
      refunded: order.refunded - refund.amount,
      shippingRefunded: order.shippingRefunded - (refund.parts.at(-1)?.gross ?? 0),
    })
    .where('id', '=', orderId)
    .execute()
  await reopenHoldings(tx, orderId)
  await reopenWithRefund(tx, orderId, at)
  return true
}

/** What was bought is closed: all of it was given back, or taken back. */
export const closeHoldings = (tx: Tx, orderId: string, at: Date) =>
  tx
    .updateTable('holdings')
    .set({ revokedAt: at })
    .where('orderId', '=', orderId)
    .where('revokedAt', 'is', null)
    .execute()

/** It is open again, unless what paid it was lost to a dispute. */
export const reopenHoldings = (tx: Tx, orderId: string) =>
  sql`update holdings h set revoked_at = null from orders o where o.id = ${orderId} and h.order_id = o.id and not ${LOST}`.execute(
    tx,
  )

/** What a line is to the exchange, and what it answers: the gift that its order was recorded for. */
export function aboutLine(
  { way, paidAt }: Order,
  line: StoredLine,
): Pick<NewReturn, 'subject' | 'givenAs' | 'token' | 'referrer' | 'takesBack'> {
  const of = subjectOf(line)
  const subject = isSubject(of) ? of : (`product:${line.productId}` as Subject)
  const { token = null, referrer = null, givenAs } = way
  return { subject, givenAs: isSubject(givenAs) ? givenAs : subject, token, referrer, takesBack: paidAt }
}
