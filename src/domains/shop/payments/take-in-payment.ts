import { sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import { dayIn } from '../../../platform/days.ts'
import { newId } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import { allocate } from '../../../platform/money.ts'
import { type Line, type NewEntry, type Rate, record, reverse } from '../../books/index.ts'
import { recordReturn } from '../../exchange/index.ts'
import { reasonOf } from '../cards/charge.rules.ts'
import { dropRefused, forgetCardOfOrder, keepCardOfOrder, refreshCard } from '../cards/keep-card.ts'
import { chargeRefused } from '../cards/plan-charge.ts'
import { giveUpOrder } from '../give-up-orders.ts'
import { closeWithDispute, reopenPeriods } from '../members/close-period.ts'
import { isAwaited } from '../members/take-up.ts'
import { linesOf, lockOrder, type Order, type StoredLine, sellerZone } from '../order.store.ts'
import { taxWithin } from '../price.rules.ts'
import { aboutLine, closeHoldings, recordRefund, reopenHoldings, undoRefund } from '../refund-order.ts'
import { type Settled, settleOrder, subjectOf } from '../settle-order.ts'
import type { Evidence } from '../tax.rules.ts'
import type { Movement, ToldDispute, ToldPayment, ToldRefund } from './provider.types.ts'

const PROVIDER = 'stripe'
/** A bank's own word may take two weeks to come (SEPA direct debit). */
const PENDING_MS = 21 * 24 * 3_600_000

/** What a telling changed here. */
export type Change =
  | Exclude<Settled, 'again'>
  | 'pending'
  | 'refused'
  | 'expired'
  | 'settled'
  | 'refund'
  | 'refund-undone'
  | `dispute-${ToldDispute['state']}`

export type TakenIn = { orderId: string; changes: Change[] }

/** Whose telling it is: only what was begun through this account, for an order of its seller, is believed. */
export type Teller = { id: string; sellerId: string }

/**
 * Takes in all that a provider tells of a payment, in one transaction, whoever asked it: a webhook, the buyer's return, the reconciliation. Each thing has a
 * name and counts once, and nothing that counted is taken back by an older telling: so tellings may come twice, late and in any order.
 * Null when we did not begin it through this account: it may sell elsewhere too.
 */
export async function takeInPayment(tx: Tx, teller: Teller, told: ToldPayment, now: Date): Promise<TakenIn | null> {
  if (told.charge) await noteCharge(tx, teller, told)
  const begun = await tx
    .selectFrom('payments')
    .innerJoin('orders', 'orders.id', 'payments.orderId')
    .select(['orders.sellerId', 'orders.id', 'accountId'])
    .where('payments.provider', '=', PROVIDER)
    .where('reference', '=', told.reference)
    .executeTakeFirst()
  // A charge that a restored backup knew nothing of names the order that it had then; here it is noted for the one of the same period.
  const isOfIt = begun && (begun.id === told.orderId || told.charge)
  if (!isOfIt || begun.accountId !== teller.id || begun.sellerId !== teller.sellerId) return null
  // From here on, one telling of an order after the other.
  const order = await lockOrder(tx, begun.id)
  const changes: Change[] = []
  if (told.paid) await takeInMoney(tx, { teller, order, now }, told, changes)
  else await takeInWait(tx, order, told, changes)
  return { orderId: order.id, changes }
}

/** A card was charged, and whoever asked for it was killed before they noted so. That it is ours shows in our own name for it, made before it was asked. */
async function noteCharge(tx: Tx, { id: accountId, sellerId }: Teller, told: ToldPayment): Promise<void> {
  const { charge, reference, at } = told
  const ours = await tx
    .selectFrom('memberCharges')
    .innerJoin('orders', 'orders.id', 'memberCharges.orderId')
    .innerJoin('keptCards', 'keptCards.membershipId', 'memberCharges.membershipId')
    .select(['orders.id', 'orders.total', 'orders.currency'])
    .where('memberCharges.id', '=', charge?.id ?? '')
    .where('memberCharges.orderId', '=', told.orderId)
    .where('orders.sellerId', '=', sellerId)
    .where('keptCards.accountId', '=', accountId)
    .executeTakeFirst()
  if (!ours) return
  await lockOrder(tx, ours.id)
  await tx
    .insertInto('payments')
    .values({
      ...{ id: newId(), orderId: ours.id, provider: PROVIDER, accountId, reference, state: 'begun' },
      ...{ amount: ours.total, currency: ours.currency, intent: reference, begunAt: at },
    })
    .onConflict((conflict) => conflict.columns(['provider', 'reference']).doNothing())
    .execute()
  await tx
    .updateTable('memberCharges')
    .set({ state: 'asked' })
    .where('id', '=', charge?.id ?? '')
    .where('state', 'in', ['due', 'off'])
    .execute()
}

async function takeInWait(tx: Tx, order: Order, told: ToldPayment, changes: Change[]): Promise<void> {
  const set = (state: 'pending' | 'refused' | 'given-up') =>
    tx
      .updateTable('payments')
      .set({ state, intent: told.intent })
      .where('provider', '=', PROVIDER)
      .where('reference', '=', told.reference)
      .where('state', 'in', state === 'pending' ? ['begun'] : ['begun', 'pending'])
      .executeTakeFirst()
  if (told.state === 'pending') {
    const { numUpdatedRows } = await set('pending')
    if (numUpdatedRows === 0n) return
    await tx
      .updateTable('orders')
      .set({ holdUntil: new Date(told.at.getTime() + PENDING_MS) })
      .where('id', '=', order.id)
      .where('state', '=', 'placed')
      .execute()
    changes.push('pending')
  } else if (told.state === 'refused' || told.state === 'expired') {
    await set(told.state === 'refused' ? 'refused' : 'given-up')
    if (told.charge) {
      const { id: chargeId, problem, isForGood } = told.charge
      const isNews = await chargeRefused(tx, { chargeId, problem: problem ?? 'declined', isForGood, at: told.at })
      // Who can confirm it themselves goes on using it.
      if (isNews && isForGood && reasonOf(problem) !== 'authenticate') await dropRefused(tx, chargeId, told.at)
    }
    // Of an order that is begun again, only the last beginning ends it.
    const { rows } = await sql<{ other: boolean }>`
      select exists (select from payments where order_id = ${order.id} and reference <> ${told.reference} and state in ('begun', 'pending')) as other`.execute(
      tx,
    )
    // And a member may try again until the time to pay is over.
    const stays = rows[0]?.other || (await isAwaited(tx, order.id))
    if (!stays && (await giveUpOrder(tx, order.id, told.state, told.at))) changes.push(told.state)
  }
}

async function takeInMoney(
  tx: Tx,
  { teller, order, now }: { teller: Teller; order: Order; now: Date },
  told: ToldPayment,
  changes: Change[],
): Promise<void> {
  const { paid, reference, at } = told
  if (!paid) return
  const outcome = await settleOrder(tx, { orderId: order.id, provider: PROVIDER, reference, ...moneyOf(paid), at })
  if (outcome !== 'again') changes.push(outcome)
  await tx
    .updateTable('payments')
    .set({ intent: told.intent, url: null })
    .where('provider', '=', PROVIDER)
    .where('reference', '=', reference)
    .execute()
  if (paid.from) await keepEvidence(tx, order, paid.from)
  const { card } = told
  if (card && told.charge) await refreshCard(tx, { accountId: teller.id, card, at })
  else if (card) await keepCardOfOrder(tx, { orderId: order.id, accountId: teller.id, card, at })
  const payment = await tx
    .selectFrom('payments')
    .selectAll()
    .where('provider', '=', PROVIDER)
    .where('reference', '=', reference)
    .executeTakeFirstOrThrow()
  // Nobody pressed for what a card was charged: where it fits nothing, it goes back without a person.
  if (told.charge && outcome !== 'paid' && outcome !== 'again')
    await addJob(tx, 'shop.give-back-charge', { paymentId: payment.id })
  const lines = await linesOf(tx, order.id)
  const books: Books = {
    ...{ tx, order, at, now, paymentId: payment.id, currency: paid.currency, paid },
    zone: await sellerZone(tx, order.sellerId),
    // Of money that did not fit, nothing was sold: what is kept of it is nobody's line.
    lines: payment.outcome === 'paid' ? lines : [],
    deductsTax: await deductsTax(tx, order.sellerId),
  }

  if (paid.movement && payment.settledAmount === null) {
    const { movement } = paid
    await bookMovement(books, `payment:${PROVIDER}:${reference}`, paid.amount, movement)
    await tx
      .updateTable('payments')
      .set({
        ...{ settledAmount: movement.amount, settledCurrency: movement.currency },
        ...{ fee: movement.fee, feeCurrency: movement.currency, feeTax: movement.feeTax },
        rate: paid.rate === null ? null : String(paid.rate),
      })
      .where('id', '=', payment.id)
      .execute()
    changes.push('settled')
  }
  for (const refund of told.refunds.toSorted(byAge)) await takeInRefund(books, refund, changes)
  for (const dispute of told.disputes.toSorted(byAge)) await takeInDispute(books, dispute, changes)
}

/** Where a card or an account is tells where its owner is: one more piece of evidence, of each kind one. */
async function keepEvidence(tx: Tx, order: Order, from: Evidence): Promise<void> {
  if (order.evidence.some(({ kind }) => kind === from.kind)) return
  await tx
    .updateTable('orders')
    .set({ evidence: JSON.stringify([...order.evidence, from]) })
    .where('id', '=', order.id)
    .execute()
}

const moneyOf = ({ amount, currency }: { amount: number; currency: string }) => ({ amount, currency })
const byAge = (a: { at: Date; reference: string }, b: { at: Date; reference: string }) =>
  a.at.getTime() - b.at.getTime() || (a.reference < b.reference ? -1 : 1)

type Books = {
  tx: Tx
  order: Order
  /** The lines among which fees and losses are shared. */
  lines: StoredLine[]
  zone: string
  /** When it was paid, and when that or something else of it is told. */
  at: Date
  now: Date
  paymentId: string
  /** The one paid in. */
  currency: string
  paid: NonNullable<ToldPayment['paid']>
  deductsTax: boolean
}

const deductsTax = async (tx: Tx, sellerId: string): Promise<boolean> =>
  (await tx.selectFrom('sellers').select('vatRegime').where('id', '=', sellerId).executeTakeFirstOrThrow())
    .vatRegime === 'registered'

/** An entry about the order, by the day of what happened; its parts are shared as what was sold then was. */
const entryOf = ({ order, zone, at: paidAt }: Books, key: string, kind: string, at: Date): Omit<NewEntry, 'lines'> => ({
  ...{ sellerId: order.sellerId, key, kind, at, reference: order.code },
  ...{ bookedOn: dayIn(at, zone), earnedOn: dayIn(paidAt, zone) },
})

const clearing = (amount: number, currency: string): Line => ({
  account: { kind: 'clearing', of: PROVIDER },
  amount,
  currency,
})

/**
 * At what rate an entry about `paid` books what moved, when that is another currency than the books': exact, being a fraction of both. A fee alone has the rate
 * of the payment.
 */
function ratesOf({ currency, paid: of }: Books, paid: number, movement: Movement): { rates?: Rate[] } {
  if (movement.currency === currency) return {}
  const [base, foreign] = movement.amount === 0 ? [of.amount, of.movement?.amount ?? 0] : [paid, movement.amount]
  return { rates: [{ currency: movement.currency, base: Math.abs(base), foreign: Math.abs(foreign) }] }
}

/**
 * What a movement did beside the money itself: what is paid out in another currency was exchanged, and a fee was kept. `paid` is the sum in the currency paid
 * in, which stands on the clearing account already.
 */
async function bookMovement(books: Books, key: string, paid: number, movement: Movement): Promise<void> {
  const { tx, currency } = books
  const rates = ratesOf(books, paid, movement)
  if (rates.rates && movement.amount !== 0)
    await record(tx, {
      ...entryOf(books, `${key}:settled`, 'exchange', movement.at),
      ...rates,
      lines: [
        clearing(-paid, currency),
        { account: { kind: 'conversion' }, amount: paid, currency },
        { account: { kind: 'conversion' }, amount: -movement.amount, currency: movement.currency },
        clearing(movement.amount, movement.currency),
      ],
    })
  if (movement.fee !== 0)
    await record(tx, {
      ...entryOf(books, `${key}:fee`, 'fee', movement.at),
      ...rates,
      lines: [...feeLines(books, movement), clearing(-movement.fee, movement.currency)],
    })
}

/** What the provider kept, shared among what it was kept of; tax within it that the seller gets back is none of anybody's cost. */
function feeLines(books: Books, { fee, feeTax, currency }: Movement): Line[] {
  const tax = books.deductsTax ? feeTax : 0
  return [
    ...shared(books, 'fees', fee - tax, currency),
    ...(tax === 0 ? [] : [{ account: { kind: 'vat-paid' as const }, amount: tax, currency }]),
  ]
}

function shared({ lines, order }: Books, kind: 'fees' | 'dispute-losses', amount: number, currency: string): Line[] {
  const weights = lines.map(({ gross }) => gross)
  const account = { kind }
  if (amount === 0) return []
  if (!weights.some((gross) => gross > 0)) return [{ account, amount, currency, country: order.country }]
  const parts = allocate(amount, weights)
  return lines.flatMap((line, index): Line[] => {
    const part = parts[index] ?? 0
    return part === 0 ? [] : [{ account, amount: part, currency, subject: subjectOf(line), country: order.country }]
  })
}

async function takeInRefund(books: Books, told: ToldRefund, changes: Change[]): Promise<void> {
  const row = await refundRow(books, told)
  const key = row?.key ?? `${PROVIDER}:${told.reference}`
  if (told.state === 'undone') {
    if (await undo(books, key, row, told)) changes.push('refund-undone')
    return
  }
  if (row?.state === 'undone') return
  if (row?.state !== 'done') {
    await giveBack(books, key, row, told)
    changes.push('refund')
  }
  if (told.movement) await bookMovement(books, `refund:${key}`, -told.amount, told.movement)
}

type RefundRow = Awaited<ReturnType<typeof refundRow>>

async function giveBack(books: Books, key: string, row: RefundRow, told: ToldRefund): Promise<void> {
  const { tx, order } = books
  const { reference, amount, at } = told
  const said = { orderId: order.id, key, amount, reference, paymentId: books.paymentId, at, from: PROVIDER }
  const recorded =
    books.lines.length > 0
      ? await recordRefund(tx, { ...said, reason: row?.reason ?? '', by: row?.askedBy ?? null })
      : null
  // Money that did not fit, or more than the order cost: what was owed to the buyer, or is owed by them now.
  if (!recorded?.ok) await returnMoney(books, key, told)
}

/** The row of a refund that the provider tells of: by its own name, else by ours while it has none. */
async function refundRow({ tx, order }: Books, { reference, id }: ToldRefund) {
  const rows = await tx
    .selectFrom('refunds')
    .selectAll()
    .where('orderId', '=', order.id)
    .where((or) => or.or([or('reference', '=', reference), ...(id ? [or('key', '=', id)] : [])]))
    .execute()
  return (
    rows.find((row) => row.reference === reference) ??
    rows.find((row) => row.reference === '' && row.key === id && (row.state === 'asked' || row.state === 'refused'))
  )
}

async function returnMoney({ tx, ...books }: Books, key: string, told: ToldRefund): Promise<void> {
  const { order, paymentId, currency } = books
  const { amount, reference, at } = told
  const done = { state: 'done' as const, doneAt: at, amount, reference, paymentId, problem: null, parts: null }
  await tx
    .insertInto('refunds')
    .values({ id: newId(at.getTime()), orderId: order.id, key, askedBy: null, askedAt: at, ...done })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(done))
    .execute()
  await record(tx, {
    ...entryOf({ tx, ...books }, `refund:${key}`, 'refund', at),
    lines: [{ account: { kind: 'customers' }, amount, currency }, clearing(-amount, currency)],
  })
  await tx
    .updateTable('payments')
    .set((row) => ({ returned: row('returned', '+', amount) }))
    .where('id', '=', paymentId)
    .execute()
}

async function undo(books: Books, key: string, row: RefundRow, told: ToldRefund): Promise<boolean> {
  const { tx, order, zone, paymentId } = books
  const { at, amount, reference } = told
  const problem = told.problem ?? ''
  if (row?.state === 'undone') return false
  if (row?.state !== 'done') {
    // It never left: nothing is in the books.
    const never = { state: 'undone' as const, problem, reference, paymentId }
    await tx
      .insertInto('refunds')
      .values({ id: newId(at.getTime()), orderId: order.id, key, amount, askedBy: null, askedAt: at, ...never })
      .onConflict((conflict) => conflict.column('key').doUpdateSet(never))
      .execute()
    return row?.state === 'asked'
  }
  const bookedOn = dayIn(at, zone)
  const back = { sellerId: order.sellerId, bookedOn, at, note: problem }
  if (row.parts) await undoRefund(tx, { orderId: order.id, key, at, problem })
  else {
    await reverse(tx, { ...back, key: `refund:${key}` })
    await tx.updateTable('refunds').set({ state: 'undone', problem }).where('key', '=', key).execute()
    await tx
      .updateTable('payments')
      .set((of) => ({ returned: of('returned', '-', row.amount) }))
      .where('id', '=', paymentId)
      .execute()
  }
  for (const kind of ['settled', 'fee']) {
    const entry = await tx
      .selectFrom('ledgerEntries')
      .select('key')
      .where('sellerId', '=', order.sellerId)
      .where('key', '=', `refund:${key}:${kind}`)
      .executeTakeFirst()
    if (entry) await reverse(tx, { ...back, key: entry.key })
  }
  return true
}

/** How far a dispute has come: an older telling takes nothing back. A loss may still be won on appeal. */
const RANK = { asked: 0, open: 1, lost: 2, won: 3 }

async function takeInDispute(books: Books, told: ToldDispute, changes: Change[]): Promise<void> {
  const { tx, order, paymentId } = books
  const before = await tx
    .selectFrom('disputes')
    .selectAll()
    .where('provider', '=', PROVIDER)
    .where('reference', '=', told.reference)
    .executeTakeFirst()
  const isNews = !before || RANK[told.state] > RANK[before.state]
  const state = isNews ? told.state : before.state
  const facts = {
    ...{ amount: told.amount, currency: told.currency, reason: told.reason, state, dueAt: told.dueAt },
    closedAt: RANK[state] >= RANK.lost ? (before?.closedAt ?? told.at) : null,
  }
  const { reference, at } = told
  if (!before)
    await tx
      .insertInto('disputes')
      .values({ id: newId(), orderId: order.id, paymentId, provider: PROVIDER, reference, openedAt: at, ...facts })
      .execute()
  else if (isNews) await tx.updateTable('disputes').set(facts).where('id', '=', before.id).execute()

  for (const movement of told.movements) await bookDispute(books, told, movement)
  if (!isNews) return
  changes.push(`dispute-${state}`)
  if (books.lines.length === 0) return
  if (state === 'lost') {
    await closeHoldings(tx, order.id, at)
    await closeWithDispute(tx, order.id, { at, now: books.now })
    await forgetCardOfOrder(tx, order.id, at)
    await tellLoss(books, told, -1)
  } else if (state === 'won' && before?.state === 'lost') {
    const { refunded } = await lockOrder(tx, order.id)
    if (refunded < order.total) {
      await reopenHoldings(tx, order.id)
      await reopenPeriods(tx, order.id, at)
    }
    await tellLoss(books, told, 1)
  }
}

/** What was taken for a dispute, or given back: a loss until it is won, since the tax on the sale stays due. */
async function bookDispute(books: Books, told: ToldDispute, movement: Movement): Promise<void> {
  if (movement.amount === 0 && movement.fee === 0) return
  const losses = shared(books, 'dispute-losses', -movement.amount, movement.currency)
  const fees = movement.fee === 0 ? [] : feeLines(books, movement)
  await record(books.tx, {
    ...entryOf(books, `dispute:${told.reference}:${movement.reference}`, 'dispute', movement.at),
    ...ratesOf(books, told.amount, movement),
    lines: [...losses, ...fees, clearing(movement.amount - movement.fee, movement.currency)],
  })
}

/** The exchange counts what came back for good. */
async function tellLoss({ tx, order, lines, currency, at }: Books, told: ToldDispute, sign: 1 | -1): Promise<void> {
  const weights = lines.map(({ gross }) => gross)
  if (!weights.some((gross) => gross > 0)) return
  const parts = allocate(Math.min(told.amount, order.total), weights)
  for (const [index, line] of lines.entries()) {
    const gross = parts[index] ?? 0
    if (!line.artistId || gross === 0) continue
    await recordReturn(tx, {
      artistId: line.artistId,
      key: `dispute:${told.reference}:${line.position}:${sign < 0 ? 'lost' : 'won'}`,
      kind: 'refund',
      // That it is paid may be told in the same breath, when the order was locked as unpaid.
      ...aboutLine({ ...order, paidAt: order.paidAt ?? at }, line),
      personId: order.personId,
      at: told.at,
      money: { amount: sign * (gross - taxWithin(gross, line.rate)), currency },
    })
  }
}
