import type StripeSdk from 'stripe'
import type { Platform } from '../../../../platform/platform.ts'
import { fail, ok } from '../../../../platform/result.ts'
import type { Order } from '../../order.store.ts'
import type { OpenedAccount } from '../accounts.store.ts'
import type { AboutPayment, BeginProblem, ChargeProblem, ChargeToMake, Provider } from '../provider.types.ts'
import { toStripe } from './amounts.rules.ts'
import { aboutOf, cardNamed, EVENTS, toldOf, toldOfCharge } from './told.ts'

const MINUTE = 60_000
/** How long the page of a payment is open, from when the order was placed. Stripe wants thirty minutes at least from when the page is made. */
const OPEN_MS = 60 * MINUTE
const LATEST_MS = OPEN_MS - 31 * MINUTE

type Deps = Pick<Platform, 'config' | 'log' | 'now'>

/** Stripe's own client, which knows its version of the API, retries what may be retried and names each attempt; loaded when somebody first needs it. */
export async function stripeClient({ config }: Pick<Platform, 'config'>, key: string): Promise<StripeSdk> {
  const { default: Stripe } = await import('stripe')
  const at = config.stripeUrl ? new URL(config.stripeUrl) : null
  return new Stripe(key, {
    timeout: 10_000,
    maxNetworkRetries: 2,
    telemetry: false,
    ...(at && {
      host: at.hostname,
      port: at.port || (at.protocol === 'http:' ? '80' : '443'),
      protocol: at.protocol === 'http:' ? ('http' as const) : ('https' as const),
    }),
  })
}

/** What went wrong at Stripe, with nothing of what its own errors carry: whole payments, answers, headers. They end in logs and beside failed jobs. */
class PaymentTrouble extends Error {}

/** What may be written in a log or shown to whoever runs the shop: Stripe's words, without what was asked. */
export const problemOf = (error: unknown): string => {
  if (error instanceof PaymentTrouble) return error.message
  const { type, code, statusCode, requestId } = error as Partial<StripeSdk.errors.StripeError>
  return type ? [type, statusCode, code, requestId].filter(Boolean).join(' ') : error instanceof Error ? error.name : ''
}

/** Whether Stripe understood, and said no: asking again would change nothing. */
const isRefusal = (error: unknown): error is StripeSdk.errors.StripeError => {
  const { type, statusCode } = error as Partial<StripeSdk.errors.StripeError>
  return (type === 'StripeInvalidRequestError' || type === 'StripeCardError') && statusCode !== 409
}

/** What is not there is null. */
const missing = async <Found>(work: Promise<Found>): Promise<Found | null> =>
  work.catch((error) => {
    if ((error as { statusCode?: number }).statusCode === 404) return null
    throw error
  })

/** A charge of a kept card has the name of its intent; what is paid on a page, that of the page. */
const isCharge = (reference: string): boolean => reference.startsWith('pi_')

/**
 * Until when a page for this order is open, and in which stretch of time it began: asked for again within it, the page is the same. An order that is placed and
 * paid at once has one page; one that waits for days may have several, one after the other. Null when too little time is left.
 */
function opening({ placedAt, holdUntil }: Order, at: Date): { openUntil: Date; slot: string } | null {
  const wholeSeconds = (ms: number) => new Date(Math.floor(ms / 1000) * 1000)
  if (at.getTime() <= placedAt.getTime() + LATEST_MS)
    return { openUntil: wholeSeconds(placedAt.getTime() + OPEN_MS), slot: '' }
  const slot = Math.floor((at.getTime() - placedAt.getTime()) / LATEST_MS)
  const until = placedAt.getTime() + slot * LATEST_MS + OPEN_MS
  return holdUntil && until <= holdUntil.getTime() ? { openUntil: wholeSeconds(until), slot: `:${slot}` } : null
}

/** Checkout Sessions: the buyer pays on Stripe's page, so that no card and no script of theirs ever comes near ours. */
export async function openStripe(deps: Deps, account: OpenedAccount): Promise<Provider> {
  const stripe = await stripeClient(deps, account.key)
  const { log, now } = deps
  /** The platform's key, in the name of the one who is paid: a direct charge. */
  const on = account.on ? { stripeAccount: account.on } : {}

  /** The page on which it is paid, or the charge of a kept card that it is. */
  async function referenceOf(about: AboutPayment): Promise<string> {
    if ('reference' in about) return about.reference
    const { data } = await stripe.checkout.sessions.list({ payment_intent: about.intent, limit: 1 }, on)
    return data[0]?.id ?? about.intent
  }

  /** What came of it, in Stripe's words. */
  async function moneyOf(charge: StripeSdk.Charge | null) {
    const refunds: StripeSdk.Refund[] = []
    const disputes: StripeSdk.Dispute[] = []
    if (charge?.status !== 'succeeded') return { charge: null, refunds, disputes }
    const listed = { charge: charge.id, limit: 100 }
    for await (const refund of stripe.refunds.list(
      { ...listed, expand: ['data.balance_transaction', 'data.failure_balance_transaction'] },
      on,
    ))
      refunds.push(refund)
    for await (const dispute of stripe.disputes.list(listed, on)) disputes.push(dispute)
    return { charge, refunds, disputes }
  }

  /**
   * Whoever is to be charged again, as Stripe knows them: with their address, where it takes it. Null where the key may not make one, as those that were made
   * before cards were kept: then nobody's is, and each time is paid by hand.
   */
  async function newCustomer(mail: string, agreementId: string): Promise<string | null> {
    const create = (email: { email?: string }, idempotencyKey: string) =>
      stripe.customers.create({ ...email, metadata: { agreement: agreementId } }, { ...on, idempotencyKey })
    const made = await create({ email: mail }, `customer:${agreementId}`)
      .catch((error) => {
        if (!isRefusal(error) || error.param !== 'email') throw error
        return create({}, `customer:${agreementId}:nameless`)
      })
      .catch((error) => {
        if ((error as { type?: string }).type !== 'StripePermissionError') throw error
        log.warn({ problem: problemOf(error) }, 'this key may keep no cards')
        return null
      })
    return made?.id ?? null
  }

  const CHARGED = new Set(['succeeded', 'processing'])
  /** What was asked for and never answered: a key is forgotten after a day, this is not. */
  async function askedBefore({ id, order, customers, period, noted }: ChargeToMake): Promise<string | null> {
    const isOfThis = (intent: string, metadata: Record<string, string>) =>
      metadata['order'] === order.id || (period !== null && metadata['period'] === period && !noted.includes(intent))
    for (const customer of customers)
      try {
        for await (const { id: intent, metadata, status } of stripe.paymentIntents.list({ customer, limit: 100 }, on))
          if (metadata['charge'] === id || (metadata['charge'] && CHARGED.has(status) && isOfThis(intent, metadata)))
            return intent
      } catch (error) {
        // Whoever is gone there was not charged under that name any more.
        if (!isRefusal(error)) throw error
      }
    return null
  }

  const intentOf = async (session: string): Promise<string | null> => {
    const { payment_intent: intent } = await stripe.checkout.sessions.retrieve(session, {}, on)
    return typeof intent === 'string' ? intent : (intent?.id ?? null)
  }

  return untroubled({
    async begin({ order, items, backTo, keep }) {
      const total = toStripe(order.total, order.currency)
      if (total === null) return fail<BeginProblem>('not-chargeable')
      const open = opening(order, now())
      if (!open) return fail<BeginProblem>('too-late')
      const { openUntil } = open
      const item = (name: string, unitAmount: number) => ({
        quantity: 1,
        price_data: {
          currency: order.currency.toLowerCase(),
          unit_amount: unitAmount,
          product_data: { name: name.slice(0, 250) },
        },
      })
      const each = items.map(({ name, gross }) => ({ name, amount: toStripe(gross, order.currency) }))
      const fits = each.length <= 100 && each.every(({ amount }) => amount !== null)
      const named = { order: order.id, code: order.code }
      const key = `order:${order.id}${open.slot}`
      const create = (who: { customer_email?: string; customer?: string }, idempotencyKey: string) =>
        stripe.checkout.sessions.create(
          {
            mode: 'payment',
            client_reference_id: order.id,
            ...who,
            locale: order.language === 'fr' ? 'fr' : 'en',
            line_items: fits ? each.map(({ name, amount }) => item(name, amount ?? 0)) : [item(order.code, total)],
            metadata: named,
            // What was agreed to is that a card is charged again, and nothing else.
            ...(who.customer && { payment_method_types: ['card' as const] }),
            payment_intent_data: {
              ...{ description: order.code, metadata: named },
              ...(who.customer && { setup_future_usage: 'off_session' as const }),
            },
            // The sum is what was ordered, in the currency in which it was: never another that Stripe would offer.
            adaptive_pricing: { enabled: false },
            expires_at: openUntil.getTime() / 1000,
            success_url: `${backTo}?from=payment`,
            cancel_url: backTo,
          },
          { ...on, idempotencyKey },
        )
      try {
        const customer = keep && (await newCustomer(order.mail, keep.agreementId))
        const who = customer ? { customer } : { customer_email: order.mail }
        // An address that we know and Stripe does not: the buyer writes one on its page.
        const session = await create(who, customer ? `${key}:keep:${keep?.agreementId}` : key).catch((error) => {
          if (!isRefusal(error) || error.param !== 'customer_email') throw error
          return create({}, `${key}:nameless`)
        })
        if (!session.url) return fail<BeginProblem>('unreachable')
        return ok({ reference: session.id, url: session.url, openUntil })
      } catch (error) {
        log.warn({ order: order.id, problem: problemOf(error) }, 'a payment could not begin')
        const { code } = error as { code?: string }
        return fail<BeginProblem>(code?.startsWith('amount_too_') ? 'not-chargeable' : 'unreachable')
      }
    },

    async charge(asked) {
      const { id, nth, order, card, period } = asked
      const amount = toStripe(order.total, order.currency)
      if (amount === null) return fail<ChargeProblem>('not-chargeable')
      const before = await askedBefore(asked)
      if (before) return ok({ reference: before })
      try {
        const intent = await stripe.paymentIntents.create(
          {
            ...{ amount, currency: order.currency.toLowerCase(), customer: card.customer, payment_method: card.method },
            ...{ payment_method_types: ['card'], confirm: true, off_session: true, description: order.code },
            metadata: { order: order.id, code: order.code, charge: id, ...(period && { period }) },
          },
          { ...on, idempotencyKey: `charge:${order.id}:${nth}` },
        )
        return ok({ reference: intent.id })
      } catch (error) {
        const { payment_intent: refused, code, param } = error as StripeSdk.errors.StripeError
        if (refused) return ok({ reference: refused.id })
        if (!isRefusal(error)) throw error
        log.warn({ order: order.id, problem: problemOf(error) }, 'a card could not be charged')
        const isGone = code === 'resource_missing' || param === 'payment_method' || param === 'customer'
        return fail<ChargeProblem>(isGone ? 'card-gone' : 'not-chargeable')
      }
    },

    async askForCard({ agreementId, mail, language, currency, backTo }) {
      const openUntil = new Date(Math.floor((now().getTime() + OPEN_MS) / 1000) * 1000)
      try {
        const customer = await newCustomer(mail, agreementId)
        if (!customer) return fail<BeginProblem>('unreachable')
        const session = await stripe.checkout.sessions.create(
          {
            ...{ mode: 'setup', customer, currency: currency.toLowerCase() },
            ...{ payment_method_types: ['card'], locale: language === 'fr' ? 'fr' : 'en' },
            metadata: { agreement: agreementId },
            expires_at: openUntil.getTime() / 1000,
            success_url: `${backTo}?from=card`,
            cancel_url: backTo,
          },
          { ...on, idempotencyKey: `card:${agreementId}` },
        )
        return session.url
          ? ok({ reference: session.id, url: session.url, openUntil })
          : fail<BeginProblem>('unreachable')
      } catch (error) {
        log.warn({ agreement: agreementId, problem: problemOf(error) }, 'a card could not be asked for')
        return fail<BeginProblem>('unreachable')
      }
    },

    async cardGiven(reference) {
      const session = await missing(
        stripe.checkout.sessions.retrieve(reference, { expand: ['setup_intent.payment_method'] }, on),
      )
      if (session?.mode !== 'setup') return null
      if (session.status !== 'complete') return { state: session.status === 'expired' ? 'over' : 'open', card: null }
      const intent = typeof session.setup_intent === 'object' ? session.setup_intent : null
      const method = intent && typeof intent.payment_method === 'object' ? intent.payment_method : null
      const customer = typeof session.customer === 'string' ? session.customer : session.customer?.id
      if (intent?.status !== 'succeeded' || !method?.card || !customer) return { state: 'over', card: null }
      return { state: 'done', card: cardNamed(customer, method.id, method.card) }
    },

    async keptCard(method) {
      const kept = await missing(stripe.paymentMethods.retrieve(method, {}, on)).catch((error) => {
        if ((error as { type?: string }).type !== 'StripePermissionError') throw error
        log.warn({ problem: problemOf(error) }, 'this key may look at no cards')
        return null
      })
      const customer = typeof kept?.customer === 'string' ? kept.customer : kept?.customer?.id
      return kept?.card && customer ? cardNamed(customer, kept.id, kept.card) : null
    },

    async forget(method) {
      await stripe.paymentMethods.detach(method, {}, on).catch((error) => {
        // One that is gone, or nobody's, is what was wanted.
        if (!isRefusal(error)) throw error
      })
    },

    async forgetCustomer(customer) {
      await stripe.customers.del(customer, {}, on).catch((error) => {
        if (!isRefusal(error)) throw error
      })
    },

    async end(reference) {
      const ended: Promise<unknown> = isCharge(reference)
        ? stripe.paymentIntents.cancel(reference, {}, on)
        : stripe.checkout.sessions.expire(reference, {}, on)
      await ended.catch((error) => {
        // One that is paid or over cannot be ended.
        if (!isRefusal(error)) throw error
      })
    },

    async refund({ id, reference, money }) {
      const amount = toStripe(money.amount, money.currency)
      if (amount === null) return fail({ says: 'amount' })
      try {
        const intent = isCharge(reference) ? reference : await intentOf(reference)
        if (!intent) return fail({ says: 'not paid' })
        // An attempt whose answer was lost, or failed for Stripe, may have left one: a key is forgotten after a day, this is not.
        for await (const refund of stripe.refunds.list({ payment_intent: intent, limit: 100 }, on))
          if (refund.metadata?.['refund'] === id) return ok(undefined)
        await stripe.refunds.create(
          { payment_intent: intent, amount, metadata: { refund: id } },
          { ...on, idempotencyKey: `refund:${id}` },
        )
        return ok(undefined)
      } catch (error) {
        if (!isRefusal(error)) throw error
        log.warn({ refund: id, problem: problemOf(error) }, 'a refund was refused')
        return fail({ says: error.message })
      }
    },

    async prove(dispute, { carrier, number, date, address }) {
      const said = {
        shipping_carrier: carrier,
        shipping_tracking_number: number,
        shipping_date: date,
        shipping_address: address,
      }
      // An empty text would take away what somebody wrote there.
      const evidence = Object.fromEntries(Object.entries(said).filter(([, text]) => text))
      try {
        await stripe.disputes.update(dispute, { evidence, submit: false }, on)
        return ok(undefined)
      } catch (error) {
        if (!isRefusal(error)) throw error
        log.warn({ dispute, problem: problemOf(error) }, 'evidence was refused')
        return fail({ says: error.message })
      }
    },

    async lookUp(about) {
      const reference = await referenceOf(about)
      const expand = 'latest_charge.balance_transaction'
      const chargeOf = (intent: StripeSdk.PaymentIntent | string | null) =>
        typeof intent === 'object' && typeof intent?.latest_charge === 'object' ? intent.latest_charge : null
      if (isCharge(reference)) {
        const intent = await missing(stripe.paymentIntents.retrieve(reference, { expand: [expand] }, on))
        return intent && toldOfCharge({ intent, ...(await moneyOf(chargeOf(intent))) })
      }
      const session = await missing(
        stripe.checkout.sessions.retrieve(reference, { expand: [`payment_intent.${expand}`] }, on),
      )
      return session && toldOf({ session, ...(await moneyOf(chargeOf(session.payment_intent))) })
    },

    async *since(at) {
      const asked = { created: { gte: Math.floor(at.getTime() / 1000) }, types: [...EVENTS], limit: 100 }
      for await (const event of stripe.events.list(asked, on)) {
        const about = aboutOf(event)
        if (about) yield { event: event.id, kind: event.type, about, at: new Date(event.created * 1000) }
      }
    },
  })
}

/** The same provider, whose errors say what went wrong and nothing else. */
function untroubled(provider: Provider): Provider {
  const plain = async <T>(work: Promise<T>): Promise<T> =>
    work.catch((error) => {
      throw new PaymentTrouble(problemOf(error))
    })
  return {
    begin: (order) => plain(provider.begin(order)),
    end: (reference) => plain(provider.end(reference)),
    charge: (charge) => plain(provider.charge(charge)),
    askForCard: (asked) => plain(provider.askForCard(asked)),
    cardGiven: (reference) => plain(provider.cardGiven(reference)),
    keptCard: (method) => plain(provider.keptCard(method)),
    forget: (method) => plain(provider.forget(method)),
    forgetCustomer: (customer) => plain(provider.forgetCustomer(customer)),
    refund: (asked) => plain(provider.refund(asked)),
    prove: (dispute, evidence) => plain(provider.prove(dispute, evidence)),
    lookUp: (about) => plain(provider.lookUp(about)),
    async *since(at) {
      try {
        yield* provider.since(at)
      } catch (error) {
        // biome-ignore lint/style/useErrorCause: what Stripe's errors carry is to stay behind
        throw new PaymentTrouble(problemOf(error))
      }
    },
  }
}
