import type { Db, Tx } from '../../platform/database/index.ts'
import { dayIn } from '../../platform/days.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { asDownload, issuePaper, type PaperLine, paperFile, papersUnder, type Seller } from '../books/index.ts'
import { type Order, partsOf, type StoredLine } from './order.store.ts'
import { words } from './pages/words.ts'
import { reasonsOf } from './tax.rules.ts'

/** The names of an order's papers: each is issued once, however often what it is for is told. */
const invoiceKey = (orderId: string) => `order:${orderId}:invoice`
const creditKey = (refundKey: string) => `refund:${refundKey}:credit-note`
const undoneKey = (refundKey: string) => `refund:${refundKey}:undone`

type Share = { gross: number; tax: number }

const langOf = (order: Order): Lang => (order.language === 'fr' ? 'fr' : 'en')

const titleOf = (line: StoredLine) =>
  [line.title, line.variant, line.bundle && `(${line.bundle})`].filter(Boolean).join(', ')

/** What of each line, and of the sending, as a paper says it. `sign`: -1 on a credit note. */
function paperLines(order: Order, lines: StoredLine[], shares: Share[], sign: 1 | -1): PaperLine[] {
  const parts = [
    ...lines.map((line) => ({ what: titleOf(line), quantity: line.quantity, gross: line.gross, taxRate: line.rate })),
    {
      ...{ what: words(langOf(order))('shipping'), quantity: 1 },
      ...{ gross: order.shipping, taxRate: order.shippingRate },
    },
  ]
  return parts.flatMap(({ gross: whole, quantity, ...part }, index) => {
    const { gross, tax } = shares[index] ?? { gross: 0, tax: 0 }
    if (gross === 0 && (sign < 0 || index === lines.length)) return []
    return [{ ...part, quantity: gross === whole ? quantity : 1, net: sign * (gross - tax), tax: sign * tax }]
  })
}

/** Of the reasons of all lines and of the sending, those that a paper has to say. */
const elsewhere = (order: Order, lines: StoredLine[]) => ({
  taxed: reasonsOf(order, lines).flatMap((reason) =>
    reason === 'export' || reason === 'oss' || reason === 'tip' ? [reason] : [],
  ),
})

/** What all papers of an order say alike. */
const aboutOrder = (order: Order, lines: StoredLine[]) => ({
  language: langOf(order),
  buyer: {
    name: order.address?.name || order.name || order.mail,
    address: order.address
      ? {
          lines: order.address.lines,
          postcode: order.address.postcode,
          city: order.address.city,
          region: order.address.region,
        }
      : {},
    country: order.address?.country ?? order.country,
  },
  currency: order.currency,
  reference: order.code,
  ...elsewhere(order, lines),
})

/** Of what costs nothing there is none, nor of a tip, which is no sale, nor where nobody said who they are: at a table one need not. */
const hasPapers = (order: Order, lines: StoredLine[]): boolean =>
  order.total > 0 && Boolean(order.mail || order.name) && lines.some(({ kind }) => kind !== 'tip')

/** The invoice of an order that is paid, in the transaction of its payment; issued before, it stands. */
export async function invoiceOrder(
  tx: Tx,
  seller: Seller,
  order: Order,
  lines: StoredLine[],
  paidAt: Date,
  at = paidAt,
): Promise<void> {
  if (!hasPapers(order, lines)) return
  const zone = seller.timeZone
  const shares = partsOf(order, lines)
  await issuePaper(tx, seller, {
    ...aboutOrder(order, lines),
    key: invoiceKey(order.id),
    kind: 'invoice',
    issuedOn: dayIn(at, zone),
    suppliedOn: dayIn(paidAt, zone),
    paidOn: dayIn(paidAt, zone),
    lines: paperLines(order, lines, shares, 1),
    at,
  })
}

type Given = { key: string; shares: Share[]; at: Date }

/** The credit note of a refund, in its transaction. An order that was paid before there were invoices gets its own first. */
export async function creditRefund(
  tx: Tx,
  seller: Seller,
  order: Order,
  lines: StoredLine[],
  { key, shares, at }: Given,
): Promise<void> {
  if (!hasPapers(order, lines)) return
  if (order.paidAt) await invoiceOrder(tx, seller, order, lines, order.paidAt, at)
  const day = dayIn(at, seller.timeZone)
  await issuePaper(tx, seller, {
    ...aboutOrder(order, lines),
    ...{ key: creditKey(key), kind: 'credit-note', issuedOn: day, paidOn: day, corrects: invoiceKey(order.id) },
    lines: paperLines(order, lines, shares, -1),
    at,
  })
}

/** Money that never arrived: the credit note stays in its series, and an invoice takes it back. None where there was no credit note. */
export async function takeBackCredit(
  tx: Tx,
  seller: Seller,
  order: Order,
  lines: StoredLine[],
  { key, shares, at }: Given,
): Promise<void> {
  if ((await papersUnder(tx, order.sellerId, [creditKey(key)])).length === 0) return
  const day = dayIn(at, seller.timeZone)
  await issuePaper(tx, seller, {
    ...aboutOrder(order, lines),
    ...{ key: undoneKey(key), kind: 'invoice', issuedOn: day, paidOn: day, corrects: creditKey(key) },
    lines: paperLines(order, lines, shares, 1).filter(({ net, tax }) => net + tax > 0),
    at,
  })
}

export type OrderPaper = { key: string; kind: 'invoice' | 'credit-note'; name: string | null }

/** The papers of an order, its invoice first. */
export async function papersOfOrder(db: Db, order: Pick<Order, 'id' | 'sellerId'>): Promise<OrderPaper[]> {
  const refunds = await db.selectFrom('refunds').select('key').where('orderId', '=', order.id).execute()
  return papersUnder(db, order.sellerId, [
    invoiceKey(order.id),
    ...refunds.flatMap(({ key }) => [creditKey(key), undoneKey(key)]),
  ])
}

/** The paper at a place of that list, from 1 on (`2.pdf`), as a file; null when there is none. */
export async function givePaper(
  platform: Pick<Platform, 'db'>,
  order: Pick<Order, 'id' | 'sellerId'>,
  place: string,
): Promise<Response | null> {
  const paper = (await papersOfOrder(platform.db, order))[Number.parseInt(place, 10) - 1]
  const file = paper && (await paperFile(platform, order.sellerId, paper.key))
  return file ? asDownload(file) : null
}
