import { createHmac, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * A stand-in for Stripe, on this machine: as much of its API as the shop speaks, as strictly as its reference says, since Stripe itself cannot be reached from
 * where tests run. It refuses what Stripe refuses (keys, versions, unknown and missing parameters, sums it cannot charge, another use of an idempotency key),
 * has the page on which a buyer pays, and sends webhooks, once or often, in order or not, signed or forged.
 * https://docs.stripe.com/api, version 2026-10-28.endive
 */

const VERSION = '2026-10-28.endive'
const WHOLE = 'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' ')
const THOUSANDTHS = 'bhd jod kwd omr tnd'.split(' ')

/**
 * Cards that one may give on its page, by their numbers, and what a bank says when one is charged without its owner there: https://docs.stripe.com/testing.
 * Of the last, the owner confirms each payment: on the page they do.
 */
export const TEST_CARDS = {
  '4242424242424242': null,
  '4000000000000341': { code: 'card_declined', decline_code: 'generic_decline' },
  '4000000000009995': { code: 'card_declined', decline_code: 'insufficient_funds', advice_code: 'try_again_later' },
  '4000000000009987': { code: 'card_declined', decline_code: 'lost_card', advice_code: 'do_not_try_again' },
  '4000000000000069': { code: 'expired_card', advice_code: 'do_not_try_again' },
  '4000002760003184': { code: 'authentication_required', decline_code: 'authentication_required' },
} satisfies Record<string, Refused | null>
export type TestCard = keyof typeof TEST_CARDS
type Refused = { code: string; decline_code?: string; advice_code?: string }

type Json = Record<string, unknown>
type Thing = { id: string } & Json

/** Somebody's account: `key` speaks of it; what it takes in another currency is exchanged at `rates`. */
type Account = {
  id: string
  key: string
  currency: string
  country: string
  name: string
  charges: boolean
  platform: string | null
  rates: Record<string, number>
}
type Endpoint = { url: string; secret: string; account: string; connect: boolean }
/** `lost`: it was done, and nobody heard so. `dropped`: it never came. */
export type Trouble = 'lost' | 'dropped' | 500 | 429 | 403

export type StripePeer = Awaited<ReturnType<typeof openStripePeer>>

class Refusal extends Error {
  readonly status: number
  readonly error: Json
  constructor(status: number, error: Json) {
    super(String(error['message']))
    this.status = status
    this.error = error
  }
}
const invalid = (message: string, more: Json = {}, status = 400) =>
  new Refusal(status, { type: 'invalid_request_error', message, ...more })

export async function openStripePeer({ now = () => new Date() }: { now?: () => Date } = {}) {
  const accounts = new Map<string, Account>()
  const things = new Map<string, Thing & { of: string }>()
  const events: (Thing & { of: string })[] = []
  const endpoints: Endpoint[] = []
  /** By key: what was answered, kept for a day. */
  const answers = new Map<string, { said: string; status: number; body: unknown; until: number }>()
  const troubles: { path: RegExp; what: Trouble }[] = []
  const requests: { method: string; path: string; account: string | undefined; key: string | undefined }[] = []
  /** Whether each event is sent at once, as Stripe does; else tests send them. `bank`: what every bank says of a kept card, whichever it is. */
  const how = { sends: true, balanceLater: false, bank: null as Refused | null }
  const sending = new Set<Promise<unknown>>()

  const id = (prefix: string) => `${prefix}_${randomBytes(12).toString('hex')}`
  const seconds = () => Math.floor(now().getTime() / 1000)
  const keep = <T extends Thing>(of: string, thing: T): T & { of: string } => {
    const kept = Object.assign(thing, { of })
    things.set(thing.id, kept)
    return kept
  }
  /** Named in the path it is not found; named in a parameter, the request is wrong. */
  const get = <T extends Json = Json>(of: string, key: string, object: string, param = 'id'): T & Thing => {
    const found = things.get(key)
    if (found?.of !== of || found['object'] !== object)
      throw invalid(`No such ${object}: '${key}'`, { code: 'resource_missing', param }, param === 'id' ? 404 : 400)
    return found as unknown as T & Thing
  }
  const all = (of: string, object: string): Thing[] =>
    [...things.values()].filter((thing) => thing.of === of && thing['object'] === object).reverse()

  function addAccount(said: Partial<Account> = {}): Account {
    const account: Account = {
      ...{ id: id('acct'), key: `sk_live_${randomBytes(8).toString('hex')}`, currency: 'eur', country: 'FR' },
      ...{ name: 'Ana Marsh', charges: true, platform: null, rates: {} },
      ...said,
    }
    accounts.set(account.id, account)
    return account
  }

  /** What is sent: the object as it is at this moment. */
  function tell(of: string, type: string, object: Thing, previous?: Json): void {
    const event = {
      ...{ id: id('evt'), object: 'event', api_version: VERSION, created: seconds(), type, of },
      ...{ livemode: livemode(of), pending_webhooks: 1, request: { id: null, idempotency_key: null } },
      data: { object: shown(structuredClone(object)), ...(previous && { previous_attributes: previous }) },
    }
    events.push(event)
    if (how.sends) {
      const sent = send(event.id).catch(() => undefined)
      sending.add(sent)
      void sent.finally(() => sending.delete(sent))
    }
  }
  const livemode = (of: string): boolean => {
    const account = accounts.get(of)
    const holder = account?.platform ? accounts.get(account.platform) : account
    return !holder?.key.includes('_test_')
  }

  /** Sends an event to whom it concerns; answers with what each said. `forged`: with another secret; `late`: signed so many seconds ago. */
  async function send(
    eventId: string,
    { forged = false, late = 0, body: changed = (body: string) => body } = {},
  ): Promise<number[]> {
    const event = events.find((one) => one.id === eventId)
    if (!event) throw new Error(`no event ${eventId}`)
    const account = accounts.get(event.of)
    const to = endpoints.filter((endpoint) =>
      endpoint.connect ? endpoint.account === account?.platform : endpoint.account === event.of,
    )
    return Promise.all(
      to.map(async ({ url, secret, connect }) => {
        const { of, ...plain } = event
        const body = JSON.stringify(connect ? { ...plain, account: of } : plain, null, 2)
        const at = seconds() - late
        const v1 = createHmac('sha256', forged ? 'whsec_of_somebody_else' : secret)
          .update(`${at}.${body}`)
          .digest('hex')
        const answer = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': `t=${at},v1=${v1}` },
          body: changed(body),
        })
        return answer.status
      }),
    )
  }

  // Money

  function balance(of: string, type: string, amount: number, currency: string, fee: number, tax = 0): Thing {
    const account = accounts.get(of) as Account
    const isForeign = currency !== account.currency
    const rate = account.rates[currency] ?? 1
    const arrived = isForeign ? Math.round(amount * rate) : amount
    return keep(of, {
      ...{
        id: id('txn'),
        object: 'balance_transaction',
        amount: arrived,
        currency: account.currency,
        fee,
        net: arrived - fee,
      },
      ...{
        available_on: seconds(),
        balance_type: 'payments',
        created: seconds(),
        description: null,
        status: 'available',
      },
      ...{ exchange_rate: isForeign ? rate : null, reporting_category: type, source: null, type },
      fee_details: [
        {
          amount: fee - tax,
          application: null,
          currency: account.currency,
          description: 'Stripe fee',
          type: 'stripe_fee',
        },
        ...(tax
          ? [{ amount: tax, application: null, currency: account.currency, description: 'VAT', type: 'tax' }]
          : []),
      ],
    })
  }
  const feeOf = (of: string, amount: number, currency: string): [number, number] => {
    const account = accounts.get(of) as Account
    const arrived = currency === account.currency ? amount : Math.round(amount * (account.rates[currency] ?? 1))
    const tax = Math.round(arrived * 0.003)
    return [Math.round(arrived * 0.015) + 25 + tax, tax]
  }

  function charge(of: string, intent: Thing, status: 'succeeded' | 'pending' | 'failed'): Thing {
    const method = things.get(String(intent['payment_method'] ?? ''))
    const card = { ...(method?.['card'] as Json | undefined), country: 'FR' }
    const made = keep(of, {
      ...{ id: id('ch'), object: 'charge', amount: intent['amount'], currency: intent['currency'], created: seconds() },
      ...{
        amount_captured: status === 'succeeded' ? intent['amount'] : 0,
        amount_refunded: 0,
        captured: true,
        disputed: false,
      },
      ...{
        payment_intent: intent.id,
        paid: status === 'succeeded',
        refunded: false,
        status,
        customer: intent['customer'] ?? null,
        payment_method: intent['payment_method'] ?? null,
        balance_transaction: null as string | null,
        // A card of a French bank; a debit is made when it is still pending.
        payment_method_details:
          status === 'pending' ? { type: 'sepa_debit', sepa_debit: { country: 'DE' } } : { type: 'card', card },
      },
      ...{ livemode: livemode(of), metadata: intent['metadata'], description: intent['description'] },
    })
    intent['latest_charge'] = made.id
    if (status === 'succeeded') arrive(of, made)
    return made
  }
  function arrive(of: string, made: Thing): void {
    made['status'] = 'succeeded'
    made['paid'] = true
    made['amount_captured'] = made['amount']
    if (!how.balanceLater) settle(of, made)
  }
  function settle(of: string, made: Thing): void {
    const [amount, currency] = [Number(made['amount']), String(made['currency'])]
    made['balance_transaction'] = balance(of, 'charge', amount, currency, ...feeOf(of, amount, currency)).id
  }

  /** A card that is given on the page: its owner confirms there what their bank wants confirmed. It is the customer's, to be charged again, where the page asks for that. */
  function give(of: string, number: TestCard, customer: unknown): Thing & { of: string } {
    return keep(of, {
      ...{
        id: id('pm'),
        object: 'payment_method',
        type: 'card',
        created: seconds(),
        livemode: livemode(of),
        metadata: {},
      },
      ...{ customer: customer ?? null, wasAttached: Boolean(customer), number },
      card: { brand: 'visa', last4: number.slice(-4), exp_month: 12, exp_year: now().getUTCFullYear() + 3 },
    })
  }

  /** What the buyer does on the page of a session. */
  function pay(sessionId: string, by: 'card' | 'debit' = 'card', number: TestCard = '4242424242424242'): void {
    const session = things.get(sessionId)
    if (session?.['status'] !== 'open') throw new Error('the session is not open')
    if (session['mode'] !== 'payment') throw new Error('nothing is paid on that page')
    const types = session['payment_method_types'] as string[]
    if (!types.includes(by === 'card' ? 'card' : 'sepa_debit')) throw new Error(`the page takes no ${by}`)
    const { of, customer } = session
    const asked = session['payment_intent_data'] as Json
    const keeps = asked['setup_future_usage'] === 'off_session'
    const intent = keep(of, {
      ...{ id: id('pi'), object: 'payment_intent', amount: session['amount_total'], currency: session['currency'] },
      ...{
        status: by === 'card' ? 'succeeded' : 'processing',
        latest_charge: null,
        last_payment_error: null,
        created: seconds(),
        livemode: livemode(of),
        customer,
        setup_future_usage: null,
        payment_method: by === 'card' ? give(of, number, keeps ? customer : null).id : null,
      },
      ...asked,
    })
    Object.assign(session, { payment_intent: intent.id, status: 'complete', url: null })
    session['payment_status'] = by === 'card' ? 'paid' : 'unpaid'
    const made = charge(of, intent, by === 'card' ? 'succeeded' : 'pending')
    if (by === 'card') tell(of, 'charge.succeeded', made)
    tell(of, 'checkout.session.completed', session)
  }

  /** Its bank renews a card that is a customer's: it has another date, perhaps another number, and the same name here. */
  function renewCard(methodId: string, renewed: { exp_month: number; exp_year: number; last4?: string }): void {
    const method = things.get(methodId)
    if (method?.['object'] !== 'payment_method') throw new Error('there is no such card')
    if (!method['customer']) throw new Error('the card is nobody’s: no bank tells of it')
    const before = method['card'] as Json
    const changed = Object.keys(renewed).filter((name) => before[name] !== (renewed as Json)[name])
    method['card'] = { ...before, ...renewed }
    if (changed.length === 0) return
    const previous = { card: Object.fromEntries(changed.map((name) => [name, before[name]])) }
    tell(method.of, 'payment_method.automatically_updated', method, previous)
  }

  /** With all of their cards, for good. */
  function deleteCustomer(customer: string): void {
    things.delete(customer)
    for (const thing of things.values())
      if (thing['object'] === 'payment_method' && thing['customer'] === customer) thing['customer'] = null
  }

  /** Somebody gives a card on the page of a session, and pays nothing. */
  function giveCard(sessionId: string, number: TestCard = '4242424242424242'): void {
    const session = things.get(sessionId)
    if (session?.['status'] !== 'open' || session['mode'] !== 'setup') throw new Error('no card is asked for there')
    const { of, customer } = session
    const intent = keep(of, {
      ...{
        id: id('seti'),
        object: 'setup_intent',
        status: 'succeeded',
        usage: 'off_session',
        customer,
        created: seconds(),
      },
      ...{ payment_method: give(of, number, customer).id, metadata: {} },
    })
    Object.assign(session, { setup_intent: intent.id, status: 'complete', url: null })
    tell(of, 'checkout.session.completed', session)
  }

  /** A card that is kept is charged without its owner there. What the bank refuses is an intent too, and an error. */
  function createIntent(of: string, said: Json): Json {
    const { amount, currency: inWhat, customer, payment_method: method, metadata = {} } = said
    const currency = String(inWhat)
    if (currency !== currency.toLowerCase()) throw invalid(`Invalid currency: ${currency}.`, { param: 'currency' })
    if (Number(amount) < (THOUSANDTHS.includes(currency) ? 500 : 50))
      throw invalid('Amount must be at least €0.50 eur', { code: 'amount_too_small', param: 'amount' })
    checkSum(Number(amount), currency, 'amount')
    if (said['off_session'] !== undefined && said['confirm'] !== 'true')
      throw invalid('You cannot set `off_session` when `confirm` is not true.', { param: 'off_session' })
    const types = said['payment_method_types'] as string[] | undefined
    if (!types && said['confirm'] === 'true')
      throw invalid(
        'This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`.',
      )
    if (!accounts.get(of)?.charges) throw invalid('Your account cannot currently make live charges.')
    const whose = customer === undefined ? null : get(of, String(customer), 'customer', 'customer')
    const card = get(of, String(method), 'payment_method', 'payment_method')
    if (!card['customer'])
      throw invalid(
        card['wasAttached']
          ? 'The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a connected account without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.'
          : 'The provided PaymentMethod cannot be used again: it was not attached to a Customer when it was first used.',
        { param: 'payment_method' },
      )
    if (card['customer'] !== whose?.id)
      throw invalid(
        `The payment method supplied (${card.id}) belongs to the Customer ${card['customer']}. Please include the Customer in the \`customer\` parameter on the PaymentIntent.`,
        { param: whose ? 'payment_method' : 'customer' },
      )
    const refused = how.bank ?? TEST_CARDS[card['number'] as TestCard]
    const intent = keep(of, {
      ...{ id: id('pi'), object: 'payment_intent', amount, currency, customer, payment_method: method, metadata },
      ...{ status: 'succeeded', created: seconds(), livemode: livemode(of), description: said['description'] ?? null },
      ...{ latest_charge: null, last_payment_error: null as Json | null, setup_future_usage: null },
    })
    const made = charge(of, intent, refused ? 'failed' : 'succeeded')
    if (!refused) {
      tell(of, 'charge.succeeded', made)
      tell(of, 'payment_intent.succeeded', intent)
      return intent
    }
    const error = { type: 'card_error', message: 'Your card was declined.', charge: made.id, ...refused }
    Object.assign(intent, { status: 'requires_payment_method', payment_method: null, last_payment_error: error })
    tell(of, 'charge.failed', made)
    tell(of, 'payment_intent.payment_failed', intent)
    throw new Refusal(402, { ...error, payment_intent: shown(structuredClone(intent)) })
  }

  function cancelIntent(intent: Thing): Thing {
    if (intent['status'] === 'succeeded' || intent['status'] === 'canceled')
      throw invalid(
        `You cannot cancel this PaymentIntent because it has a status of ${intent['status']}. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, requires_action, processing.`,
        { code: 'payment_intent_unexpected_state' },
      )
    intent['status'] = 'canceled'
    return intent
  }

  /** What the bank says of a debit, days later. */
  function bankSays(sessionId: string, yes: boolean): void {
    const session = things.get(sessionId) as Thing & { of: string }
    const { of } = session
    const intent = get(of, String(session['payment_intent']), 'payment_intent')
    const made = get(of, String(intent['latest_charge']), 'charge')
    intent['status'] = yes ? 'succeeded' : 'requires_payment_method'
    if (yes) arrive(of, made)
    else made['status'] = 'failed'
    session['payment_status'] = yes ? 'paid' : 'unpaid'
    tell(of, `checkout.session.async_payment_${yes ? 'succeeded' : 'failed'}`, session)
  }

  function expire(session: Thing & { of?: string }): void {
    if (session['status'] !== 'open')
      throw invalid(
        'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ' +
          session['status'],
      )
    Object.assign(session, { status: 'expired', url: null })
    tell(String(session.of), 'checkout.session.expired', session)
  }

  const chargeOf = (sessionId: string): Thing & { of: string } => {
    const paid = things.get(sessionId) as Thing & { of: string }
    const intent = paid['object'] === 'payment_intent' ? paid : things.get(String(paid['payment_intent']))
    return things.get(String(intent?.['latest_charge'])) as Thing & { of: string }
  }

  /** The buyer tells their bank that it was not them. `inquiry`: the bank only asks. */
  function dispute(
    sessionId: string,
    { inquiry = false, amount }: { inquiry?: boolean; amount?: number } = {},
  ): string {
    const of = chargeOf(sessionId)
    if (of?.['status'] !== 'succeeded') throw new Error('nothing was paid that could be disputed')
    const sum = amount ?? Number(of['amount']) - Number(of['amount_refunded'])
    const made = keep(of.of, {
      ...{ id: id('dp'), object: 'dispute', amount: sum, currency: of['currency'], charge: of.id, created: seconds() },
      ...{ payment_intent: of['payment_intent'], reason: 'fraudulent', livemode: livemode(of.of), metadata: {} },
      status: inquiry ? 'warning_needs_response' : 'needs_response',
      is_charge_refundable: inquiry,
      evidence: {},
      evidence_details: { due_by: seconds() + 7 * 86_400, has_evidence: false, past_due: false, submission_count: 0 },
      balance_transactions: inquiry ? [] : [balance(of.of, 'adjustment', -sum, String(of['currency']), 2000, 0)],
    })
    of['disputed'] = true
    tell(of.of, 'charge.dispute.created', made)
    if (!inquiry) tell(of.of, 'charge.dispute.funds_withdrawn', made)
    return made.id
  }

  /** Evidence is laid beside it, and handed to the bank unless told not to: then it cannot be changed any more. */
  function prove(made: Thing, said: Json): Thing {
    if (!/needs_response$/.test(String(made['status'])))
      throw invalid('This dispute cannot be updated, since it does not wait for a response.')
    const evidence = { ...(made['evidence'] as Json), ...(said['evidence'] as Json) }
    const length = Object.values(evidence).join('').length
    if (length > 150_000) throw invalid('The combined character count of the evidence is above 150,000.')
    const details = made['evidence_details'] as Json
    made['evidence'] = evidence
    details['has_evidence'] = length > 0
    if (said['submit'] !== 'false') {
      details['submission_count'] = Number(details['submission_count']) + 1
      made['status'] = String(made['status']).startsWith('warning') ? 'warning_under_review' : 'under_review'
    }
    return made
  }

  function closeDispute(disputeId: string, won: boolean): void {
    const made = things.get(disputeId) as Thing & { of: string }
    const list = made['balance_transactions'] as Thing[]
    const isInquiry = String(made['status']).startsWith('warning')
    made['status'] = isInquiry ? 'warning_closed' : won ? 'won' : 'lost'
    if (won && !isInquiry) {
      list.push(balance(made.of, 'adjustment', Number(made['amount']), String(made['currency']), -2000))
      tell(made.of, 'charge.dispute.funds_reinstated', made)
    }
    tell(made.of, 'charge.dispute.closed', made)
  }

  function refund(of: string, said: Json): Thing {
    const intent = get(of, String(said['payment_intent']), 'payment_intent')
    const made = intent['latest_charge'] ? get(of, String(intent['latest_charge']), 'charge') : null
    if (made?.['status'] !== 'succeeded')
      throw invalid('This PaymentIntent does not have a successful charge to refund.', { param: 'payment_intent' })
    const disputed = all(of, 'dispute').some((one) => one['charge'] === made.id && !one['is_charge_refundable'])
    if (disputed) throw invalid('Charge has been charged back; cannot issue a refund.', { code: 'charge_disputed' })
    const left = Number(made['amount']) - Number(made['amount_refunded'])
    const amount = said['amount'] === undefined ? left : Number(said['amount'])
    if (left === 0) throw invalid(`Charge ${made.id} has already been refunded.`, { code: 'charge_already_refunded' })
    if (amount > left)
      throw invalid(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, {
        param: 'amount',
      })
    checkSum(amount, String(made['currency']), 'amount')
    made['amount_refunded'] = Number(made['amount_refunded']) + amount
    const back = keep(of, {
      ...{ id: id('re'), object: 'refund', amount, charge: made.id, created: seconds(), currency: made['currency'] },
      ...{
        payment_intent: intent.id,
        metadata: said['metadata'] ?? {},
        reason: said['reason'] ?? null,
        status: 'succeeded',
      },
      balance_transaction: balance(of, 'refund', -amount, String(made['currency']), 0).id,
    })
    tell(of, 'refund.created', back)
    tell(of, 'charge.refunded', made)
    return back
  }

  /** The card is gone: the money comes back. */
  function failRefund(refundId: string): void {
    const back = things.get(refundId) as Thing & { of: string }
    if (back['status'] !== 'succeeded') throw new Error('it failed before')
    const made = get(back.of, String(back['charge']), 'charge')
    made['amount_refunded'] = Number(made['amount_refunded']) - Number(back['amount'])
    Object.assign(back, { status: 'failed', failure_reason: 'lost_or_stolen_card' })
    back['failure_balance_transaction'] = balance(
      back.of,
      'refund_failure',
      Number(back['amount']),
      String(back['currency']),
      0,
    ).id
    tell(back.of, 'charge.refund.updated', back)
    tell(back.of, 'refund.updated', back)
    tell(back.of, 'refund.failed', back)
  }

  function checkSum(amount: number, currency: string, param: string): void {
    if (THOUSANDTHS.includes(currency) && amount % 10 !== 0)
      throw invalid('The amount must be evenly divisible by 10 in this currency.', {
        code: 'parameter_invalid_integer',
        param,
      })
    if (currency === 'isk' && amount % 100 !== 0) throw invalid('ISK has no decimals.', { param })
  }

  // The API

  function createSession(of: string, said: Json): Thing {
    const { mode, customer } = said
    const types = said['payment_method_types'] as string[] | undefined
    if (mode !== 'payment' && mode !== 'setup') throw invalid('Invalid mode', { param: 'mode' })
    if (customer !== undefined && said['customer_email'] !== undefined)
      throw invalid('You may only specify one of these parameters: customer, customer_email.')
    if (customer !== undefined) get(of, String(customer), 'customer', 'customer')
    if (types?.some((type) => type !== 'card' && type !== 'sepa_debit'))
      throw invalid('Invalid payment_method_types', { param: 'payment_method_types' })
    if (mode === 'setup') {
      for (const name of ['line_items', 'payment_intent_data', 'adaptive_pricing'])
        if (said[name] !== undefined) throw invalid(`You can not pass \`${name}\` in \`setup\` mode.`, { param: name })
      if (!types && said['currency'] === undefined)
        throw invalid('You must provide `currency` in `setup` mode when `payment_method_types` is not set.')
      return openSession(of, said, {
        amount_total: null,
        currency: said['currency'] ?? null,
        payment_status: 'no_payment_required',
      })
    }
    if (said['currency'] !== undefined) throw invalid('`currency` is that of the line items.', { param: 'currency' })
    if (!said['line_items'])
      throw invalid('Missing required param: line_items.', { code: 'parameter_missing', param: 'line_items' })
    const usage = (said['payment_intent_data'] as Json | undefined)?.['setup_future_usage']
    if (usage !== undefined && usage !== 'off_session' && usage !== 'on_session')
      throw invalid('Invalid setup_future_usage', { param: 'payment_intent_data[setup_future_usage]' })
    const items = said['line_items'] as { quantity: number; price_data: { currency: string; unit_amount: number } }[]
    const currencies = new Set(items.map((item) => item.price_data.currency))
    const [currency = ''] = currencies
    if (currencies.size !== 1) throw invalid('All prices must be of one currency.', { param: 'line_items' })
    if (currency !== currency.toLowerCase())
      throw invalid(`Invalid currency: ${currency}.`, { param: 'line_items[0][price_data][currency]' })
    const total = items.reduce((sum, item) => sum + item.quantity * item.price_data.unit_amount, 0)
    for (const [index, item] of items.entries())
      checkSum(item.price_data.unit_amount, currency, `line_items[${index}][price_data][unit_amount]`)
    const least = WHOLE.includes(currency) ? 50 : THOUSANDTHS.includes(currency) ? 500 : 50
    if (total < least)
      throw invalid('The Checkout Session’s total amount due must add up to at least €0.50 eur', {
        code: 'amount_too_small',
      })
    const mail = said['customer_email']
    if (mail !== undefined && !MAIL.test(String(mail)))
      throw invalid(`Invalid email address: ${mail}`, { code: 'email_invalid', param: 'customer_email' })
    return openSession(of, said, { amount_total: total, currency, payment_status: 'unpaid', items })
  }

  function openSession(of: string, said: Json, about: Json): Thing {
    const until = Number(said['expires_at'])
    if (until < seconds() + 1790 || until > seconds() + 86_410)
      throw invalid(
        'The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.',
        { param: 'expires_at' },
      )
    if (!accounts.get(of)?.charges)
      throw invalid('Your account cannot currently make live charges.', { type: 'invalid_request_error' })
    const key = id(livemode(of) ? 'cs_live' : 'cs_test')
    return keep(of, {
      ...{ id: key, object: 'checkout.session', mode: said['mode'], status: 'open', ...about },
      ...{ created: seconds(), livemode: livemode(of), payment_intent: null, setup_intent: null },
      ...{ client_reference_id: said['client_reference_id'] ?? null, customer_email: said['customer_email'] ?? null },
      ...{
        customer: said['customer'] ?? null,
        payment_method_types: said['payment_method_types'] ?? ['card', 'sepa_debit'],
      },
      ...{
        metadata: said['metadata'] ?? {},
        payment_intent_data: said['payment_intent_data'] ?? {},
        expires_at: until,
      },
      ...{ success_url: said['success_url'], cancel_url: said['cancel_url'] ?? null, locale: said['locale'] ?? null },
      url: `${address()}/c/pay/${key}`,
    })
  }

  function list(found: Thing[], path: string, said: Json): Json {
    const since = Number((said['created'] as Json | undefined)?.['gte'] ?? 0)
    const limit = Number(said['limit'] ?? 10)
    if (limit < 1 || limit > 100) throw invalid('Invalid integer', { param: 'limit' })
    const rows = found.filter((thing) => Number(thing['created']) >= since)
    const after = said['starting_after'] ? rows.findIndex((thing) => thing.id === said['starting_after']) + 1 : 0
    return {
      object: 'list',
      data: rows.slice(after, after + limit).map(shown),
      has_more: rows.length > after + limit,
      url: path,
    }
  }

  /** Without what is ours. */
  const shown = (thing: Json): Json => {
    const { of: _, payment_intent_data, items, number, wasAttached, ...rest } = thing
    return rest
  }
  /** Puts the things themselves where their names are: `payment_intent.latest_charge`, `data.balance_transaction`. */
  function expanded(body: Json, paths: string[]): Json {
    const put = (holder: unknown, [first = '', ...rest]: string[]): void => {
      if (Array.isArray(holder)) {
        for (const one of holder) put(one, [first, ...rest])
        return
      }
      const within = holder as Json | null
      if (!within || !(first in within)) return
      const value = within[first]
      if (typeof value === 'string') within[first] = structuredClone(shown(things.get(value) ?? {}))
      if (rest.length > 0) put(within[first], rest)
    }
    const copy = structuredClone(body)
    for (const path of paths) put(copy, path.split('.'))
    return copy
  }

  function route(method: string, path: string, of: Account, said: Json): Json {
    const [, , a = '', b = '', c = '', d = ''] = path.split('/')
    const at = `${method} /${[a, b, c, d]
      .filter(Boolean)
      .map((part) => (/_[0-9a-f]{16,}/.test(part) ? ':id' : part))
      .join('/')}`
    const accept = (schema: Schema) => check(said, schema)
    switch (at) {
      case 'GET /account':
        accept({})
        return accountShown(of)
      case 'POST /accounts': {
        accept({
          country: 'string',
          email: 'string',
          metadata: 'map',
          business_profile: { name: 'string', url: 'url' },
          controller: {
            fees: { payer: 'string' },
            losses: { payments: 'string' },
            requirement_collection: 'string',
            stripe_dashboard: { type: 'string' },
          },
        })
        return accountShown(
          addAccount({
            platform: of.id,
            charges: false,
            key: '',
            country: String(said['country'] ?? of.country),
            name: String((said['business_profile'] as Json)?.['name'] ?? ''),
          }),
        )
      }
      case 'POST /account_links':
        accept({ account: 'string!', refresh_url: 'url!', return_url: 'url!', type: 'string!' })
        if (accounts.get(String(said['account']))?.platform !== of.id)
          throw invalid('No such account', { code: 'resource_missing' }, 404)
        return {
          object: 'account_link',
          created: seconds(),
          expires_at: seconds() + 300,
          url: `${address()}/setup/${said['account']}?back=${encodeURIComponent(String(said['return_url']))}`,
        }
      case 'POST /checkout/sessions':
        accept(SESSION)
        return createSession(of.id, said)
      case 'POST /customers':
        accept({ email: 'string', name: 'string', metadata: 'map' })
        if (said['email'] !== undefined && !MAIL.test(String(said['email'])))
          throw invalid(`Invalid email address: ${said['email']}`, { code: 'email_invalid', param: 'email' })
        return keep(of.id, {
          ...{ id: id('cus'), object: 'customer', created: seconds(), livemode: livemode(of.id) },
          ...{ email: said['email'] ?? null, name: said['name'] ?? null, metadata: said['metadata'] ?? {} },
        })
      case 'DELETE /customers/:id':
        accept({})
        get(of.id, b, 'customer')
        deleteCustomer(b)
        return { id: b, object: 'customer', deleted: true }
      case 'POST /payment_intents':
        accept(INTENT)
        return createIntent(of.id, said)
      case 'GET /payment_intents':
        accept({ ...PAGED, customer: 'string' })
        if (said['customer'] !== undefined) get(of.id, String(said['customer']), 'customer', 'customer')
        return list(
          all(of.id, 'payment_intent').filter((one) => (said['customer'] ?? one['customer']) === one['customer']),
          path,
          said,
        )
      case 'GET /payment_intents/:id':
        accept({})
        return get(of.id, b, 'payment_intent')
      case 'POST /payment_intents/:id/cancel':
        accept({ cancellation_reason: 'string' })
        return cancelIntent(get(of.id, b, 'payment_intent'))
      case 'GET /payment_methods/:id':
        accept({})
        return get(of.id, b, 'payment_method')
      case 'POST /payment_methods/:id/detach': {
        accept({})
        const method = get(of.id, b, 'payment_method')
        if (!method['customer'])
          throw invalid('The payment method you provided is not attached to a customer so detachment is impossible.')
        method['customer'] = null
        return method
      }
      case 'GET /checkout/sessions':
        accept({ ...PAGED, payment_intent: 'string' })
        return list(
          all(of.id, 'checkout.session').filter((one) => one['payment_intent'] === said['payment_intent']),
          path,
          said,
        )
      case 'GET /checkout/sessions/:id':
        accept({})
        return get(of.id, c, 'checkout.session')
      case 'POST /checkout/sessions/:id/expire': {
        accept({})
        const session = get(of.id, c, 'checkout.session')
        expire(session)
        return session
      }
      case 'POST /refunds':
        accept({ payment_intent: 'string!', amount: 'int', metadata: 'map', reason: 'string' })
        return refund(of.id, said)
      case 'GET /refunds':
        accept({ ...PAGED, charge: 'string', payment_intent: 'string' })
        return list(
          all(of.id, 'refund').filter(
            (one) =>
              (said['charge'] ?? one['charge']) === one['charge'] &&
              (said['payment_intent'] ?? one['payment_intent']) === one['payment_intent'],
          ),
          path,
          said,
        )
      case 'GET /disputes':
        accept({ ...PAGED, charge: 'string', payment_intent: 'string' })
        return list(
          all(of.id, 'dispute').filter((one) => one['charge'] === said['charge']),
          path,
          said,
        )
      case 'POST /disputes/:id': {
        accept({ evidence: EVIDENCE, submit: 'bool', metadata: 'map' })
        const made = get(of.id, b, 'dispute')
        return prove(made, said)
      }
      case 'GET /events': {
        accept({ ...PAGED, types: ['string'] })
        const types = said['types'] as string[] | undefined
        if (types && types.length > 20) throw invalid('You may pass up to 20 types.', { param: 'types' })
        return list(
          events.filter((one) => one.of === of.id && (!types || types.includes(String(one['type'])))).toReversed(),
          path,
          said,
        )
      }
      default:
        throw invalid(`Unrecognized request URL (${method}: ${path}).`, {}, 404)
    }
  }

  const accountShown = ({ id: key, country, currency, charges, name }: Account): Json => ({
    ...{
      id: key,
      object: 'account',
      country,
      default_currency: currency,
      charges_enabled: charges,
      details_submitted: charges,
    },
    ...{ business_profile: { name }, settings: { dashboard: { display_name: name } } },
  })

  /** What began has an answer, though a bank said no: asked again, it is the same. */
  function begun(work: () => Json, expand: string[]): { status: number; body: unknown } {
    try {
      return { status: 200, body: expanded(shown(work()), expand) }
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 402) throw error
      return { status: 402, body: { error: error.error } }
    }
  }

  function answer(request: IncomingMessage, text: string): { status: number; body: unknown } {
    const url = new URL(request.url ?? '/', 'http://peer')
    const method = request.method ?? ''
    const { authorization = '' } = request.headers
    const holder = [...accounts.values()].find(({ key }) => key && authorization === `Bearer ${key}`)
    if (!holder)
      throw new Refusal(401, {
        type: 'invalid_request_error',
        message: `Invalid API Key provided: ${authorization.slice(7, 15)}****`,
      })
    if (request.headers['stripe-version'] !== VERSION)
      throw invalid(`Invalid Stripe API version: ${request.headers['stripe-version']}`)
    const on = request.headers['stripe-account']
    const of = on ? accounts.get(String(on)) : holder
    if (!of || (on && of.id !== holder.id && of.platform !== holder.id))
      throw new Refusal(403, {
        type: 'invalid_request_error',
        code: 'account_invalid',
        message: `The provided key does not have access to account '${on}'`,
      })
    if (method === 'POST' && request.headers['content-type'] !== 'application/x-www-form-urlencoded')
      throw invalid('Invalid content type')
    const said = decode(method === 'POST' ? text : url.search.slice(1))
    const { expand = [], ...rest } = said
    const idempotency = request.headers['idempotency-key']
    const named = method === 'POST' && idempotency ? `${of.id} ${idempotency}` : null
    const kept = named ? answers.get(named) : undefined
    const before = kept && kept.until > seconds() ? kept : undefined
    const asked = `${url.pathname}\n${text}`
    if (before) {
      if (before.said !== asked)
        throw new Refusal(400, {
          type: 'idempotency_error',
          message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${idempotency}' if you meant to execute a different request.`,
        })
      return before
    }
    // Stripe charges without one too; a program that does may charge twice.
    if (method === 'POST' && url.pathname === '/v1/payment_intents' && !idempotency)
      throw invalid('Here, nothing is charged without an Idempotency-Key.')
    const made = {
      ...{ said: asked, until: seconds() + 86_400 },
      ...begun(() => route(method, url.pathname, of, rest), Object.values(expand as string[])),
    }
    // What is refused before it begins is not kept.
    if (named) answers.set(named, made)
    return made
  }

  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  function page(request: IncomingMessage, response: ServerResponse): unknown {
    const url = new URL(request.url ?? '/', 'http://peer')
    const [, kind, , key = url.pathname.split('/')[2] ?? ''] = url.pathname.split('/')
    const html = (status: number, body: string) => {
      response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' })
      response.end(
        `<!doctype html><html lang=en><meta name=viewport content="width=device-width"><title>Pay</title><main>${body}</main>`,
      )
    }
    const onward = (to: string) => {
      response.writeHead(303, { location: to })
      response.end()
    }
    if (kind === 'setup') {
      const account = accounts.get(key)
      if (account) account.charges = true
      return onward(url.searchParams.get('back') ?? '/')
    }
    const session = things.get(key)
    if (session?.['status'] !== 'open') return html(200, '<h1>This page is no longer available.</h1>')
    const cards = Object.keys(TEST_CARDS).map((number) => `<option>${number}`)
    const card = `<label>Card <select name=number>${cards.join('')}</select></label>`
    if (request.method !== 'POST' && session['mode'] === 'setup')
      return html(
        200,
        `<h1>Give a card</h1><form method=post>${card}<button>Keep this card</button></form><a href="${session['cancel_url']}">Back</a>`,
      )
    if (request.method !== 'POST')
      return html(
        200,
        `<h1>Pay ${session['amount_total']} ${session['currency']}</h1><form method=post>${card}<button name=by value=card>Pay by card</button>` +
          `<button name=by value=debit>Pay by debit</button></form><a href="${session['cancel_url']}">Back</a>`,
      )
    let text = ''
    request.on('data', (chunk) => {
      text += chunk
    })
    request.on('end', () => {
      const typed = new URLSearchParams(text)
      const number = typed.get('number') as TestCard
      if (session['mode'] === 'setup') giveCard(key, number)
      else pay(key, typed.get('by') === 'debit' ? 'debit' : 'card', number)
      onward(String(session['success_url']))
    })
  }

  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://peer').pathname
    if (!path.startsWith('/v1/')) return void page(request, response)
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8')
      const { 'stripe-account': account, 'idempotency-key': key } = request.headers
      requests.push({ method: request.method ?? '', path, account: account as string, key: key as string })
      const index = troubles.findIndex((one) => one.path.test(`${request.method} ${path}`))
      const [trouble] = index < 0 ? [] : troubles.splice(index, 1)
      const say = (status: number, body: unknown) => {
        response.writeHead(status, { 'content-type': 'application/json', 'request-id': id('req') })
        response.end(JSON.stringify(body))
      }
      if (trouble?.what === 'dropped') return void request.socket.destroy()
      if (typeof trouble?.what === 'number')
        return say(trouble.what, {
          error: { type: trouble.what === 429 ? 'rate_limit_error' : 'api_error', message: 'Not now.' },
        })
      try {
        const { status, body } = answer(request, text)
        if (trouble?.what === 'lost') return void request.socket.destroy()
        say(status, body)
      } catch (error) {
        if (error instanceof Refusal) say(error.status, { error: error.error })
        else say(500, { error: { type: 'api_error', message: String(error) } })
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    url: address(),
    how,
    requests,
    addAccount,
    pay,
    giveCard,
    renewCard,
    bankSays,
    dispute,
    closeDispute,
    failRefund,
    send,
    /** Refunds as somebody does it at Stripe, without us. */
    refundThere: (sessionId: string, amount: number) => {
      const { of, payment_intent: intent } = chargeOf(sessionId)
      return refund(of, { payment_intent: intent, amount }).id
    },
    /** Somebody deletes a customer there, and their cards with them. */
    deleteCustomer,
    customers: (of: string) => all(of, 'customer') as Thing[],
    endSession: (sessionId: string) => expire(things.get(sessionId) as Thing),
    /** What is kept of each payment becomes known. */
    settleAll() {
      for (const thing of things.values())
        if (thing['object'] === 'charge' && thing['status'] === 'succeeded' && !thing['balance_transaction']) {
          settle(thing.of, thing)
          tell(thing.of, 'charge.updated', thing)
        }
    },
    listen: (endpoint: Endpoint) => void endpoints.push(endpoint),
    /** The next request to this, as `METHOD /path`, meets trouble. */
    trouble: (path: RegExp, what: Trouble) => void troubles.push({ path, what }),
    /** From here on no request meets any. */
    calm: () => void troubles.splice(0),
    events: (of: string) =>
      events.filter((event) => event.of === of).map(({ id: key, type }) => ({ id: key, type: String(type) })),
    sessions: (of: string) =>
      all(of, 'checkout.session') as (Thing & {
        url: string | null
        status: string
        amount_total: number
        currency: string
      })[],
    intents: (of: string) =>
      all(of, 'payment_intent') as (Thing & {
        amount: number
        status: string
        metadata: Record<string, string>
        created: number
      })[],
    methods: (of: string) => all(of, 'payment_method') as (Thing & { customer: string | null; card: Json })[],
    refunds: (of: string) => all(of, 'refund') as (Thing & { amount: number; status: string })[],
    disputes: (of: string) => all(of, 'dispute') as (Thing & { status: string; evidence: Record<string, string> })[],
    /** What the account has, in the currency in which it pays out. */
    balance: (of: string) => all(of, 'balance_transaction').reduce((sum, { net }) => sum + Number(net), 0),
    /** Until all that was sent by itself has been answered. */
    quiet: async () => void (await Promise.all(sending)),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

// Parameters

type Schema = {
  [name: string]:
    | 'string'
    | 'string!'
    | 'int'
    | 'int!'
    | 'bool'
    | 'url'
    | 'url!'
    | 'map'
    | ['string']
    | Schema
    | [Schema]
}

const MAIL = /^[\w.+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i
const PAGED: Schema = {
  limit: 'int',
  starting_after: 'string',
  ending_before: 'string',
  created: { gte: 'int', gt: 'int', lte: 'int', lt: 'int' },
}
const SESSION: Schema = {
  mode: 'string!',
  client_reference_id: 'string',
  customer_email: 'string',
  customer: 'string',
  currency: 'string',
  payment_method_types: ['string'],
  locale: 'string',
  metadata: 'map',
  line_items: [
    { quantity: 'int!', price_data: { currency: 'string!', unit_amount: 'int!', product_data: { name: 'string!' } } },
  ],
  payment_intent_data: { description: 'string', metadata: 'map', setup_future_usage: 'string' },
  adaptive_pricing: { enabled: 'bool' },
  expires_at: 'int',
  success_url: 'url!',
  cancel_url: 'url',
}

/** Of an intent, what a charge without its owner there says. */
const INTENT: Schema = {
  amount: 'int!',
  currency: 'string!',
  customer: 'string',
  payment_method: 'string!',
  payment_method_types: ['string'],
  confirm: 'bool',
  off_session: 'bool',
  description: 'string',
  metadata: 'map',
}

/** Of the evidence of a dispute, what a shop of ours may say. */
const EVIDENCE: Schema = {
  shipping_address: 'string',
  shipping_carrier: 'string',
  shipping_date: 'string',
  shipping_tracking_number: 'string',
}

/** Refuses what the reference does not name, and what it wants and is not there; turns numbers into numbers. */
function check(said: Json, schema: Schema, within = ''): void {
  const name = (key: string) => (within ? `${within}[${key}]` : key)
  for (const key of Object.keys(said))
    if (!(key in schema))
      throw invalid(`Received unknown parameter: ${name(key)}`, { code: 'parameter_unknown', param: name(key) })
  for (const [key, type] of Object.entries(schema)) {
    const value = said[key]
    const wanted = typeof type === 'string' ? type.replace('!', '') : type
    if (value === undefined) {
      if (typeof type === 'string' && type.endsWith('!'))
        throw invalid(`Missing required param: ${name(key)}.`, { code: 'parameter_missing', param: name(key) })
    } else if (wanted === 'map') {
      const pairs = Object.entries(value as Json)
      if (typeof value !== 'object' || pairs.some(([, text]) => typeof text !== 'string' || text.length > 500))
        throw invalid('Invalid hash', { param: name(key) })
    } else if (Array.isArray(wanted)) {
      if (typeof value !== 'object') throw invalid('Invalid array', { param: name(key) })
      const list = Object.values(value as Json)
      const [of] = wanted
      if (of && typeof of === 'object')
        for (const [index, one] of list.entries()) check(one as Json, of, `${name(key)}[${index}]`)
      said[key] = list
    } else if (typeof wanted === 'object') {
      if (typeof value !== 'object') throw invalid('Invalid object', { param: name(key) })
      check(value as Json, wanted, name(key))
    } else {
      if (typeof value !== 'string') throw invalid(`Invalid ${wanted}`, { param: name(key) })
      if (value === '')
        throw invalid(`You passed an empty string for '${name(key)}'.`, {
          code: 'parameter_invalid_empty',
          param: name(key),
        })
      if (wanted === 'int') {
        if (!/^-?\d+$/.test(value))
          throw invalid(`Invalid integer: ${value}`, { code: 'parameter_invalid_integer', param: name(key) })
        said[key] = Number(value)
      }
      if (wanted === 'bool' && !/^(true|false)$/.test(value))
        throw invalid(`Invalid boolean: ${value}`, { param: name(key) })
      if (wanted === 'url' && !URL.canParse(value))
        throw invalid('Not a valid URL', { code: 'url_invalid', param: name(key) })
    }
  }
}

/** `line_items[0][price_data][currency]=eur` as objects in objects. */
function decode(text: string): Json {
  const all: Json = {}
  for (const [name, value] of new URLSearchParams(text)) {
    const keys = [...name.matchAll(/^[^[]+|(?<=\[)[^\]]*(?=\])/g)].map(([key]) => key)
    let holder = all
    for (const [index, key] of keys.entries()) {
      const at = key === '' ? String(Object.keys(holder).length) : key
      if (index === keys.length - 1) holder[at] = value
      else {
        holder[at] ??= {}
        holder = holder[at] as Json
      }
    }
  }
  return all
}
