import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import { addJob } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { basketLines } from './basket.views.ts'
import { type BasketProblems, orderCode, orderLines } from './order.rules.ts'
import { taxWithin } from './price.rules.ts'
import { vatRates } from './rates.ts'
import { settleOrder } from './settle-order.ts'
import { holdStock } from './stock.store.ts'
import type { OrderWay, ParcelAddress, ShownTerms } from './tables.ts'
import { type Evidence, type TaxSeller, taxOf, whereabouts } from './tax.rules.ts'
import { wholly } from './wholly.ts'

/** How long what was ordered is kept for whoever ordered it: minutes for a card, days for a transfer. */
export type HoldFor = { seconds: number }

export type NewOrder = {
  /** One form sent twice is one order. */
  formKey: string
  basketId: string
  /** Whose page it is ordered on. */
  artistId: string
  mail: string
  mailKey: string
  name: string
  language: 'en' | 'fr'
  /** What is known of where the buyer is, their own word among it. */
  evidence: Evidence[]
  /** Where it is sent; null when nothing is. */
  address: ParcelAddress | null
  /** What sending costs, taxes included. */
  shipping: number
  terms: ShownTerms
  /** A word for the artist. */
  note: string
  provider: string
  hold: HoldFor
  personId: string | null
  way: OrderWay
}

export type OrderProblem =
  | { problem: 'empty' }
  | { problem: 'no-country' }
  | { problem: 'no-address' }
  | { problem: 'lines'; lines: BasketProblems }

export type Placed = { orderId: string; code: string; total: number; currency: string; paid: boolean; again: boolean }

/**
 * Places the order of what lies in a basket: prices, taxes and terms are frozen, and what is counted is kept for it. What costs nothing is paid at once.
 * The basket is emptied. The same form again answers with the same order.
 */
export const placeOrder = (
  { db, now }: Pick<Platform, 'db' | 'now'>,
  order: NewOrder,
): Promise<Result<Placed, OrderProblem>> => wholly(db, (tx) => place(tx, order, now()))

async function place(tx: Tx, order: NewOrder, at: Date): Promise<Result<Placed, OrderProblem>> {
  const basket = await tx
    .selectFrom('baskets')
    .innerJoin('sellers', 'sellers.id', 'baskets.sellerId')
    .select(['sellers.id as sellerId', 'sellers.country', 'sellers.vatRegime', 'sellers.ossSince'])
    .where('baskets.id', '=', order.basketId)
    .forUpdate('baskets')
    .executeTakeFirst()
  const before = await placedBefore(tx, order.formKey)
  if (before) return ok(before)
  if (!basket) return fail({ problem: 'empty' })
  const lines = await basketLines(tx, order.basketId)
  const currency = lines[0]?.currency
  if (!currency) return fail({ problem: 'empty' })

  const { country } = whereabouts(order.evidence)
  if (!country) return fail({ problem: 'no-country' })
  const seller: TaxSeller = { country: basket.country, regime: basket.vatRegime, oss: basket.ossSince !== null }
  const crossBorder =
    seller.regime === 'registered' ? await soldAcrossBorders(tx, basket.sellerId, seller.country, at) : 0
  const digital = taxOf({ seller, buyer: country, crossBorder, at }, vatRates)
  const sent = taxOf({ seller, buyer: order.address?.country ?? country, crossBorder, at }, vatRates)

  const priced = orderLines(lines, (isSent) => (isSent ? sent : digital))
  if ('problems' in priced) return fail({ problem: 'lines', lines: priced.problems })
  const ordered = priced.lines
  const isSent = ordered.some(({ weight }) => weight !== null)
  if (isSent && !order.address) return fail({ problem: 'no-address' })
  const shipping = isSent ? order.shipping : 0
  const shippingTax = taxWithin(shipping, sent.rate)
  const total = ordered.reduce((sum, { gross }) => sum + gross, shipping)

  const orderId = newId(at.getTime())
  const code = orderCode(randomBytes(8))
  await tx
    .insertInto('orders')
    .values({
      ...{ id: orderId, code, formKey: order.formKey, sellerId: basket.sellerId, artistId: order.artistId },
      ...{ mail: order.mail, mailKey: order.mailKey, name: order.name, language: order.language, country },
      ...{
        currency,
        shipping,
        shippingTax,
        shippingRate: sent.rate,
        shippingTaxCountry: sent.country,
        total,
        provider: total === 0 ? 'free' : order.provider,
      },
      tax: ordered.reduce((sum, { tax }) => sum + tax, shippingTax),
      state: 'placed',
      address: isSent ? JSON.stringify(order.address) : null,
      taxReason: ordered.every(({ kind }) => kind === 'tip') ? 'tip' : isSent ? sent.reason : digital.reason,
      evidence: JSON.stringify(order.evidence),
      terms: JSON.stringify(order.terms),
      note: order.note,
      personId: order.personId,
      way: JSON.stringify(order.way),
      placedAt: at,
      holdUntil: new Date(at.getTime() + order.hold.seconds * 1000),
    })
    .execute()
  await tx
    .insertInto('orderLines')
    .values(ordered.map((line, index) => ({ ...line, orderId, position: index + 1 })))
    .execute()
  const short = await holdStock(tx, orderId, ordered)
  if (short.length > 0)
    return fail({
      problem: 'lines',
      lines: new Map(short.map(({ variantId, left }) => [variantId, { problem: 'sold-out', left }])),
    })
  await tx.deleteFrom('basketLines').where('basketId', '=', order.basketId).execute()
  if (total === 0) await settleOrder(tx, { orderId, provider: 'free', reference: orderId, amount: 0, currency, at })
  // Who pays by card is led on to it at once, and hears of it when it is done.
  else if (order.provider === 'manual') await addJob(tx, 'shop.mail-order', { orderId })
  return ok({ orderId, code, total, currency, paid: total === 0, again: false })
}

async function placedBefore(tx: Tx, formKey: string): Promise<Placed | null> {
  const row = await tx
    .selectFrom('orders')
    .select(['id as orderId', 'code', 'total', 'currency', 'state'])
    .where('formKey', '=', formKey)
    .executeTakeFirst()
  if (!row) return null
  const { state, ...placed } = row
  return { ...placed, paid: state === 'paid', again: true }
}

/** What article 59c counts: sales to other countries of the EU before tax, tips aside, in this or in the last calendar year, the larger, in cents. */
async function soldAcrossBorders(tx: Tx, sellerId: string, country: string, at: Date): Promise<number> {
  const year = at.getUTCFullYear()
  const { rows } = await sql<{ year: number; country: string; sold: number }>`
    select extract(year from o.paid_at)::int as year, o.country,
      sum((o.total - o.tax - tips) - round((o.total - o.tax - tips)::numeric * o.refunded / greatest(o.total, 1)))::bigint as sold
    from orders o, lateral (select coalesce(sum(l.gross), 0) as tips from order_lines l where l.order_id = o.id and l.kind = 'tip') given where o.seller_id = ${sellerId} and o.state = 'paid' and o.paid_at >= make_date(${year - 1}, 1, 1) and o.country <> ${country}
    group by 1, 2`.execute(tx)
  const inYear = (wanted: number) =>
    rows.filter((row) => row.year === wanted && vatRates.isInEu(row.country)).reduce((sum, { sold }) => sum + sold, 0)
  return Math.max(inYear(year), inYear(year - 1))
}
