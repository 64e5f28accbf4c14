import type { Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { dayIn, type Line, record } from '../books/index.ts'
import { isSubject, recordReturn, type Subject } from '../exchange/index.ts'
import { linesOf, lockOrder, sellerZone } from './order.store.ts'
import { shareRefund } from './price.rules.ts'
import { earnedLines, shippingTaxAccount, subjectOf } from './settle-order.ts'

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
  if (before?.state === 'done') return ok('again')
  if (order.state !== 'paid') return fail({ problem: 'not-paid' })
  const left = order.total - order.refunded
  if (amount < 1 || amount > left) return fail({ problem: 'too-much', left })
  const done = { state: 'done' as const, doneAt: at, amount, reference: refund.reference ?? '' }
  await tx
    .insertInto('refunds')
    .values({ id: newId(at.getTime()), orderId, key, reason: refund.reason, askedBy: refund.by, askedAt: at, ...done })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(done))
    .execute()

  const lines = await linesOf(tx, orderId)
  const parts = [...lines, { gross: order.shipping, tax: order.shippingTax }]
  const shares = shareRefund(amount, parts, [...lines.map(({ refunded }) => refunded), order.shippingRefunded])
  const { currency, country } = order
  const back: Line[] = []
  for (const [index, line] of lines.entries()) {
    const share = shares[index]
    if (!share || share.gross === 0) continue
    const subject = subjectOf(line)
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
        subject: isSubject(subject) ? subject : (`product:${line.productId}` as Subject),
        givenAs: isSubject(subject) ? subject : (`product:${line.productId}` as Subject),
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
  const zone = await sellerZone(tx, order.sellerId)
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
    lines: [...back, { account: { kind: 'clearing', of: refund.from }, amount: -amount, currency }],
  })
  await tx
    .updateTable('orders')
    .set({ refunded: order.refunded + amount, shippingRefunded: order.shippingRefunded + (sent?.gross ?? 0) })
    .where('id', '=', orderId)
    .execute()
  if (amount === left)
    await tx
      .updateTable('holdings')
      .set({ revokedAt: at })
      .where('orderId', '=', orderId)
      .where('revokedAt', 'is', null)
      .execute()
  return ok('done')
}
