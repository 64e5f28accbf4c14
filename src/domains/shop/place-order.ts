import { randomBytes } from 'node:crypto'
import type { Db, Tx } from '../../platform/database/index.ts'
import { dayIn } from '../../platform/days.ts'
import { newId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { together } from '../../platform/together.ts'
import type { Seller } from '../books/index.ts'
import { type BasketLine, lockBaskets } from './basket.views.ts'
import { salesAbroad, thresholdPassed } from './cross-border.store.ts'
import { type BasketProblems, orderCode, orderLines } from './order.rules.ts'
import { type Order, type Short, type StoredLine, type Written, writeOrders } from './order.store.ts'
import { addPresent, type NewPresent } from './presents/present.store.ts'
import { taxWithin } from './price.rules.ts'
import { vatRates } from './rates.ts'
import { payAll } from './settle-order.ts'
import { isTakenMeanwhile } from './stock.store.ts'
import type { OrderWay, ParcelAddress, ShownTerms } from './tables.ts'
import { type Evidence, placeOf, type Tax, type TaxSeller, taxOf, whereabouts } from './tax.rules.ts'
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
  /** For whom its downloads are, where it is a friend. */
  present?: NewPresent | null
}

export type OrderProblem =
  | { problem: 'empty' }
  | { problem: 'no-country' }
  | { problem: 'no-address' }
  | { problem: 'lines'; lines: BasketProblems }

export type Placed = { orderId: string; code: string; total: number; currency: string; paid: boolean; again: boolean }

type Deps = Pick<Platform, 'db' | 'now'>
type Outcome = Result<Placed, OrderProblem>
type Asked = { order: NewOrder; at: Date }

/**
 * Places the order of what lies in a basket: prices, taxes and terms are frozen, and what is counted is kept for it. What costs nothing is paid at once.
 * The basket is emptied. The same form again answers with the same order. Buyers who come at the same moment share one transaction.
 */
export const placeOrder = ({ db, now }: Deps, order: NewOrder): Promise<Outcome> => placingIn(db)({ order, at: now() })

const placing = new WeakMap<Db, (asked: Asked) => Promise<Outcome>>()

function placingIn(db: Db): (asked: Asked) => Promise<Outcome> {
  const known = placing.get(db)
  if (known) return known
  const made = together<Asked, Outcome>({
    all: (asked) => db.transaction().execute((tx) => place(tx, asked)),
    one: (asked) => placeAlone(db, asked),
    keyOf: ({ order }) => order.basketId,
  })
  placing.set(db, made)
  return made
}

async function placeAlone(db: Db, asked: Asked): Promise<Outcome> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await wholly(db, async (tx) => (await place(tx, [asked]))[0] as Outcome)
    } catch (error) {
      // Somebody was first, who wanted some of the same or had the same basket: what there is left is looked at again.
      if (!(isTakenMeanwhile(error) || error === OTHER_BASKET) || attempt === TRIES) throw error
    }
  }
}

/** Each time that it is tried in vain, somebody else had what they wanted. */
const TRIES = 20
/** Whoever waited for a basket may have read it as it was before. */
const OTHER_BASKET = new Error('the basket is another by now')
/** Who has it, and what the others are told, is found out one by one. */
const NOT_FOR_ALL = new Error('there is not enough for all who want it')

/** In the order in which they are asked for. Of one that is a problem nothing is written; where something is short for several, it throws. */
async function place(tx: Tx, asked: Asked[]): Promise<Outcome[]> {
  const baskets = await lockBaskets(
    tx,
    asked.map(({ order: { basketId, formKey }, at }) => ({ basketId, formKey, at })),
  )
  const looked: (Outcome | Draft)[] = []
  for (const { order, at } of asked) {
    const basket = baskets.get(order.basketId)
    if (!basket || basket.isOrdered || basket.lines.length === 0) looked.push(await standingOrder(tx, order.formKey))
    else looked.push(await drawUp(tx, { ...order, seller: basket.seller }, basket.lines, at))
  }
  const drafts = looked.filter((one) => 'placed' in one)
  const outcomes = await writeDown(tx, drafts, asked.length > 1)
  return looked.map((one) => ('placed' in one ? (outcomes.shift() as Outcome) : one))
}

/** The order of these things, in the transaction of who asks for it. Where it fails, nothing of it may stay. */
export async function placeLines(tx: Tx, order: SoldOrder, lines: BasketLine[], at: Date): Promise<Outcome> {
  const draft = await drawUp(tx, order, lines, at)
  return 'placed' in draft ? ((await writeDown(tx, [draft]))[0] as Outcome) : draft
}

type SoldOrder = Omit<NewOrder, 'basketId'> & { basketId: string | null; seller: Seller }

/** An order that nothing speaks against, not written yet. */
type Draft = {
  placed: Order
  written: Omit<StoredLine, 'toldAt'>[]
  said: SoldOrder
  /** What lay in the basket. */
  from: BasketLine[]
}

/** What these things cost, whose tax is in it, and that there is enough of them. */
async function drawUp(
  tx: Tx,
  order: SoldOrder,
  lines: BasketLine[],
  at: Date,
): Promise<Draft | Extract<Outcome, { ok: false }>> {
  const currency = lines[0]?.currency
  if (!currency) return fail({ problem: 'empty' })
  const sold = order.seller

  const { country } = whereabouts(order.evidence)
  if (!country) return fail({ problem: 'no-country' })
  const today = dayIn(at, sold.timeZone)
  const seller: TaxSeller = {
    country: sold.country,
    regime: sold.vatRegime,
    oss: sold.ossSince !== null && sold.ossSince <= today,
  }
  const isSent = lines.some(({ weight, parts }) => weight !== null || parts.some((part) => part.weight !== null))
  if (isSent && !order.address) return fail({ problem: 'no-address' })
  const shipping = isSent ? order.shipping : 0
  const goes = { seller: seller.country, buyer: country, parcel: isSent ? (order.address?.country ?? null) : null }
  const taxWhen = (passed: boolean) => (kind: string) => taxOn(kind, { seller, goes, passed, at })
  let taxFor = taxWhen(false)
  let priced = orderLines(lines, taxFor)
  if ('problems' in priced) return fail({ problem: 'lines', lines: priced.problems })
  // The sale with which the threshold is passed is taxed where it goes, as those after it are.
  if (seller.regime === 'registered' && !seller.oss) {
    const parts = [...priced.lines, sending(shipping, taxFor)]
    const abroad = { sellerId: sold.id, currency, amount: salesAbroad(parts, goes), day: today }
    if (abroad.amount > 0 && (await thresholdPassed(tx, abroad))) {
      taxFor = taxWhen(true)
      priced = orderLines(lines, taxFor)
      if ('problems' in priced) return fail({ problem: 'lines', lines: priced.problems })
    }
  }
  const ordered = priced.lines
  const sent = taxFor(PARCEL)
  const shippingTax = sending(shipping, taxFor).tax
  const total = ordered.reduce((sum, { gross }) => sum + gross, shipping)

  const orderId = newId(at.getTime())
  const placed: Order = {
    ...{ id: orderId, code: orderCode(randomBytes(8)), formKey: order.formKey, sellerId: sold.id },
    ...{ artistId: order.artistId, mail: order.mail, mailKey: order.mailKey, name: order.name },
    ...{ language: order.language, country, currency, shipping, shippingTax, shippingRate: sent.rate },
    ...{ shippingTaxCountry: sent.country, shippingTaxReason: isSent ? sent.reason : null, total },
    tax: ordered.reduce((sum, { tax }) => sum + tax, shippingTax),
    provider: total === 0 ? 'free' : order.provider,
    state: 'placed',
    address: isSent ? order.address : null,
    ...{ evidence: order.evidence, terms: order.terms, way: order.way, note: order.note, personId: order.personId },
    ...{ placedAt: at, holdUntil: new Date(at.getTime() + order.hold.seconds * 1000), paidAt: null, closedAt: null },
    ...{ shippingRefunded: 0, refunded: 0 },
  }
  const written = ordered.map((line, index) => ({ ...line, orderId, position: index + 1, refunded: 0 }))
  return { placed, written, said: order, from: lines }
}

/** `isOfMany`: in the transaction of others too, so that what is short for one cannot be undone for them alone. */
async function writeDown(tx: Tx, drafts: Draft[], isOfMany = false): Promise<Outcome[]> {
  if (drafts.length === 0) return []
  const written = await writeOrders(
    tx,
    drafts.map(({ placed, written: lines, said: { basketId, provider } }) => {
      // Who pays by card is led on to it at once, and hears of it when it is done.
      return { order: placed, lines, basketId, tells: placed.total > 0 && provider === 'manual' }
    }),
  )
  if (isOfMany && [...written.values()].some(({ short }) => short.length > 0)) throw NOT_FOR_ALL
  const outcomes: Outcome[] = []
  for (const draft of drafts) outcomes.push(await finish(tx, draft, written.get(draft.placed.id)))
  const free = drafts.filter(({ placed }, index) => placed.total === 0 && isNew(outcomes[index]))
  if (free.length > 0) await payAll(tx, free.map(costsNothing))
  return outcomes
}

const isNew = (outcome?: Outcome): boolean => Boolean(outcome?.ok && !outcome.value.again)

/** What follows from its being written; not `done`: an order of its form stands already. What costs nothing is paid by the caller. */
async function finish(tx: Tx, { placed, said, from }: Draft, done: Written | undefined): Promise<Outcome> {
  if (!done) return standingOrder(tx, placed.formKey)
  if (said.basketId && !isAsRead(from, done.emptied)) throw OTHER_BASKET
  if (done.short.length > 0) return fail({ problem: 'lines', lines: shortLines(from, done.short) })
  const { id: orderId, code, total, currency } = placed
  // Before what costs nothing is settled, so that it is the friend's and not the buyer's.
  if (said.present) await addPresent(tx, orderId, said.present)
  return ok({ orderId, code, total, currency, paid: total === 0, again: false })
}

/** The payment of an order that costs nothing, as it is placed. */
const costsNothing = ({ placed, written, said }: Draft) => ({
  whole: {
    order: placed,
    lines: written.map((line) => ({ ...line, toldAt: null })),
    standing: {
      ...{ seller: said.seller, isPresent: Boolean(said.present), isAsked: false },
      isDated: written.some(({ releasedAt }) => releasedAt !== null),
    },
  },
  settlement: {
    ...{ orderId: placed.id, provider: 'free', reference: placed.id, amount: 0 },
    ...{ currency: placed.currency, at: placed.placedAt },
  },
})

/** Whether a basket was emptied of what was read in it. Of a membership there is one, whatever number lies there. */
function isAsRead(lines: BasketLine[], emptied: { variantId: string; quantity: number; named: number | null }[]) {
  const taken = new Map(emptied.map((line) => [line.variantId, line]))
  return (
    taken.size === lines.length &&
    lines.every(({ variantId, kind, quantity, named }) => {
      const line = taken.get(variantId)
      return line && line.named === named && (kind === 'membership' || line.quantity === quantity)
    })
  )
}

/** Of what there is too little, said of what lies in the basket: a bundle lacks what a part of it lacks. */
function shortLines(lines: BasketLine[], short: Short[]): BasketProblems {
  const problems: BasketProblems = new Map()
  for (const { variantId, left } of short)
    for (const line of lines) {
      const part = line.parts.find((one) => one.variantId === variantId)
      if (line.variantId === variantId) problems.set(line.variantId, { problem: 'sold-out', left })
      else if (part) problems.set(line.variantId, { problem: 'sold-out', left: Math.floor(left / part.quantity) })
    }
  return problems
}

/** The order that this form placed before; without one, its basket is empty. */
async function standingOrder(tx: Tx, formKey: string): Promise<Result<Placed, OrderProblem>> {
  const row = await tx
    .selectFrom('orders')
    .select(['id as orderId', 'code', 'total', 'currency', 'state'])
    .where('formKey', '=', formKey)
    .executeTakeFirst()
  if (!row) return fail({ problem: 'empty' })
  const { state, ...placed } = row
  return ok({ ...placed, paid: state === 'paid', again: true })
}

/** What sending costs is taxed as what is sent. */
const PARCEL = 'merch'

const sending = (shipping: number, taxFor: (kind: string) => Tax) => ({
  kind: PARCEL,
  gross: shipping,
  tax: taxWithin(shipping, taxFor(PARCEL).rate),
})

function taxOn(
  kind: string,
  { goes, ...said }: { seller: TaxSeller; goes: Parameters<typeof placeOf>[1]; passed: boolean; at: Date },
): Tax {
  const tax = taxOf({ ...said, buyer: placeOf(kind, goes) }, vatRates)
  // Nothing is sold with a tip, so nothing of it is tax.
  return kind === 'tip' ? { ...tax, rate: 0, reason: 'tip' } : tax
}
