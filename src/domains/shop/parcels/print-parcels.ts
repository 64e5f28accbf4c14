import type { Db } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import { asDownload, inEuroCents } from '../../books/index.ts'
import { type OrderDetails, orderById } from '../order.views.ts'
import { vatRates } from '../rates.ts'
import { shopSettings } from '../settings.store.ts'
import { crossesCustoms, formFor, mayNameIoss, type Place, postageOf, worthOf } from './customs.rules.ts'
import type { Declared } from './customs-sheet.ts'
import { unpackedOf } from './order-parcels.tsx'
import { labelsPdf, type Printed, slipsPdf } from './parcel-pdf.ts'
import { parcelsOf, type SentParcel } from './parcels.views.ts'

const buyersLang = (order: OrderDetails): Lang => (order.language === 'fr' ? 'fr' : 'en')

type Parts = { position: number; quantity: number }[]

/** What customs are told of these parts, where their parcel leaves the customs territory. */
async function declaredOf(
  db: Db,
  order: OrderDetails,
  { parts, from, to }: { parts: Parts; from: Place; to: Place },
): Promise<Declared | null> {
  if (!crossesCustoms(from, to, vatRates.isInEu)) return null
  const ids = order.lines.flatMap(({ productId }) => productId ?? [])
  const said = new Map(
    (
      await db
        .selectFrom('products')
        .select(['id', 'customsName', 'hsCode', 'origin'])
        .where('id', 'in', ids.length > 0 ? ids : [order.id])
        .execute()
    ).map((product) => [product.id, product]),
  )
  const lines = order.lines.flatMap((line) => {
    const product = said.get(line.productId ?? '')
    const name = [product?.customsName || line.title, line.variant].filter(Boolean).join(', ')
    const { hsCode = '', origin = '' } = product ?? {}
    return parts
      .filter(({ position }) => position === line.position)
      .map(({ quantity }) => ({
        ...{ name, quantity, grams: (line.weight ?? 0) * quantity },
        ...{ worth: worthOf(line, quantity), hsCode, origin },
      }))
  })
  const { currency, sellerId } = order
  const amount = lines.reduce((sum, { worth }) => sum + worth, 0)
  const grams = lines.reduce((sum, line) => sum + line.grams, 0)
  const cents = await inEuroCents(db, sellerId, { amount, currency }, order.placedAt.toISOString().slice(0, 10))
  const euros = cents === null ? null : cents / 100
  const { ioss } = await shopSettings(db, sellerId)
  return {
    form: formFor({ euros, grams, lines: lines.length }),
    ioss: mayNameIoss({ euros, to }, vatRates.isInEu) ? ioss : '',
    ...{ currency, postage: postageOf(order), lines },
  }
}

async function printed(db: Db, order: OrderDetails, parts: Parts): Promise<Printed | null> {
  const { code, placedAt, address } = order
  // Nothing is shipped unpaid.
  if (order.state !== 'paid' || !address || parts.length === 0) return null
  const sender = await db
    .selectFrom('sellers')
    .select(['legalName', 'address', 'country'])
    .where('id', '=', order.sellerId)
    .executeTakeFirstOrThrow()
  const lines = order.lines.flatMap(({ position, title, variant, weight }) =>
    parts
      .filter((part) => part.position === position)
      .map(({ quantity }) => ({ title, variant, quantity, grams: (weight ?? 0) * quantity })),
  )
  const from = { country: sender.country, postcode: sender.address.postcode ?? '' }
  const declared = await declaredOf(db, order, { parts, from, to: address })
  return { code, placedAt, address, lang: buyersLang(order), sender, lines, declared }
}

/** What waits of an order; once all of it has left, what was sent. */
function partsToPrint(order: OrderDetails, parcels: SentParcel[]): Parts {
  const sent = parcels.filter(({ sentAt }) => sentAt)
  const waiting = unpackedOf(order, sent).map(({ line: { position }, left: quantity }) => ({ position, quantity }))
  return waiting.length > 0 ? waiting : sent.filter(({ kind }) => kind === 'order').flatMap(({ lines }) => lines)
}

/** Labels or slips of orders as one file, those of which nothing goes by post left out; null when none is left. */
export async function printOrders(
  db: Db,
  ids: string[],
  { what, lang }: { what: 'label' | 'slip'; lang: Lang },
): Promise<Response | null> {
  const sheets: Printed[] = []
  for (const id of ids) {
    const order = await orderById(db, id)
    const sheet = order && (await printed(db, order, partsToPrint(order, await parcelsOf(db, id))))
    if (sheet) sheets.push(sheet)
  }
  if (sheets.length === 0) return null
  const bytes = what === 'label' ? await labelsPdf(sheets, lang) : await slipsPdf(sheets, lang)
  return asDownload({
    name: `${sheets.length === 1 ? `${sheets[0]?.code}-` : ''}${what}${sheets.length === 1 ? '' : 's'}.pdf`,
    bytes: new Uint8Array(bytes),
  })
}

/** The slip of what lies in one parcel. */
export async function printParcel(db: Db, parcel: { id: string; orderId: string }): Promise<Response | null> {
  const order = await orderById(db, parcel.orderId)
  const found = (await parcelsOf(db, parcel.orderId)).find(({ id }) => id === parcel.id)
  const sheet = order && found && (await printed(db, order, found.lines))
  if (!sheet) return null
  const bytes = await slipsPdf([sheet], sheet.lang)
  return asDownload({ name: `${sheet.code}-slip.pdf`, bytes: new Uint8Array(bytes) })
}
