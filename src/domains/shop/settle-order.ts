import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import { dayIn } from '../../platform/days.ts'
import { newId } from '../../platform/ids.ts'
import { addJob } from '../../platform/jobs/index.ts'
import { type Account, type Line, record } from '../books/index.ts'
import { isSubject, recordReturn, type Subject } from '../exchange/index.ts'
import { countAbroad } from './cross-border.store.ts'
import { isDropped, takeUp } from './members/take-up.ts'
import { linesOf, lockOrder, type Order, type StoredLine, sellerZone } from './order.store.ts'
import { invoiceOrder } from './papers.ts'
import { presentOf } from './presents/present.store.ts'
import { holdStock, takeHeld } from './stock.store.ts'
import { isGoods } from './tax.rules.ts'

export type Settlement = {
  orderId: string
  provider: string
  /** The provider's own name for the payment. */
  reference: string
  amount: number
  currency: string
  at: Date
}

export type Settled =
  | 'paid'
  /** It was paid before: nothing happened. */
  | 'again'
  /** Another sum than the order's: the money is in the books, a person decides. */
  | 'wrong-amount'
  /** It came after the order was given up and what it wanted is gone: the money is in the books, a person gives it back. */
  | 'too-late'

/**
 * The whole effect of a payment, in one transaction, entered by whoever learns of it (the buyer's return, a webhook, the reconciliation, a person
 * at the till): payment, stock, books, invoice, exchange, what is handed over, receipt. Twice is once.
 */
export async function settleOrder(tx: Tx, settlement: Settlement): Promise<Settled> {
  const { orderId, provider, reference, amount, currency, at } = settlement
  const order = await lockOrder(tx, orderId)
  const isNew = await paymentArrived(tx, settlement)
  if (!isNew) return 'again'
  const entry = {
    sellerId: order.sellerId,
    bookedOn: dayIn(at, await sellerZone(tx, order.sellerId)),
    at,
    reference: order.code,
  }

  const outcome = await acceptance(tx, order, { amount, currency })
  if (amount > 0)
    await record(tx, {
      ...entry,
      key: `payment:${provider}:${reference}`,
      kind: 'payment',
      lines: [
        { account: { kind: 'clearing', of: provider }, amount, currency },
        { account: { kind: 'customers' }, amount: -amount, currency },
      ],
    })
  await tx
    .updateTable('payments')
    .set({ outcome })
    .where('provider', '=', provider)
    .where('reference', '=', reference)
    .execute()
  if (outcome !== 'paid') return outcome

  const lines = await linesOf(tx, orderId)
  if (order.total > 0)
    await record(tx, { ...entry, key: `order:${orderId}:sale`, kind: 'sale', lines: saleLines(order, lines) })
  await tx
    .updateTable('orders')
    .set({ state: 'paid', paidAt: at, holdUntil: null, closedAt: null })
    .where('id', '=', orderId)
    .execute()
  const shares = [...lines, { gross: order.shipping, tax: order.shippingTax }]
  await countAbroad(tx, order, lines, { shares, sign: 1, paidAt: at })
  await invoiceOrder(tx, order, lines, at)
  // What is for a friend is theirs when they take it.
  if (await presentOf(tx, orderId)) await addJob(tx, 'shop.presents', {})
  else await handOver(tx, order, lines, at)
  // Who pays after the day has it at once, and need not be told that it is out.
  if (lines.some(({ releasedAt }) => releasedAt && releasedAt <= at))
    await tx
      .updateTable('orderLines')
      .set({ toldAt: at })
      .where('orderId', '=', orderId)
      .where('releasedAt', '<=', at)
      .execute()
  await takeUp(tx, order, lines, at)
  await tellExchange(tx, order, lines, at)
  // At a table one need not say who one is.
  if (order.mail) await addJob(tx, 'shop.mail-order', { orderId })
  // Last: whoever pays for the same thing at this moment waits from here on, and no longer.
  await takeHeld(tx, orderId)
  return 'paid'
}

/** Whether this payment had not been taken in before. */
async function paymentArrived(tx: Tx, said: Settlement): Promise<boolean> {
  const { orderId, provider, reference, amount, currency, at } = said
  const facts = { state: 'paid' as const, amount, currency, paidAt: at }
  const written = await tx
    .insertInto('payments')
    .values({ id: newId(), orderId, provider, reference, begunAt: at, ...facts })
    .onConflict((conflict) =>
      conflict.columns(['provider', 'reference']).doUpdateSet(facts).where('payments.state', '<>', 'paid'),
    )
    .executeTakeFirst()
  return Number(written.numInsertedOrUpdatedRows ?? 0) > 0
}

/** An order that was given up and is paid after all is taken up again while there is what it wants. */
async function acceptance(
  tx: Tx,
  order: Order,
  paid: { amount: number; currency: string },
): Promise<Exclude<Settled, 'again'>> {
  if (order.state === 'paid' || paid.amount !== order.total || paid.currency !== order.currency) return 'wrong-amount'
  if (order.state === 'placed') return 'paid'
  if (await isDropped(tx, order.id)) return 'too-late'
  const wanted = await tx
    .selectFrom('orderLines')
    .select(['variantId', 'quantity'])
    .where('orderId', '=', order.id)
    .execute()
  const known = wanted.flatMap(({ variantId, quantity }) => (variantId ? [{ variantId, quantity }] : []))
  if (known.length < wanted.length) return 'too-late'
  return (await holdStock(tx, order.id, known)).length === 0 ? 'paid' : 'too-late'
}

/** What the books speak of for a line. */
export const subjectOf = ({ subject, productId }: StoredLine): string => subject ?? `product:${productId}`

/** What a sale books: the customer owes the total; for each line what was earned, and the tax within that is another's. */
export function saleLines(order: Order, lines: StoredLine[]): Line[] {
  const { currency, country } = order
  return [
    { account: { kind: 'customers' }, amount: order.total, currency },
    ...lines.flatMap((line) => earnedLines(order, line, { gross: line.gross, tax: line.tax }, line.quantity)),
    { account: { kind: 'sales-shipping' }, amount: -(order.shipping - order.shippingTax), currency, country },
    { account: shippingTaxAccount(order), amount: -order.shippingTax, currency, country },
  ]
}

/** What of an order's line was earned, and whose tax is in it, as credits. */
export function earnedLines(
  { currency, country }: Order,
  line: StoredLine,
  { gross, tax }: { gross: number; tax: number },
  quantity?: number,
): Line[] {
  const about = { currency, country, subject: subjectOf(line) }
  const sales = isGoods(line.kind) ? 'sales-goods' : 'sales-digital'
  return [
    { ...about, account: { kind: sales }, amount: -(gross - tax), ...(quantity && { quantity }) },
    { ...about, account: { kind: 'vat-collected', of: `${line.taxCountry}:${line.rate}` }, amount: -tax },
  ]
}

export const shippingTaxAccount = (order: Order): Account => ({
  kind: 'vat-collected',
  of: `${order.shippingTaxCountry}:${order.shippingRate}`,
})

/** What may be downloaded from now on, and for ever; what is not out yet from its day on, with the tracks that come at once. */
export async function handOver(tx: Tx, order: Order, lines: StoredLine[], at: Date): Promise<void> {
  const given = order.mailKey ? lines.filter(({ subject }) => subject !== null) : []
  if (given.length === 0) return
  const dated = await datesOf(tx, given, at)
  const holding = (line: StoredLine, more: { subject: string; source: string; key: string; fromAt: Date }) => ({
    ...{ id: newId(at.getTime()), mailKey: order.mailKey, artistId: line.artistId, orderId: order.id, revokedAt: null },
    ...more,
  })
  await tx
    .insertInto('holdings')
    .values(
      given.flatMap((line) => {
        const key = `order:${order.id}:${line.position}`
        const { releasedAt, early } = dated.get(line.productId ?? '') ?? { releasedAt: null, early: [] }
        return [
          holding(line, { subject: line.subject as string, source: 'order', key, fromAt: releasedAt ?? at }),
          ...early.map((id) =>
            holding(line, { subject: `track:${id}`, source: 'early', key: `${key}:${id}`, fromAt: at }),
          ),
        ]
      }),
    )
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute()
}

/** Of these lines, what is not out yet: from when on it is, and which of its tracks come at once. By product; its day is kept from changing meanwhile. */
async function datesOf(tx: Tx, lines: StoredLine[], at: Date) {
  const { rows } = await sql<{ id: string; releasedAt: Date; early: string[] }>`
    select p.id, p.released_at as "releasedAt", array(select e.track_id from early_tracks e where e.product_id = p.id) as early
    from products p where p.released_at > ${at} and p.id = any(${lines.map(({ productId }) => productId)}::uuid[]) for share of p`.execute(
    tx,
  )
  return new Map(rows.map(({ id, ...dates }) => [id, dates]))
}

/** An order is a return with money; one that cost nothing is an acceptance, as a download is. */
async function tellExchange(tx: Tx, order: Order, lines: StoredLine[], at: Date): Promise<void> {
  const { token = null, referrer = null, givenAs } = order.way
  for (const line of lines) {
    if (!line.artistId) continue
    const subject: Subject = isSubject(line.subject) ? line.subject : `product:${line.productId}`
    await recordReturn(tx, {
      artistId: line.artistId,
      key: `order:${order.id}:${line.position}`,
      kind: line.kind === 'tip' ? 'tip' : line.gross > 0 ? 'order' : 'acceptance',
      subject,
      givenAs: isSubject(givenAs) ? givenAs : subject,
      personId: order.personId,
      at,
      token,
      referrer,
      ...(line.gross > 0 && { money: { amount: line.gross - line.tax, currency: order.currency } }),
      details: { quantity: line.quantity },
    })
  }
}
