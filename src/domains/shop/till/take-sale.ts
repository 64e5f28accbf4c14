import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import { dayIn } from '../../../platform/days.ts'
import { newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { record } from '../../books/index.ts'
import { orderCode } from '../order.rules.ts'
import { sellerZone } from '../order.store.ts'
import { taxWithin } from '../price.rules.ts'
import { vatRates } from '../rates.ts'
import { settleOrder } from '../settle-order.ts'
import { holdStock } from '../stock.store.ts'
import { taxOf } from '../tax.rules.ts'
import { wholly } from '../wholly.ts'
import { type Short, type SoldLine, saleTotal, soldBetween, type TableSale, TILL_PROVIDER } from './till.rules.ts'

export type ArrivedSale = Omit<TableSale, 'mail'> & {
  mail: { address: string; key: string } | null
  language: 'en' | 'fr'
}

export type Taken = { orderId: string; code: string; total: number; short: Short[]; again: boolean }

/** `unknown`: something of it is no thing of this table. `taken`: a sale of another table has this id. */
export type SaleProblem = 'missing' | 'empty' | 'unknown' | 'taken'

/**
 * Takes in what was sold at a table, with its whole effect in one transaction. It has happened: neither a thing that another sold meanwhile nor a box that was
 * counted already refuses it; what is short, and what is late, is written down. The same sale again has no effect.
 */
export const takeSale = (
  { db, now }: Pick<Platform, 'db' | 'now'>,
  tillId: string,
  sale: ArrivedSale,
): Promise<Result<Taken, SaleProblem>> => wholly(db, (tx) => take(tx, tillId, sale, now()))

async function take(tx: Tx, tillId: string, sale: ArrivedSale, now: Date): Promise<Result<Taken, SaleProblem>> {
  const till = await tx.selectFrom('tills').selectAll().where('id', '=', tillId).forShare().executeTakeFirst()
  if (!till?.artistId) return fail('missing')
  const wanted = sale.lines.filter(({ quantity }) => quantity > 0)
  if (wanted.length === 0) return fail('empty')
  const things = await thingsOf(tx, till.artistId, till.currency, wanted)
  if (things.length < wanted.length) return fail('unknown')

  const { country, vatRegime } = await tx
    .selectFrom('sellers')
    .select(['country', 'vatRegime'])
    .where('id', '=', till.sellerId)
    .executeTakeFirstOrThrow()
  const at = soldBetween(sale.soldAt, till.openedAt, now)
  // Handed over at the table: taxed where the seller is.
  const seller = { country, regime: vatRegime, oss: false }
  const tax = taxOf({ seller, buyer: country, passed: false, at }, vatRates)
  const total = saleTotal(wanted)
  const { artistId, sellerId, currency } = till
  const provider = TILL_PROVIDER[sale.paidWith]
  const orderId = newId(now.getTime())
  const lines = things.map((thing, index) => {
    const gross = thing.quantity * thing.each
    return {
      ...{ ...thing, orderId, artistId, position: index + 1, bundle: '', gross },
      ...{ tax: taxWithin(gross, tax.rate), rate: tax.rate, taxCountry: tax.country, taxReason: tax.reason },
    }
  })
  const placed = await tx
    .insertInto('orders')
    .values({
      ...{ id: orderId, code: orderCode(randomBytes(8)), formKey: `till:${sale.id}`, sellerId, artistId },
      ...{ mail: sale.mail?.address ?? '', mailKey: sale.mail?.key ?? '', language: sale.language, country },
      ...{ currency, total, shippingTaxCountry: tax.country, provider, state: 'placed', address: null },
      tax: lines.reduce((sum, line) => sum + line.tax, 0),
      evidence: JSON.stringify([{ kind: 'delivery', country }]),
      terms: JSON.stringify({ version: 'till', language: sale.language, waiver: null }),
      ...{ personId: null, way: '{}', placedAt: at, holdUntil: null },
    })
    .onConflict((conflict) => conflict.column('formKey').doNothing())
    .returning('code')
    .executeTakeFirst()
  if (!placed) return takenBefore(tx, tillId, sale.id)
  await tx.insertInto('orderLines').values(lines).execute()
  const short = await holdWhatIsThere(tx, orderId, things)
  const isLate = till.closedAt !== null
  await tx
    .insertInto('tillSales')
    .values({
      ...{ id: sale.id, tillId, orderId, paidWith: sale.paidWith, isLate },
      ...{ short: JSON.stringify(short), arrivedAt: now },
    })
    .execute()
  await settleOrder(tx, { orderId, provider, reference: sale.id, amount: total, currency, at })
  if (isLate && sale.paidWith === 'cash' && total > 0)
    await record(tx, {
      ...{ sellerId, key: `till:${tillId}:late:${sale.id}`, kind: 'till', reference: placed.code },
      ...{ bookedOn: dayIn(now, await sellerZone(tx, sellerId)), at: now },
      lines: [
        { account: { kind: 'till-differences' }, amount: total, currency },
        { account: { kind: 'clearing', of: provider }, amount: -total, currency },
      ],
    })
  return ok({ orderId, code: placed.code, total, short, again: false })
}

async function takenBefore(tx: Tx, tillId: string, id: string): Promise<Result<Taken, SaleProblem>> {
  const sale = await tx
    .selectFrom('tillSales')
    .innerJoin('orders', 'orders.id', 'tillSales.orderId')
    .select(['orders.id as orderId', 'orders.code', 'orders.total', 'tillSales.short', 'tillSales.tillId'])
    .where('tillSales.id', '=', id)
    .executeTakeFirst()
  if (sale?.tillId !== tillId) return fail('taken')
  const { orderId, code, total, short } = sale
  return ok({ orderId, code, total, short, again: true })
}

type Thing = SoldLine & {
  productId: string
  kind: string
  subject: string | null
  title: string
  variant: string
  weight: number
}

/** What is sold, as the shop knows it; what is no longer offered was sold all the same. */
async function thingsOf(tx: Tx, artistId: string, currency: string, wanted: SoldLine[]): Promise<Thing[]> {
  const { rows } = await sql<Thing>`
    select v.id as "variantId", p.id as "productId", p.kind, p.subject, p.title, v.name as variant, coalesce(v.weight, 0) as weight, w.quantity, w.each
    from json_to_recordset(${JSON.stringify(wanted)}::json) as w("variantId" uuid, quantity integer, each bigint)
      join variants v on v.id = w."variantId" join products p on p.id = v.product_id
    where p.artist_id = ${artistId} and p.currency = ${currency} and p.kind in ('record', 'merch')
    order by p.position, v.position, v.id`.execute(tx)
  return rows
}

/** Takes from the stock what there is of it, and says what is missing. */
async function holdWhatIsThere(tx: Tx, orderId: string, things: Thing[]): Promise<Short[]> {
  const lacking = await holdStock(tx, orderId, things)
  if (lacking.length === 0) return []
  // Their rows are ours by now, and one line of a sale is one thing.
  const leftOf = new Map(lacking.map(({ variantId, left }) => [variantId, Math.max(0, left)]))
  const there = things.map((thing) => ({ ...thing, quantity: leftOf.get(thing.variantId) ?? thing.quantity }))
  await holdStock(
    tx,
    orderId,
    there.filter(({ quantity }) => quantity > 0),
  )
  return things.flatMap(({ variantId, title, variant, quantity }) => {
    const left = leftOf.get(variantId)
    return left === undefined ? [] : [{ title: [title, variant].filter(Boolean).join(', '), missing: quantity - left }]
  })
}
