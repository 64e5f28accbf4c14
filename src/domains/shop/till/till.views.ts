import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import type { PaidWith, Short } from './till.rules.ts'

/** What can be sold at a table: whatever is offered and can be held in a hand. */
export type TillThing = {
  variantId: string
  title: string
  variant: string
  price: number
  /** How many may still be had; null: not counted. */
  left: number | null
}

export async function tillThings(db: Db | Tx, artistId: string, currency: string): Promise<TillThing[]> {
  const { rows } = await sql<TillThing>`
    select v.id as "variantId", p.title, v.name as variant, coalesce(v.price, p.suggested, p.price) as price, v.stock - v.held as left
    from products p join variants v on v.product_id = p.id
    where p.artist_id = ${artistId} and p.currency = ${currency} and p.state = 'offered' and p.kind in ('record', 'merch') and v.removed_at is null
    order by p.position, p.created_at, v.position, v.id`.execute(db)
  return rows
}

export type TillRow = {
  id: string
  artistId: string | null
  sellerId: string
  place: string
  currency: string
  begunWith: number
  openedAt: Date
  counted: number | null
  givenBack: number | null
  note: string
  closedAt: Date | null
  /** Minor units: what was sold for cash, and what was paid otherwise. */
  cash: number
  other: number
  sales: number
  /** Given back out of the box until now. */
  returned: number
}

const tills = (db: Db | Tx, which: ReturnType<typeof sql>) =>
  sql<TillRow>`
    select t.id, t.artist_id as "artistId", t.seller_id as "sellerId", t.place, t.currency, t.begun_with as "begunWith", t.opened_at as "openedAt", t.counted,
      t.given_back as "givenBack", t.note, t.closed_at as "closedAt", s.cash, s.other, s.sales, r.returned
    from tills t
    cross join lateral (
      select coalesce(sum(o.total) filter (where x.paid_with = 'cash'), 0)::bigint as cash, coalesce(sum(o.total) filter (where x.paid_with = 'other'), 0)::bigint as other,
        count(*)::int as sales
      from till_sales x join orders o on o.id = x.order_id where x.till_id = t.id
    ) s
    cross join lateral (
      select coalesce(sum(f.amount), 0)::bigint as returned from till_sales x join refunds f on f.order_id = x.order_id
      where x.till_id = t.id and x.paid_with = 'cash' and f.state = 'done'
    ) r
    where ${which} order by t.opened_at desc limit 200`.execute(db)

/** The evenings at an artist's table, the last one first. */
export const tillsOf = async (db: Db, artistId: string): Promise<TillRow[]> =>
  (await tills(db, sql`t.artist_id = ${artistId}`)).rows

export const tillById = async (db: Db | Tx, id: string): Promise<TillRow | null> =>
  (await tills(db, sql`t.id = ${id}`)).rows[0] ?? null

export type TillSale = {
  id: string
  orderId: string
  code: string
  at: Date
  paidWith: PaidWith
  total: number
  refunded: number
  isLate: boolean
  short: Short[]
  what: string[]
}

/** What was sold in an evening, the last sale first. */
export async function salesOf(db: Db, tillId: string): Promise<TillSale[]> {
  const { rows } = await sql<TillSale>`
    select x.id, x.order_id as "orderId", o.code, o.paid_at as at, x.paid_with as "paidWith", o.total, o.refunded, x.is_late as "isLate", x.short,
      array(select l.quantity || ' × ' || l.title || case when l.variant = '' then '' else ', ' || l.variant end
        from order_lines l where l.order_id = o.id order by l.position) as what
    from till_sales x join orders o on o.id = x.order_id where x.till_id = ${tillId} order by o.paid_at desc, x.id desc`.execute(
    db,
  )
  return rows
}
