import type StripeSdk from 'stripe'
import { isForGood, problemOfRefusal } from '../../cards/charge.rules.ts'
import type { Evidence } from '../../tax.rules.ts'
import type { About, Movement, ToldCard, ToldDispute, ToldPayment, ToldRefund } from '../provider.types.ts'
import { fromStripe } from './amounts.rules.ts'

/** What of all that Stripe tells concerns an order: those to choose when its webhook is set up. */
export const EVENTS = [
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'checkout.session.expired',
  // Of cards that are charged by themselves.
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  // Of cards that their bank renewed.
  'payment_method.automatically_updated',
  // When it becomes known what is kept of a payment.
  'charge.updated',
  'charge.refunded',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.refund.updated',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.funds_reinstated',
] as const

/** Which payment or card an event is about; null when it is none that we ask for. */
export function aboutOf(event: Pick<StripeSdk.Event, 'type'> & { data: { object: unknown } }): About | null {
  if (!(EVENTS as readonly string[]).includes(event.type)) return null
  const { object, id, payment_intent: intent, metadata } = event.data.object as Record<string, unknown>
  if (object === 'checkout.session') return typeof id === 'string' ? { reference: id } : null
  if (object === 'payment_method') return typeof id === 'string' ? { method: id } : null
  // What came of a page is told by that page.
  if (object === 'payment_intent')
    return typeof id === 'string' && (metadata as Record<string, unknown> | null)?.['charge'] ? { intent: id } : null
  return typeof intent === 'string' ? { intent } : null
}

type Money = {
  /** The one that succeeded. */
  charge: StripeSdk.Charge | null
  refunds: StripeSdk.Refund[]
  disputes: StripeSdk.Dispute[]
}

const date = (seconds: number) => new Date(seconds * 1000)
const isId = (text: string | null | undefined): text is string => /^[0-9a-f-]{36}$/.test(text ?? '')
const idOf = (thing: string | { id: string } | null | undefined): string | null =>
  typeof thing === 'string' ? thing : (thing?.id ?? null)

/** Stripe's words in ours, of what was paid on its page. Null for a session that names no order. */
export function toldOf({ session, ...money }: { session: StripeSdk.Checkout.Session } & Money): ToldPayment | null {
  const { client_reference_id: orderId, payment_intent: intent } = session
  if (!isId(orderId)) return null
  const { charge } = money
  const mayBeKept = typeof intent === 'object' && intent?.setup_future_usage === 'off_session'
  return {
    ...{ orderId, reference: session.id, intent: idOf(intent), state: stateOf(session, charge) },
    ...{ at: date(charge?.created ?? session.created), charge: null },
    card: mayBeKept && charge ? cardOfCharge(charge) : null,
    ...paidOf(money),
  }
}

/** The same of a charge of a kept card. Null for one that names no charge of ours. */
export function toldOfCharge({ intent, ...money }: { intent: StripeSdk.PaymentIntent } & Money): ToldPayment | null {
  const { order, charge: id } = intent.metadata
  if (!isId(order) || !isId(id)) return null
  const { charge } = money
  const error = intent.last_payment_error
  const refusal = error && {
    ...{ code: error.code ?? null, decline: error.decline_code ?? null },
    ...{ advice: error.advice_code ?? null, network: error.network_advice_code ?? null },
  }
  return {
    ...{ orderId: order, reference: intent.id, intent: intent.id, state: stateOfIntent(intent, charge) },
    at: date(charge?.created ?? intent.created),
    card: charge && cardOfCharge(charge),
    charge: { id, problem: refusal && problemOfRefusal(refusal), isForGood: refusal !== null && isForGood(refusal) },
    ...paidOf(money),
  }
}

function paidOf({ charge, refunds, disputes }: Money): Pick<ToldPayment, 'paid' | 'refunds' | 'disputes'> {
  const currency = (charge?.currency ?? '').toUpperCase()
  const balance = charge && typeof charge.balance_transaction === 'object' ? charge.balance_transaction : null
  return {
    paid: charge && {
      amount: fromStripe(charge.amount_captured, currency),
      currency,
      movement: balance && movementOf(balance),
      rate: balance?.exchange_rate ?? null,
      from: whenceOf(charge.payment_method_details),
    },
    refunds: refunds.flatMap(refundOf),
    disputes: disputes.map(disputeOf),
  }
}

function cardOfCharge({
  customer,
  payment_method: method,
  payment_method_details: by,
}: StripeSdk.Charge): ToldCard | null {
  const whose = idOf(customer)
  return whose && method && by?.card ? cardNamed(whose, method, by.card) : null
}

/** A card as its owner knows it. */
export const cardNamed = (
  customer: string,
  method: string,
  card: { brand?: string | null; last4?: string | null; exp_month: number; exp_year: number },
): ToldCard => ({
  ...{ customer, method, brand: card.brand ?? '', last4: card.last4 ?? '' },
  ...{ expMonth: card.exp_month, expYear: card.exp_year },
})

/** The country of the card or of the bank account, where it is told. */
function whenceOf(by: StripeSdk.Charge.PaymentMethodDetails | null): Evidence | null {
  const [kind, country] = by?.card ? (['card', by.card.country] as const) : (['bank', by?.sepa_debit?.country] as const)
  return country ? { kind, country: country.toUpperCase() } : null
}

function stateOf(session: StripeSdk.Checkout.Session, charge: StripeSdk.Charge | null): ToldPayment['state'] {
  if (charge) return 'paid'
  if (session.status === 'expired') return 'expired'
  if (session.status !== 'complete') return 'open'
  const status = typeof session.payment_intent === 'object' ? session.payment_intent?.status : undefined
  // Complete and not paid: the bank takes its time, until it says no.
  return status === 'requires_payment_method' || status === 'canceled' ? 'refused' : 'pending'
}

function stateOfIntent({ status }: StripeSdk.PaymentIntent, charge: StripeSdk.Charge | null): ToldPayment['state'] {
  if (charge) return 'paid'
  if (status === 'processing') return 'pending'
  // Nobody is there who could confirm it.
  return status === 'requires_payment_method' || status === 'requires_action' || status === 'canceled'
    ? 'refused'
    : 'open'
}

function movementOf(balance: StripeSdk.BalanceTransaction): Movement {
  const currency = balance.currency.toUpperCase()
  const amount = fromStripe(balance.amount, currency)
  const tax = balance.fee_details.filter(({ type }) => type === 'tax').reduce((sum, of) => sum + of.amount, 0)
  return {
    reference: balance.id,
    amount,
    // What is there in the end counts: a fee that is finer than the currency is what that leaves.
    fee: amount - fromStripe(balance.net, currency),
    feeTax: fromStripe(tax, currency),
    currency,
    at: date(balance.created),
  }
}

/** Money leaves the balance when a refund is made, and comes back when it fails. */
function refundOf(refund: StripeSdk.Refund): ToldRefund[] {
  const isUndone = refund.status === 'failed' || refund.status === 'canceled'
  if (!isUndone && refund.status !== 'succeeded' && refund.status !== 'pending') return []
  const balance = typeof refund.balance_transaction === 'object' ? refund.balance_transaction : null
  const back = typeof refund.failure_balance_transaction === 'object' ? refund.failure_balance_transaction : null
  return [
    {
      reference: refund.id,
      id: refund.metadata?.['refund'] ?? null,
      amount: fromStripe(refund.amount, refund.currency.toUpperCase()),
      state: isUndone ? 'undone' : 'done',
      problem: isUndone ? (refund.failure_reason ?? refund.status) : null,
      at: date((isUndone ? back?.created : null) ?? refund.created),
      movement: balance && movementOf(balance),
    },
  ]
}

function disputeOf(dispute: StripeSdk.Dispute): ToldDispute {
  const { due_by: due } = dispute.evidence_details
  const currency = dispute.currency.toUpperCase()
  return {
    reference: dispute.id,
    amount: fromStripe(dispute.amount, currency),
    currency,
    reason: dispute.reason,
    state: stateOfDispute(dispute.status),
    dueAt: due ? date(due) : null,
    at: date(dispute.created),
    movements: dispute.balance_transactions.map(movementOf),
  }
}

function stateOfDispute(status: string): ToldDispute['state'] {
  if (status === 'lost' || status.startsWith('appeal_')) return 'lost'
  // A warning that was closed, or a dispute that was prevented, takes nothing.
  if (status === 'won' || status === 'warning_closed' || status === 'prevented') return 'won'
  return status.startsWith('warning_') ? 'asked' : 'open'
}
