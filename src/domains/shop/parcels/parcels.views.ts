import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import type { Owner } from '../../books/index.ts'
import { DISPUTED } from '../order.store.ts'
import type { OrderDetails } from '../order.views.ts'
import type { ParcelAddress } from '../tables.ts'
import type { Known } from './parcel.rules.ts'
import type { ParcelKind } from './tables.ts'

export type OrderToPack = {
  id: string
  /** Whose buyer it is. */
  artist: string
  code: string
  name: string
  mail: string
  address: ParcelAddress
  /** The seller's country, and their postcode there. */
  home: string
  homePostcode: string
  placedAt: Date
  /** The last day on which something of it is out that is not yet: it waits for it. */
  waitsUntil: Date | null
  /** What has not left. `packed`: of that, what lies in a parcel already. */
  lines: OrderToPackLine[]
}

type OrderToPackLine = {
  position: number
  productId: string | null
  title: string
  variant: string
  quantity: number
  packed: number
  grams: number
  /** What customs ask of it is known: its code, and where it was made. */
  isDeclared: boolean
}

/** The orders `o` that an artist handles, or a label for those who let it. */
export const handledBy = (owner: Owner) =>
  'artistId' in owner
    ? sql<boolean>`o.artist_id = ${owner.artistId}`
    : sql<boolean>`o.artist_id in (select artist_id from living_mandates where label_id = ${owner.labelId} and 'orders.handle' = any(permissions))`

/** How many of a line `l` of an order `o` have left in its own parcels. */
export const SENT = sql<number>`(select coalesce(sum(x.quantity), 0) from parcels s join parcel_lines x on x.parcel_id = s.id
  where s.order_id = o.id and x.position = l.position and s.kind = 'order' and s.sent_at is not null)`

/**
 * What is paid, is sent by post and has not left, the oldest first: nothing that was given back, nothing whose buyer told the bank or the seller that they do not
 * want it, nothing sold at a table. A label packs for the artists who let it handle their orders.
 */
export async function ordersToPack(db: Db, owner: Owner, now: Date): Promise<OrderToPack[]> {
  const { rows } = await sql<OrderToPack>`
    with waiting as (
      select o.id, l.position, l.product_id, l.title, l.variant, l.weight, l.released_at, l.quantity - coalesce(p.sent, 0) as quantity, coalesce(p.packed, 0) as packed
      from orders o join order_lines l on l.order_id = o.id
      left join lateral (
        select sum(x.quantity) filter (where p.sent_at is not null)::int as sent, sum(x.quantity) filter (where p.sent_at is null)::int as packed
        from parcels p join parcel_lines x on x.parcel_id = p.id
        where p.order_id = o.id and x.position = l.position and p.kind = 'order' and p.unpacked_at is null
      ) p on true
      where ${handledBy(owner)} and o.state = 'paid' and o.address is not null and not o.all_sent and l.weight is not null
        and (o.total = 0 or o.refunded < o.total) and (l.gross = 0 or l.refunded < l.gross)
        and not exists (select 1 from withdrawals w where w.order_id = o.id and l.position = any(w.positions))
        and not ${DISPUTED}
    )
    select o.id, (select a.name from artists a where a.id = o.artist_id) as artist, o.code, o.name, o.mail, o.address, s.country as home, coalesce(s.address->>'postcode', '') as "homePostcode", o.placed_at as "placedAt",
      max(w.released_at) filter (where w.released_at > ${now}) as "waitsUntil",
      json_agg(json_build_object('position', w.position, 'productId', w.product_id, 'title', w.title, 'variant', w.variant, 'quantity', w.quantity,
        'packed', w.packed, 'grams', w.weight * w.quantity,
        'isDeclared', coalesce(p.hs_code <> '' and p.origin <> '', false)) order by w.position) as lines
    from waiting w join orders o on o.id = w.id join sellers s on s.id = o.seller_id left join products p on p.id = w.product_id
    where w.quantity > 0 group by o.id, s.id order by o.placed_at, o.id`.execute(db)
  return rows
}

export type SentParcel = {
  id: string
  kind: ParcelKind
  carrier: string
  tracking: string
  link: string | null
  packedAt: Date
  sentAt: Date | null
  toldAt: Date | null
  /** Since when it is not known whether its buyer was told of it, or of its new number. */
  uncertainSince: Date | null
  /** What shows that it was handed over, the first first. `handedOn`: a day, `2026-12-02`; `fileName` empty: no file, or no longer. */
  proofs: { id: string; reference: string; handedOn: string | null; fileName: string }[]
  /** The numbers that it had before, the first first; empty: none. */
  before: { tracking: string; until: string }[]
  lines: { position: number; title: string; variant: string; quantity: number; back: number }[]
}

/** A message is handed over within that time, or whoever did it is dead. */
export const isOver = (since: RawBuilder<unknown>) => sql<boolean>`${since} < now() - interval '2 minutes'`

/** The orders with a parcel of whose leaving or new number it is not known whether the buyer was told, the first first. */
export async function uncertainOrders(db: Db, owner: Owner): Promise<{ id: string; code: string }[]> {
  const { rows } = await sql<{ id: string; code: string }>`
    select o.id, o.code from orders o where ${handledBy(owner)} and o.mail <> '' and o.id in (
      select p.order_id from parcels p where p.told_at is null and p.unpacked_at is null and ${isOver(sql`p.telling_at`)}
      union all
      select p.order_id from parcel_corrections c join parcels p on p.id = c.parcel_id
      where c.told_at is null and p.unpacked_at is null and ${isOver(sql`c.telling_at`)})
    order by o.placed_at, o.id`.execute(db)
  return rows
}

/** The parcels of an order, the first first; those that were unpacked are none. */
export async function parcelsOf(db: Db, orderId: string): Promise<SentParcel[]> {
  const { rows } = await sql<SentParcel>`
    select p.id, p.kind, p.carrier, p.tracking, p.link, p.packed_at as "packedAt", p.sent_at as "sentAt", p.told_at as "toldAt",
      least(case when p.told_at is null and ${isOver(sql`p.telling_at`)} then p.telling_at end,
        (select min(c.telling_at) from parcel_corrections c where c.parcel_id = p.id and c.told_at is null and ${isOver(sql`c.telling_at`)})) as "uncertainSince",
      coalesce((select json_agg(json_build_object('tracking', c.tracking, 'until', c.corrected_at) order by c.corrected_at, c.id)
        from parcel_corrections c where c.parcel_id = p.id), '[]') as before,
      coalesce((select json_agg(json_build_object('id', f.id, 'reference', f.reference, 'handedOn', f.handed_on,
          'fileName', case when f.storage_key is null then '' else f.file_name end) order by f.added_at, f.id)
        from parcel_proofs f where f.parcel_id = p.id), '[]') as proofs,
      json_agg(json_build_object('position', x.position, 'title', l.title, 'variant', l.variant, 'quantity', x.quantity,
        'back', (select coalesce(sum(r.quantity), 0)::int from parcel_returns r where r.parcel_id = p.id and r.position = x.position))
        order by x.position) as lines
    from parcels p join parcel_lines x on x.parcel_id = p.id join order_lines l on l.order_id = p.order_id and l.position = x.position
    where p.order_id = ${orderId} and p.unpacked_at is null group by p.id order by p.packed_at, p.id`.execute(db)
  return rows
}

/** What the rule of what is left asks of an order; `parcels`: those that count. */
export const knownOf = (
  { withdrawals }: Pick<OrderDetails, 'withdrawals'>,
  parcels: Pick<SentParcel, 'kind' | 'sentAt' | 'lines'>[],
): Known => ({
  parts: parcels.flatMap(({ kind, sentAt, lines }) =>
    lines.map(({ position, quantity }) => ({ position, quantity, kind, isSent: sentAt !== null })),
  ),
  withdrawn: withdrawals.flatMap(({ positions }) => positions),
})

export const parcelById = (db: Db | Tx, id: string) =>
  db.selectFrom('parcels').select(['id', 'orderId', 'toldAt', 'sentAt']).where('id', '=', id).executeTakeFirst()

/** A proof with its file and whose order it is of. */
export const proofById = (db: Db, id: string) =>
  db
    .selectFrom('parcelProofs')
    .innerJoin('parcels', 'parcels.id', 'parcelProofs.parcelId')
    .select(['parcelProofs.id as id', 'orderId', 'storageKey', 'size', 'fileName'])
    .where('parcelProofs.id', '=', id)
    .executeTakeFirst()
