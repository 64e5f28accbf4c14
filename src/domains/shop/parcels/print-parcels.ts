import type { Db } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import { asDownload } from '../../books/index.ts'
import { type OrderDetails, orderById } from '../order.views.ts'
import { unpackedOf } from './order-parcels.tsx'
import { labelsPdf, type Printed, slipsPdf } from './parcel-pdf.ts'
import { parcelsOf, type SentParcel } from './parcels.views.ts'

const buyersLang = (order: OrderDetails): Lang => (order.language === 'fr' ? 'fr' : 'en')

type Parts = { position: number; quantity: number }[]

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
  return { code, placedAt, address, lang: buyersLang(order), sender, lines }
}

/** What waits of an order; once all of it has left, what was sent. */
function partsToPrint(order: OrderDetails, parcels: SentParcel[]): Parts {
  const waiting = unpackedOf(
    order,
    parcels.filter(({ sentAt }) => sentAt),
  ).map(({ line: { position }, left: quantity }) => ({ position, quantity }))
  return waiting.length > 0 ? waiting : parcels.filter(({ kind }) => kind === 'order').flatMap(({ lines }) => lines)
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
