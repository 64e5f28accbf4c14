import type { Money } from '../../../platform/money.ts'
import type { Result } from '../../../platform/result.ts'
import type { Order } from '../order.store.ts'
import type { Evidence } from '../tax.rules.ts'

/** An order whose buyer is about to pay, what is on it in their words, and where they are led back to. */
export type OrderToPay = {
  order: Order
  items: { name: string; gross: number }[]
  backTo: string
  /** By what it was agreed that the card is kept, to be charged again. */
  keep: { agreementId: string } | null
}

/** Where the buyer pays. */
export type Begun = { reference: string; url: string; openUntil: Date }

export type BeginProblem =
  /** The provider takes no such sum: too small, too large, or finer than it can charge. */
  | 'not-chargeable'
  /** Too little of the time for which it is kept is left. */
  | 'too-late'
  /** The provider is not there, or says no. */
  | 'unreachable'

/** A card that its owner lets be charged again, in the provider's names and by what its owner knows it by. */
export type ToldCard = {
  customer: string
  method: string
  brand: string
  last4: string
  expMonth: number
  expYear: number
}

/**
 * A charge of a kept card, without its owner there. `nth`: of this order. `customers`: whoever may have been charged for it before. `period`: what the order is
 * for, by a name that outlives the order, as a restored backup knows nothing of it. `noted`: charges of this member that are known here.
 */
export type ChargeToMake = {
  id: string
  nth: number
  order: Order
  card: Pick<ToldCard, 'customer' | 'method'>
  customers: string[]
  period: string | null
  noted: string[]
}

export type ChargeProblem =
  /** The card, or whose it is, is not known to the provider any more. */
  | 'card-gone'
  /** The provider charges no such sum, or nothing at all. */
  | 'not-chargeable'

/** Somebody who gives a card without paying. */
export type CardToAsk = { agreementId: string; mail: string; language: string; currency: string; backTo: string }

export type ToldSetup = { state: 'open' | 'over' | 'done'; card: ToldCard | null }

export type RefundToMake = { id: string; reference: string; money: Money }

/** What went into and out of what the provider holds for the seller, in the currency in which it pays out. `fee` is above zero when it was kept. */
export type Movement = { reference: string; amount: number; fee: number; feeTax: number; currency: string; at: Date }

export type ToldRefund = {
  reference: string
  /** Our own name for it, when we asked for it. */
  id: string | null
  amount: number
  /** 'undone': it never arrived. */
  state: 'done' | 'undone'
  problem: string | null
  at: Date
  movement: Movement | null
}

export type ToldDispute = {
  reference: string
  amount: number
  currency: string
  reason: string
  state: 'asked' | 'open' | 'lost' | 'won'
  dueAt: Date | null
  at: Date
  movements: Movement[]
}

/** All that a provider knows of one payment, at one moment. What is told grows and does not shrink: an older telling holds nothing that a newer one lacks. */
export type ToldPayment = {
  orderId: string
  reference: string
  intent: string | null
  state: 'open' | 'pending' | 'paid' | 'refused' | 'expired'
  at: Date
  /** What came, when it did; `movement` once the provider knows what it keeps of it; `from`: where the card or the bank account is. */
  paid: (Money & { movement: Movement | null; rate: number | null; from?: Evidence | null }) | null
  /** The card that was paid with, where it may be charged again. */
  card: ToldCard | null
  /** Which charge of a kept card it was, and why it was refused. */
  charge: { id: string; problem: string | null; isForGood: boolean } | null
  refunds: ToldRefund[]
  disputes: ToldDispute[]
}

/** What shows that something was sent, in words for a bank; empty: not known. Several numbers or carriers stand apart by commas. */
export type ShippingEvidence = { carrier: string; number: string; date: string; address: string }

/** Something that happened: `event` names what should have told us of it. */
export type Missed = { event: string; kind: string; about: About; at: Date }

/** Of which payment something speaks: by our name for it, or by the provider's for what came of it. */
export type AboutPayment = { reference: string } | { intent: string }

/** Or of which card, by the provider's name. */
export type About = AboutPayment | { method: string }

/**
 * Who takes money for the seller, and is asked what happened: all that it tells comes in by `takeInPayment`. Of a transfer a person tells, and what is free
 * needs nobody: for these there is nobody to ask, and `settleOrder` is called at once.
 */
export type Provider = {
  begin(order: OrderToPay): Promise<Result<Begun, BeginProblem>>
  /** Nobody can pay there any more. */
  end(reference: string): Promise<void>
  /**
   * Charges a kept card. What was asked before and never answered is found, and not asked again. Answers with the payment that it became, which may have been
   * refused: what it became is looked up. Throws when it is not known whether it became one.
   */
  charge(charge: ChargeToMake): Promise<Result<{ reference: string }, ChargeProblem>>
  /** Where somebody gives a card that is kept. */
  askForCard(asked: CardToAsk): Promise<Result<Begun, BeginProblem>>
  /** What became of it; null when the provider does not know it. */
  cardGiven(reference: string): Promise<ToldSetup | null>
  /** What a card is now that is kept; null when it is nobody's, or may not be looked at. */
  keptCard(method: string): Promise<ToldCard | null>
  /** The card is not to be charged by anybody any more; twice is once. */
  forget(method: string): Promise<void>
  /** Nor is whose it was to be known by name: their cards go too; twice is once. */
  forgetCustomer(customer: string): Promise<void>
  /** Asks it to send money back; twice is once. Throws when it is not known what became of it. */
  refund(refund: RefundToMake): Promise<Result<void, { says: string }>>
  /** Lays evidence beside a dispute, where whoever answers it finds it; the bank is not told yet. */
  prove(dispute: string, evidence: ShippingEvidence): Promise<Result<void, { says: string }>>
  lookUp(about: AboutPayment): Promise<ToldPayment | null>
  /** The payments about which something happened since, the oldest first where it can. */
  since(at: Date): AsyncIterable<Missed>
}
