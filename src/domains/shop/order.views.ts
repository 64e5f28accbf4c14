import { type Selectable, sql } from 'kysely'
import type { Db, Tables } from '../../platform/database/index.ts'
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
  /** The last day on which something of it is out that is not yet. */
  releasedAt: Date | null
  /** Its buyer said that they take something of it back. */
  isWithdrawn: boolean
  /** Something of it is sent by post. */
  sent: boolean
}

/** The orders of what an artist offers, the latest first. */
export async function ordersOf(db: Db, artistId: string, now: Date, limit = 100): Promise<OrderRow[]> {
  const { rows } = await sql<OrderRow>`
    select o.id, o.code, o.state, o.name, o.mail, o.total, o.refunded, o.currency, o.placed_at as "placedAt",
      array_agg(l.title order by l.position) as titles, bool_or(l.weight is not null) as sent,
      exists (select from withdrawals w where w.order_id = o.id) as "isWithdrawn",
      max(l.released_at) filter (where l.released_at > ${now}) as "releasedAt"
    from orders o join order_lines l on l.order_id = o.id
    where o.artist_id = ${artistId} group by o.id order by o.placed_at desc limit ${limit}`.execute(db)
  return rows
}

export type OrderDetails = Order & {
  lines: StoredLine[]
  seller: { legalName: string; country: string; paysTo: string; artistName: string | null; artistSlug: string | null }
  /** Money that came and did not fit, less what went back of it. */
  stray: { id: string; amount: number; currency: string; reference: string; provider: string }[]
  /** Its payment at a provider: begun, waited for or made; with what was kept of it. */
  card: Card | null
  refunds: (Pick<Selectable<Tables['refunds']>, 'amount' | 'state' | 'problem'> & { at: Date })[]
  withdrawals: Pick<Selectable<Tables['withdrawals']>, 'positions' | 'saidAt'>[]
  disputes: Pick<
    Selectable<Tables['disputes']>,
    'amount' | 'state' | 'dueAt' | 'openedAt' | 'reference' | 'evidenceAt'
  >[]
}

type Card = Pick<Selectable<Tables['payments']>, 'state' | 'url' | 'openUntil' | 'rate'> & {
  settled: { amount: number; currency: string } | null
  fee: { amount: number; currency: string } | null
  isLive: boolean
}

export async function orderById(db: Db, id: string): Promise<OrderDetails | null> {
  const order = await db.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirst()
  if (!order) return null
  const [lines, seller, artist, payments, refunds, disputes, withdrawals] = await Promise.all([
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
      .leftJoin('paymentAccounts', 'paymentAccounts.id', 'payments.accountId')
      .selectAll('payments')
      .select('isLive')
      .where('orderId', '=', id)
      .orderBy('paidAt')
      .orderBy('begunAt')
      .execute(),
    db
      .selectFrom('refunds')
      .select(['amount', 'state', 'problem', 'askedAt as at'])
      .where('orderId', '=', id)
      .orderBy('askedAt')
      .execute(),
    db
      .selectFrom('disputes')
      .select(['amount', 'state', 'dueAt', 'openedAt', 'reference', 'evidenceAt'])
      .where('orderId', '=', id)
      .orderBy('openedAt')
      .execute(),
    db.selectFrom('withdrawals').select(['positions', 'saidAt']).where('orderId', '=', id).orderBy('saidAt').execute(),
  ])
  const paid = payments.filter(({ state }) => state === 'paid')
  // Of before its outcome was kept, the one of the order's sum.
  const known = paid.findIndex(({ outcome }) => outcome === 'paid')
  const likely = paid.findIndex(({ amount, outcome }) => outcome === null && amount === order.total)
  const fits = order.state !== 'paid' ? -1 : known >= 0 ? known : likely
  const taken = paid[fits] ?? payments.findLast(({ state }) => state === 'begun' || state === 'pending')
  return {
    ...order,
    lines,
    seller: {
      ...seller,
      paysTo: seller.paysTo ?? '',
      artistName: artist?.name ?? null,
      artistSlug: artist?.slug ?? null,
    },
    stray: paid
      .filter(({ amount, returned }, index) => index !== fits && amount > returned)
      .map((one) => ({ ...one, amount: one.amount - one.returned })),
    card: taken?.accountId
      ? {
          ...taken,
          isLive: taken.isLive ?? true,
          settled:
            taken.settledAmount !== null && taken.settledCurrency !== null
              ? { amount: taken.settledAmount, currency: taken.settledCurrency }
              : null,
          fee:
            taken.fee !== null && taken.feeCurrency !== null
              ? { amount: taken.fee, currency: taken.feeCurrency }
              : null,
        }
      : null,
    refunds,
    disputes,
    withdrawals,
  }
}

/** What an address paid for, the latest first; what cost nothing has no paper. */
export const paidOrdersOf = (db: Db, mailKey: string) =>
  db
    .selectFrom('orders')
    .select(['id', 'code', 'total', 'currency', 'placedAt'])
    .where('mailKey', '=', mailKey)
    .where('state', '=', 'paid')
    .where('total', '>', 0)
    .orderBy('placedAt', 'desc')
    .limit(200)
    .execute()
