import { sql } from 'kysely'
import type { Db } from '../../platform/database/index.ts'
import { linesOf, type Order, type StoredLine } from './order.store.ts'
import type { OrderState } from './tables.ts'

export type OrderRow = {
  id: string
  code: string
  state: OrderState
  name: string
  mail: string
  total: number
  refunded: number
  currency: string
  placedAt: Date
  titles: string[]
  /** Something of it is sent by post. */
  sent: boolean
}

/** The orders of what an artist offers, the latest first. */
export async function ordersOf(db: Db, artistId: string, limit = 100): Promise<OrderRow[]> {
  const { rows } = await sql<OrderRow>`
    select o.id, o.code, o.state, o.name, o.mail, o.total, o.refunded, o.currency, o.placed_at as "placedAt",
      array_agg(l.title order by l.position) as titles, bool_or(l.weight is not null) as sent
    from orders o join order_lines l on l.order_id = o.id
    where o.artist_id = ${artistId} group by o.id order by o.placed_at desc limit ${limit}`.execute(db)
  return rows
}

export type OrderDetails = Order & {
  lines: StoredLine[]
  seller: { legalName: string; country: string; paysTo: string; artistName: string | null; artistSlug: string | null }
  /** Money that came and did not fit. */
  stray: { amount: number; currency: string; reference: string }[]
}

export async function orderById(db: Db, id: string): Promise<OrderDetails | null> {
  const order = await db.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirst()
  if (!order) return null
  const [lines, seller, artist, paid] = await Promise.all([
    linesOf(db, id),
    db
      .selectFrom('sellers')
      .leftJoin('shopSettings', 'shopSettings.sellerId', 'sellers.id')
      .select(['legalName', 'country', 'paysTo'])
      .where('sellers.id', '=', order.sellerId)
      .executeTakeFirstOrThrow(),
    order.artistId
      ? db.selectFrom('artists').select(['name', 'slug']).where('id', '=', order.artistId).executeTakeFirst()
      : undefined,
    db
      .selectFrom('payments')
      .select(['amount', 'currency', 'reference'])
      .where('orderId', '=', id)
      .where('state', '=', 'paid')
      .orderBy('paidAt')
      .execute(),
  ])
  const fits = order.state === 'paid' ? paid.findIndex(({ amount }) => amount === order.total) : -1
  return {
    ...order,
    lines,
    seller: {
      ...seller,
      paysTo: seller.paysTo ?? '',
      artistName: artist?.name ?? null,
      artistSlug: artist?.slug ?? null,
    },
    stray: paid.filter((_, index) => index !== fits),
  }
}
