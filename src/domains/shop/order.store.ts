import { type Selectable, sql } from 'kysely'
import { type Db, prepared, rowsAsJson, type Tables, type Tx } from '../../platform/database/index.ts'
import { addJob, jobRows } from '../../platform/jobs/index.ts'
import { type Seller, sellerById, sellerColumn } from '../books/index.ts'

export type Order = Omit<Selectable<Tables['orders']>, 'allSent'>
export type StoredLine = Selectable<Tables['orderLines']>

/**
 * The order, kept from others until the transaction ends. Its key stays as it is, so who writes a row that names the order does not wait: they may hold what
 * we wait for.
 */
export const lockOrder = (tx: Tx, id: string): Promise<Order> =>
  tx.selectFrom('orders').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirstOrThrow()

/** What was ordered, in its order. */
export const linesOf = (db: Db | Tx, orderId: string): Promise<StoredLine[]> =>
  db.selectFrom('orderLines').selectAll().where('orderId', '=', orderId).orderBy('position').execute()

/** What an order is made of, among which money is shared: its lines, and the sending last. */
export const partsOf = (
  { shipping, shippingTax }: Pick<Order, 'shipping' | 'shippingTax'>,
  lines: readonly StoredLine[],
) => [...lines, { gross: shipping, tax: shippingTax }]

/** Disputes `d` over what paid an order `o`. Of who paid twice, what fitted nothing paid for nothing. Of before its outcome was kept, a payment counts. */
const OVER_IT = sql`select from disputes d join payments y on y.id = d.payment_id where d.order_id = o.id and coalesce(y.outcome, 'paid') = 'paid'`

/** Whether a dispute was lost over what paid an order `o`: whoever paid has their money back. */
export const LOST = sql<boolean>`exists (${OVER_IT} and d.state = 'lost')`

/** Whether their bank asks for what paid an order `o`, or has taken it back. */
export const DISPUTED = sql<boolean>`exists (${OVER_IT} and d.state in ('asked', 'open', 'lost'))`

export async function isLost(tx: Db | Tx, orderId: string): Promise<boolean> {
  const { rows } = await sql`select from orders o where o.id = ${orderId} and ${LOST}`.execute(tx)
  return rows.length > 0
}

/** By whose clock the seller's days are counted. */
export const sellerZone = async (tx: Db | Tx, sellerId: string): Promise<string> =>
  (await tx.selectFrom('sellers').select('timeZone').where('id', '=', sellerId).executeTakeFirstOrThrow()).timeZone

export async function sellerOfOrder(tx: Tx, { sellerId }: Pick<Order, 'sellerId'>): Promise<Seller> {
  const seller = await sellerById(tx, sellerId)
  if (!seller) throw new Error('no such seller')
  return seller
}

/** What the payment of an order has to know of it, beside the order and its lines. */
export type Standing = {
  seller: Seller
  /** For a friend, whose it is when they take it. */
  isPresent: boolean
  /** The period of a membership, asked for. */
  isAsked: boolean
  /** Something of it is not out yet. */
  isDated: boolean
}

export type OrderWhole = { order: Order; lines: StoredLine[]; standing: Standing }

const ORDER = [
  ...['id', 'code', 'form_key', 'seller_id', 'artist_id', 'state', 'mail', 'mail_key', 'name', 'language', 'country'],
  ...['address', 'currency', 'shipping', 'shipping_tax', 'shipping_rate', 'shipping_tax_country', 'shipping_refunded'],
  ...['tax', 'total', 'refunded', 'shipping_tax_reason', 'evidence', 'terms', 'provider', 'person_id', 'way', 'note'],
  ...['placed_at', 'hold_until', 'paid_at', 'closed_at'],
]
const LINE = [
  ...['order_id', 'position', 'product_id', 'variant_id', 'artist_id', 'kind', 'subject', 'title', 'variant', 'bundle'],
  ...['quantity', 'each', 'gross', 'tax', 'rate', 'tax_country', 'tax_reason', 'weight', 'refunded', 'released_at'],
]
const of = (alias: string, columns: string[]) => sql.join(columns.map((column) => sql.ref(`${alias}.${column}`)))

const lockedWhole = prepared<
  Order & Standing & { lines: (StoredLine & { releasedAt: string | null; toldAt: string | null })[] }
>(
  () => sql`
    select ${of('o', ORDER)}, ${sellerColumn('s')} as seller,
      exists (select from presents p where p.order_id = o.id) as is_present,
      exists (select from member_periods m where m.order_id = o.id) as is_asked,
      exists (select from order_lines l join products p on p.id = l.product_id where l.order_id = o.id and p.released_at > $2) as is_dated,
      (select json_agg(json_build_object(${sql.join(
        [...LINE, 'told_at'].flatMap((column) => [sql.lit(camel(column)), sql.ref(`l.${column}`)]),
      )}) order by l.position) from order_lines l where l.order_id = o.id) as lines
    from orders o join sellers s on s.id = o.seller_id where o.id = $1 for no key update of o`,
)

/** The order with all that its payment has to know at a moment, kept from others until the transaction ends. */
export async function lockWhole(tx: Tx, id: string, at: Date): Promise<OrderWhole> {
  const [row] = await lockedWhole(tx, id, at)
  if (!row) throw new Error('no such order')
  const { seller, isPresent, isAsked, isDated, lines, ...order } = row
  const moment = (text: string | null) => (text === null ? null : new Date(text))
  return {
    order,
    lines: (lines ?? []).map((line) => ({ ...line, releasedAt: moment(line.releasedAt), toldAt: moment(line.toldAt) })),
    standing: { seller, isPresent, isAsked, isDated },
  }
}

type Wanted = { variantId: string; quantity: number }
/** What lay in a basket; `quantity` and `named` as they were put there. */
type Taken = Wanted & { named: number | null }
export type Short = { variantId: string; left: number }

const written = prepared<{ id: string; emptied: Taken[] | null; told: boolean; short: Short[] | null }>(
  () => sql`
    with placed as (
      insert into orders (${sql.join(ORDER.map((column) => sql.ref(column)))})
      select ${of('o', ORDER)} from json_populate_recordset(null::orders, $1::json) o
      on conflict (form_key) do nothing returning id
    ), lines as (
      insert into order_lines (${sql.join(LINE.map((column) => sql.ref(column)))})
      select ${of('l', LINE)} from json_populate_recordset(null::order_lines, $2::json) l join placed on placed.id = l.order_id
    ), emptied as (
      delete from basket_lines b using json_to_recordset($4::json) as f("orderId" uuid, "basketId" uuid), placed
      where b.basket_id = f."basketId" and placed.id = f."orderId" returning f."orderId" as order_id, b.variant_id, b.quantity, b.named
    ), counted as (
      select w."orderId" as order_id, v.id, w.quantity, v.stock - v.held as remain, sum(w.quantity) over (partition by v.id) as wanted
      from json_to_recordset($3::json) as w("orderId" uuid, "variantId" uuid, quantity integer) join variants v on v.id = w."variantId"
      where v.stock is not null
    ), holds as (
      insert into stock_holds (order_id, variant_id, quantity)
      select c.order_id, c.id, c.quantity from placed join counted c on c.order_id = placed.id order by c.id
    ), told as (
      ${jobRows('shop.mail-order', sql`json_build_object('orderId', o.id)`, sql`(select id from placed where id = any($5::uuid[])) o`)}
    )
    select placed.id, exists (select from told) as told,
      (select json_agg(json_build_object('variantId', e.variant_id, 'quantity', e.quantity, 'named', e.named)) from emptied e where e.order_id = placed.id) as emptied,
      (select json_agg(json_build_object('variantId', c.id, 'left', c.remain)) from counted c where c.order_id = placed.id and c.remain < c.wanted) as short
    from placed`,
)

export type NewlyWritten = {
  order: Order
  lines: Omit<StoredLine, 'toldAt'>[]
  /** What it came from. */
  basketId: string | null
  /** Whether its buyer is told how to pay. */
  tells: boolean
}
/** `emptied`: what lay in the basket. `short`: of what there is not enough for all that are written with it, and how much there is. */
export type Written = { emptied: Taken[]; short: Short[] }

/**
 * Writes orders with their lines, keeps for them what is counted, empties the baskets that they came from and has their buyers told: one statement. Where something is `short` the caller rolls back.
 * By order; of whose form an order stands already is left out.
 */
export async function writeOrders(tx: Tx, orders: NewlyWritten[]): Promise<Map<string, Written>> {
  const wanted = orders.flatMap(({ order, lines }) => summed(lines).map((one) => ({ ...one, orderId: order.id })))
  const from = orders.flatMap(({ order, basketId }) => (basketId ? [{ orderId: order.id, basketId }] : []))
  const told = orders.filter(({ tells }) => tells).map(({ order }) => order.id)
  const rows = await written(
    tx,
    rowsAsJson(orders.map(({ order }) => order)),
    rowsAsJson(orders.flatMap(({ lines }) => lines)),
    ...[JSON.stringify(wanted), JSON.stringify(from), told],
  )
  if (rows[0]?.told === false)
    for (const { id } of rows) if (told.includes(id)) await addJob(tx, 'shop.mail-order', { orderId: id })
  return new Map(rows.map(({ id, emptied, short }) => [id, { emptied: emptied ?? [], short: short ?? [] }]))
}

/** How many are wanted of each thing. */
export function summed(wanted: { variantId: string | null; quantity: number }[]): Wanted[] {
  const sums = new Map<string, number>()
  for (const { variantId, quantity } of wanted)
    if (variantId) sums.set(variantId, (sums.get(variantId) ?? 0) + quantity)
  return [...sums].map(([variantId, quantity]) => ({ variantId, quantity }))
}

function camel(column: string): string {
  return column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
