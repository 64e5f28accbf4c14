import { sql } from 'kysely'
import { prepared, rowsAsJson, type Tx } from '../../platform/database/index.ts'
import { dayIn } from '../../platform/days.ts'
import { newId } from '../../platform/ids.ts'
import { addJob, jobRows } from '../../platform/jobs/index.ts'
import { type Account, type Line, type NewEntry, openAccounts, record, recordAll, type Seller } from '../books/index.ts'
import { isSubject, type NewReturn, recordReturns, type Subject } from '../exchange/index.ts'
import { countAbroad, lockAbroad } from './cross-border.store.ts'
import { isDropped, takeUp } from './members/take-up.ts'
import { lockWhole, type Order, type OrderWhole, partsOf, type StoredLine } from './order.store.ts'
import { invoiceOrder } from './papers.ts'
import { holdStock } from './stock.store.ts'
import { isGoods } from './tax.rules.ts'

export type Settlement = {
  orderId: string
  provider: string
  /** The provider's own name for the payment. */
  reference: string
  amount: number
  currency: string
  at: Date
}

export type Settled =
  | 'paid'
  /** It was paid before: nothing happened. */
  | 'again'
  /** Another sum than the order's: the money is in the books, a person decides. */
  | 'wrong-amount'
  /** It came after the order was given up and what it wanted is gone: the money is in the books, a person gives it back. */
  | 'too-late'

/**
 * The whole effect of a payment, in one transaction, entered by whoever learns of it (the buyer's return, a webhook, the reconciliation, a person
 * at the till): payment, stock, books, invoice, exchange, what is handed over, receipt. Twice is once. What was kept for it leaves the stock at the commit.
 */
export async function settleOrder(tx: Tx, settlement: Settlement): Promise<Settled> {
  const whole = await lockWhole(tx, settlement.orderId, settlement.at)
  const { order } = whole
  const fits = order.state !== 'paid' && settlement.amount === order.total && settlement.currency === order.currency
  if (!fits) return keepMoney(tx, whole, settlement, 'wrong-amount')
  if (order.state !== 'placed') {
    if (await isTakenIn(tx, settlement)) return 'again'
    // Who pays in time opens accounts and counts what goes abroad first, and takes from the stock at the commit: who takes from it first would wait for
    // them, and they for us.
    const { lines, standing } = whole
    await openAccounts(tx, order.sellerId, entriesOf(whole, settlement))
    await lockAbroad(tx, standing.seller, order, lines, { shares: partsOf(order, lines), paidAt: settlement.at })
    if (!(await takenUpAgain(tx, order))) return keepMoney(tx, whole, settlement, 'too-late')
  }
  return (await payAll(tx, [{ whole, settlement }])) > 0 ? 'paid' : 'again'
}

/** Money that fits no order is in the books, and a person decides. */
async function keepMoney(
  tx: Tx,
  { order, standing: { seller } }: OrderWhole,
  settlement: Settlement,
  outcome: 'wrong-amount' | 'too-late',
): Promise<Settled> {
  const [payment] = await arrived(tx, ...arrivals([settlement], outcome))
  if (!payment) return 'again'
  if (settlement.amount > 0) await record(tx, paymentEntry(seller, order, settlement))
  return outcome
}

type Payment = { whole: OrderWhole; settlement: Settlement }

/** The payments of orders that this transaction has locked or placed, which wait for just these. Answers with how many had not been taken in before. */
export async function payAll(tx: Tx, payments: Payment[]): Promise<number> {
  const given = []
  // What is for a friend is theirs when they take it.
  for (const { whole, settlement } of payments)
    if (!whole.standing.isPresent)
      given.push(...(await holdingsOf(tx, whole.order, whole.lines, settlement.at, whole.standing.isDated)))
  const told = payments.filter(tells).map(({ whole }) => whole.order.id)
  const settlements = payments.map(({ settlement }) => settlement)
  const rows = await paid(tx, ...arrivals(settlements, 'paid'), rowsAsJson(given), told)
  const fresh = payments.filter(({ settlement }) => rows.some(({ orderId }) => orderId === settlement.orderId))
  for (const payment of fresh) await book(tx, payment)
  const releases = await releasesOf(tx, fresh)
  await recordReturns(
    tx,
    fresh.flatMap((payment) => returnsOf(payment, releases)),
  )
  if (rows[0]?.told === false)
    for (const { whole } of fresh.filter(tells)) await addJob(tx, 'shop.mail-order', { orderId: whole.order.id })
  return fresh.length
}

/** At a table one need not say who one is. */
const tells = ({ whole }: Payment): boolean => whole.order.mail !== ''

/** What of a payment the books say, and whoever waited for it. */
async function book(tx: Tx, { whole: { order, lines, standing }, settlement }: Payment): Promise<void> {
  const { at } = settlement
  const { seller } = standing
  if (order.total > 0) {
    await recordAll(tx, seller, entriesOf({ order, lines, standing }, settlement))
    await countAbroad(tx, seller, order, lines, { shares: partsOf(order, lines), sign: 1, paidAt: at })
    await invoiceOrder(tx, seller, order, lines, at)
  }
  if (standing.isPresent) await addJob(tx, 'shop.presents', {})
  if (standing.isAsked || lines.some(({ kind }) => kind === 'membership')) await takeUp(tx, order, lines, at)
}

const ARRIVED = `insert into payments as p (id, order_id, provider, reference, amount, currency, paid_at, begun_at, outcome, state)
  select id, order_id, provider, reference, amount, currency, at, at, $8, 'paid'
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::timestamptz[])
    as said(id, order_id, provider, reference, amount, currency, at)
  on conflict (provider, reference) do update set state = 'paid', amount = excluded.amount, currency = excluded.currency,
    paid_at = excluded.paid_at, outcome = excluded.outcome where p.state <> 'paid'
  returning order_id, paid_at`

const arrived = prepared<{ orderId: string }>(() => sql.raw(ARRIVED))

/** The payments, and all that the shop itself writes of them; nothing of one that was taken in before. Who pays after the day has a thing at once, and need not be told that it is out. */
const paid = prepared<{ orderId: string; told: boolean }>(
  () => sql`
    with arrived as (${sql.raw(ARRIVED)}),
      closed as (update orders o set state = 'paid', paid_at = a.paid_at, hold_until = null, closed_at = null from arrived a where o.id = a.order_id),
      told as (update order_lines l set told_at = a.paid_at from arrived a where l.order_id = a.order_id and l.released_at <= a.paid_at),
      given as (
        insert into holdings (id, mail_key, subject, artist_id, source, key, order_id, from_at)
        select h.id, h.mail_key, h.subject, h.artist_id, h.source, h.key, h.order_id, h.from_at
        from json_populate_recordset(null::holdings, $9::json) h join arrived on arrived.order_id = h.order_id on conflict (key) do nothing
      ),
      receipt as (
        ${jobRows('shop.mail-order', sql`json_build_object('orderId', o.order_id)`, sql`(select order_id from arrived where order_id = any($10::uuid[])) o`)}
      )
    select order_id, exists (select from receipt) as told from arrived`,
)

const arrivals = (settlements: Settlement[], outcome: Settled): unknown[] => {
  const column = <K extends keyof Settlement>(name: K) => settlements.map((one) => one[name])
  return [
    ...[settlements.map(() => newId()), column('orderId'), column('provider'), column('reference'), column('amount')],
    ...[column('currency'), column('at'), outcome],
  ]
}

const isTakenIn = async (tx: Tx, { provider, reference }: Settlement): Promise<boolean> =>
  (await tx
    .selectFrom('payments')
    .select('id')
    .where('provider', '=', provider)
    .where('reference', '=', reference)
    .where('state', '=', 'paid')
    .executeTakeFirst()) !== undefined

/** An order that was given up and is paid after all is taken up again while there is what it wants. */
async function takenUpAgain(tx: Tx, order: Order): Promise<boolean> {
  if (await isDropped(tx, order.id)) return false
  const wanted = await tx
    .selectFrom('orderLines')
    .select(['variantId', 'quantity'])
    .where('orderId', '=', order.id)
    .execute()
  const known = wanted.flatMap(({ variantId, quantity }) => (variantId ? [{ variantId, quantity }] : []))
  return known.length === wanted.length && (await holdStock(tx, order.id, known)).length === 0
}

const aboutEntry = ({ id: sellerId, timeZone }: Seller, order: Order, at: Date) => ({
  ...{ sellerId, bookedOn: dayIn(at, timeZone), at, reference: order.code },
})

/** What the books say of an order that is paid. */
const entriesOf = ({ order, lines, standing: { seller } }: OrderWhole, settlement: Settlement): NewEntry[] => [
  paymentEntry(seller, order, settlement),
  {
    ...aboutEntry(seller, order, settlement.at),
    ...{ key: `order:${order.id}:sale`, kind: 'sale', lines: saleLines(order, lines) },
  },
]

const paymentEntry = (seller: Seller, order: Order, settlement: Settlement): NewEntry => {
  const { provider, reference, amount, currency, at } = settlement
  return {
    ...{ ...aboutEntry(seller, order, at), key: `payment:${provider}:${reference}`, kind: 'payment' },
    lines: [
      { account: { kind: 'clearing', of: provider }, amount, currency },
      { account: { kind: 'customers' }, amount: -amount, currency },
    ],
  }
}

/** What the books speak of for a line. */
export const subjectOf = ({ subject, productId }: StoredLine): string => subject ?? `product:${productId}`

/** What a sale books: the customer owes the total; for each line what was earned, and the tax within that is another's. */
export function saleLines(order: Order, lines: StoredLine[]): Line[] {
  const { currency, country } = order
  return [
    { account: { kind: 'customers' }, amount: order.total, currency },
    ...lines.flatMap((line) => earnedLines(order, line, { gross: line.gross, tax: line.tax }, line.quantity)),
    { account: { kind: 'sales-shipping' }, amount: -(order.shipping - order.shippingTax), currency, country },
    { account: shippingTaxAccount(order), amount: -order.shippingTax, currency, country },
  ]
}

/** What of an order's line was earned, and whose tax is in it, as credits. */
export function earnedLines(
  { currency, country }: Order,
  line: StoredLine,
  { gross, tax }: { gross: number; tax: number },
  quantity?: number,
): Line[] {
  const about = { currency, country, subject: subjectOf(line) }
  const sales = isGoods(line.kind) ? 'sales-goods' : 'sales-digital'
  return [
    { ...about, account: { kind: sales }, amount: -(gross - tax), ...(quantity && { quantity }) },
    { ...about, account: { kind: 'vat-collected', of: `${line.taxCountry}:${line.rate}` }, amount: -tax },
  ]
}

export const shippingTaxAccount = (order: Order): Account => ({
  kind: 'vat-collected',
  of: `${order.shippingTaxCountry}:${order.shippingRate}`,
})

/** What may be downloaded from now on, and for ever; what is not out yet from its day on, with the tracks that come at once. */
export async function handOver(tx: Tx, order: Order, lines: StoredLine[], at: Date): Promise<void> {
  const given = await holdingsOf(tx, order, lines, at)
  if (given.length > 0)
    await tx
      .insertInto('holdings')
      .values(given)
      .onConflict((conflict) => conflict.column('key').doNothing())
      .execute()
}

/** `isDated`: whether something of it may not be out yet. */
async function holdingsOf(tx: Tx, order: Order, lines: StoredLine[], at: Date, isDated = true) {
  const given = order.mailKey ? lines.filter(({ subject }) => subject !== null) : []
  if (given.length === 0) return []
  const dated = isDated ? await datesOf(tx, given, at) : new Map<string, Dates>()
  const holding = (line: StoredLine, more: { subject: string; source: string; key: string; fromAt: Date }) => ({
    ...{ id: newId(at.getTime()), mailKey: order.mailKey, artistId: line.artistId, orderId: order.id, revokedAt: null },
    ...more,
  })
  return given.flatMap((line) => {
    const key = `order:${order.id}:${line.position}`
    const { releasedAt, early } = dated.get(line.productId ?? '') ?? { releasedAt: null, early: [] }
    return [
      holding(line, { subject: line.subject as string, source: 'order', key, fromAt: releasedAt ?? at }),
      ...early.map((id) => holding(line, { subject: `track:${id}`, source: 'early', key: `${key}:${id}`, fromAt: at })),
    ]
  })
}

type Dates = { releasedAt: Date; early: string[] }

/** Of these lines, what is not out yet: from when on it is, and which of its tracks come at once. By product; its day is kept from changing meanwhile. */
async function datesOf(tx: Tx, lines: StoredLine[], at: Date): Promise<Map<string, Dates>> {
  const { rows } = await sql<Dates & { id: string }>`
    select p.id, p.released_at as "releasedAt", array(select e.track_id from early_tracks e where e.product_id = p.id) as early
    from products p where p.released_at > ${at} and p.id = any(${lines.map(({ productId }) => productId)}::uuid[]) for share of p`.execute(
    tx,
  )
  return new Map(rows.map(({ id, ...dates }) => [id, dates]))
}

/** The releases of tracks that are sold alone, by the subject of each: a track was given with its release. */
async function releasesOf(tx: Tx, payments: Payment[]): Promise<Map<string, Subject>> {
  const subjects = payments.flatMap(({ whole: { lines } }) => lines.map(({ subject }) => subject ?? ''))
  const ids = subjects.flatMap((subject) => (subject.startsWith('track:') ? [subject.slice('track:'.length)] : []))
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; releaseId: string }>`
    select id, release_id as "releaseId" from tracks where id = any(${ids}::uuid[])
    union all select id, release_id from removed_tracks where id = any(${ids}::uuid[])`.execute(tx)
  return new Map(rows.map(({ id, releaseId }) => [`track:${id}`, `release:${releaseId}`]))
}

/** An order is a return with money; one that cost nothing is an acceptance, as a download is. */
function returnsOf(
  { whole: { order, lines }, settlement: { at } }: Payment,
  releases: Map<string, Subject>,
): NewReturn[] {
  const { token = null, referrer = null, givenAs } = order.way
  return lines.flatMap((line): NewReturn[] => {
    if (!line.artistId) return []
    const subject: Subject = isSubject(line.subject) ? line.subject : `product:${line.productId}`
    return [
      {
        artistId: line.artistId,
        key: `order:${order.id}:${line.position}`,
        kind: line.kind === 'tip' ? 'tip' : line.gross > 0 ? 'order' : 'acceptance',
        subject,
        givenAs: isSubject(givenAs) ? givenAs : (releases.get(subject) ?? subject),
        ...{ personId: order.personId, at, token, referrer },
        ...(line.gross > 0 && { money: { amount: line.gross - line.tax, currency: order.currency } }),
        details: { quantity: line.quantity },
      },
    ]
  })
}
