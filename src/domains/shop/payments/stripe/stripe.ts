import type StripeSdk from 'stripe'
import type { Platform } from '../../../../platform/platform.ts'
import { fail, ok } from '../../../../platform/result.ts'
import type { OpenedAccount } from '../accounts.store.ts'
import type { About, BeginProblem, Provider } from '../provider.types.ts'
import { toStripe } from './amounts.rules.ts'
import { aboutOf, EVENTS, toldOf } from './told.ts'

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

/** Checkout Sessions: the buyer pays on Stripe's page, so that no card and no script of theirs ever comes near ours. */
export async function openStripe(deps: Deps, account: OpenedAccount): Promise<Provider> {
  const stripe = await stripeClient(deps, account.key)
  const { log, now } = deps
  /** The platform's key, in the name of the one who is paid: a direct charge. */
  const on = account.on ? { stripeAccount: account.on } : {}

  async function sessionOf(about: About): Promise<string | null> {
    if ('reference' in about) return about.reference
    const { data } = await stripe.checkout.sessions.list({ payment_intent: about.intent, limit: 1 }, on)
    return data[0]?.id ?? null
  }

  return untroubled({
    async begin({ order, items, backTo }) {
      const total = toStripe(order.total, order.currency)
      if (total === null) return fail<BeginProblem>('not-chargeable')
      if (now().getTime() > order.placedAt.getTime() + LATEST_MS) return fail<BeginProblem>('too-late')
      const openUntil = new Date(Math.floor((order.placedAt.getTime() + OPEN_MS) / 1000) * 1000)
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
      const create = (mail: { customer_email?: string }, idempotencyKey: string) =>
        stripe.checkout.sessions.create(
          {
            mode: 'payment',
            client_reference_id: order.id,
            ...mail,
            locale: order.language === 'fr' ? 'fr' : 'en',
            line_items: fits ? each.map(({ name, amount }) => item(name, amount ?? 0)) : [item(order.code, total)],
            metadata: named,
            payment_intent_data: { description: order.code, metadata: named },
            // The sum is what was ordered, in the currency in which it was: never another that Stripe would offer.
            adaptive_pricing: { enabled: false },
            expires_at: openUntil.getTime() / 1000,
            success_url: `${backTo}?from=payment`,
            cancel_url: backTo,
          },
          { ...on, idempotencyKey },
        )
      try {
        // An address that we know and Stripe does not: the buyer writes one on its page.
        const session = await create({ customer_email: order.mail }, `order:${order.id}`).catch((error) => {
          if (!isRefusal(error) || error.param !== 'customer_email') throw error
          return create({}, `order:${order.id}:nameless`)
        })
        if (!session.url) return fail<BeginProblem>('unreachable')
        return ok({ reference: session.id, url: session.url, openUntil })
      } catch (error) {
        log.warn({ order: order.id, problem: problemOf(error) }, 'a payment could not begin')
        const { code } = error as { code?: string }
        return fail<BeginProblem>(code?.startsWith('amount_too_') ? 'not-chargeable' : 'unreachable')
      }
    },

    async end(reference) {
      await stripe.checkout.sessions.expire(reference, {}, on).catch((error) => {
        // One that is paid or over cannot be ended.
        if (!isRefusal(error)) throw error
      })
    },

    async refund({ id, reference, money }) {
      const amount = toStripe(money.amount, money.currency)
      if (amount === null) return fail({ says: 'amount' })
      try {
        const session = await stripe.checkout.sessions.retrieve(reference, {}, on)
        const intent = typeof session.payment_intent === 'string' ? session.payment_intent : session.payment_intent?.id
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
      const id = await sessionOf(about)
      if (!id) return null
      const session = await stripe.checkout.sessions
        .retrieve(id, { expand: ['payment_intent.latest_charge.balance_transaction'] }, on)
        .catch((error) => {
          if ((error as { statusCode?: number }).statusCode === 404) return null
          throw error
        })
      if (!session) return null
      const intent = typeof session.payment_intent === 'string' ? null : session.payment_intent
      const charge = intent && typeof intent.latest_charge === 'object' ? intent.latest_charge : null
      if (charge?.status !== 'succeeded') return toldOf({ session, charge: null, refunds: [], disputes: [] })
      const refunds: StripeSdk.Refund[] = []
      const listed = { charge: charge.id, limit: 100 }
      for await (const refund of stripe.refunds.list(
        { ...listed, expand: ['data.balance_transaction', 'data.failure_balance_transaction'] },
        on,
      ))
        refunds.push(refund)
      const disputes: StripeSdk.Dispute[] = []
      for await (const dispute of stripe.disputes.list(listed, on)) disputes.push(dispute)
      return toldOf({ session, charge, refunds, disputes })
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
function untroubled({ begin, end, refund, prove, lookUp, since }: Provider): Provider {
  const plain = async <T>(work: Promise<T>): Promise<T> =>
    work.catch((error) => {
      throw new PaymentTrouble(problemOf(error))
    })
  return {
    begin: (order) => plain(begin(order)),
    end: (reference) => plain(end(reference)),
    refund: (asked) => plain(refund(asked)),
    prove: (dispute, evidence) => plain(prove(dispute, evidence)),
    lookUp: (about) => plain(lookUp(about)),
    async *since(at) {
      try {
        yield* since(at)
      } catch (error) {
        // biome-ignore lint/style/useErrorCause: what Stripe's errors carry is to stay behind
        throw new PaymentTrouble(problemOf(error))
      }
    },
  }
}
