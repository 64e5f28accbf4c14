const DAY_MS = 24 * 3_600_000

/** How long before it a member is told that their card will be charged, at least. */
export const NOTICE_MS = 3 * DAY_MS
/** On which days after the first time it is tried again, when the bank may say yes another day. */
const AGAIN_ON_DAYS = [1, 3, 6]
/** How long it is waited for a provider that cannot be reached before the member is told. */
export const SILENT_MS = DAY_MS
/** How long before it a member is told that their card expires. */
export const EXPIRES_SOON_MS = 30 * DAY_MS

/** When the card is charged for a period: when the last one is over, and never before its owner had time to read of it. */
export const firstCharge = (paidUntil: Date, told: Date): Date =>
  new Date(Math.max(paidUntil.getTime(), told.getTime() + NOTICE_MS))

/** When it is tried again after the nth time; null when that was the last, or the order waits no longer. */
export function nextCharge(first: Date, nth: number, { at, until }: { at: Date; until: Date }): Date | null {
  const days = AGAIN_ON_DAYS.find((day, index) => index >= nth - 1 && first.getTime() + day * DAY_MS > at.getTime())
  const next = days === undefined ? null : new Date(first.getTime() + days * DAY_MS)
  return next && next < until ? next : null
}

/** What a bank or a card's network said of a charge, as Stripe passes it on. */
export type Refusal = {
  code: string | null
  decline: string | null
  advice: string | null
  network: string | null
}

/**
 * Refusals that the same card meets again whenever it is asked: it is gone or blocked, its owner is wanted, or the mandate was taken back.
 * https://docs.stripe.com/declines/codes
 */
const FOR_GOOD = new Set([
  ...['authentication_required', 'expired_card', 'lost_card', 'stolen_card', 'pickup_card', 'restricted_card'],
  ...[
    'fraudulent',
    'merchant_blacklist',
    'security_violation',
    'invalid_account',
    'invalid_number',
    'incorrect_number',
  ],
  ...['invalid_expiry_month', 'invalid_expiry_year', 'new_account_information_available', 'card_not_supported'],
  ...['currency_not_supported', 'transaction_not_allowed', 'service_not_allowed', 'revocation_of_authorization'],
  ...['revocation_of_all_authorizations', 'stop_payment_order', 'testmode_decline', 'live_mode_test_card'],
])
/** Of a network, as Visa and Mastercard count them: 01 (new account), 03 (do not try again), 21 (the owner stopped it). */
const NETWORK_FOR_GOOD = new Set(['01', '03', '21'])

export const isForGood = ({ code, decline, advice, network }: Refusal): boolean =>
  advice === 'do_not_try_again' ||
  advice === 'confirm_card_data' ||
  NETWORK_FOR_GOOD.has(network ?? '') ||
  FOR_GOOD.has(decline ?? '') ||
  FOR_GOOD.has(code ?? '')

/** The one word that is kept of it. */
export const problemOfRefusal = ({ code, decline }: Refusal): string => (decline ?? code ?? 'declined').slice(0, 60)

export type Reason = 'authenticate' | 'expired' | 'funds' | 'gone' | 'unreachable' | 'seller' | 'declined'

/** What its owner is told of why, in words that they can act on. Why a bank declines in earnest is the bank's to say. */
export function reasonOf(problem: string | null): Reason {
  if (problem === 'authentication_required' || problem === 'payment_intent_authentication_failure')
    return 'authenticate'
  if (problem === 'expired_card') return 'expired'
  if (problem === 'insufficient_funds') return 'funds'
  if (problem === 'card-gone') return 'gone'
  if (problem === 'unreachable') return 'unreachable'
  if (problem === 'not-chargeable') return 'seller'
  return 'declined'
}

/** A card is good until the end of the month that stands on it. */
export const cardEnd = (month: number, year: number): Date => new Date(Date.UTC(year, month, 1))
