import { sql } from 'kysely'
import { PREPARED, type Tx } from '../../platform/database/index.ts'

export type Wanted = { variantId: string; quantity: number }

/**
 * Keeps things for an order, in its transaction, of what is counted: nobody waits for what there is without end. The rows are taken in one order, so that two who want
 * the same things do not wait for each other in a ring; no stronger than needed, since lines of orders refer to them. Answers with what there is not enough of, and how much
 * there is: then nothing is kept and the caller rolls back.
 */
export async function holdStock(
  tx: Tx,
  orderId: string,
  wanted: Wanted[],
): Promise<{ variantId: string; left: number }[]> {
  const input = JSON.stringify(summed(wanted))
  const { rows: counted } = await sql<Wanted & { left: number }>`${sql.raw(PREPARED)}
    select v.id as "variantId", v.stock - v.held as left, w.quantity
    from json_to_recordset(${input}::json) as w("variantId" uuid, quantity integer) join variants v on v.id = w."variantId"
    where v.stock is not null order by v.id for no key update of v`.execute(tx)
  const short = counted.filter(({ left, quantity }) => left < quantity)
  if (short.length > 0) return short.map(({ variantId, left }) => ({ variantId, left }))
  if (counted.length === 0) return []
  await sql`${sql.raw(PREPARED)}
    with w as (select * from json_to_recordset(${JSON.stringify(counted)}::json) as w("variantId" uuid, quantity integer)),
      kept as (update variants v set held = held + w.quantity from w where v.id = w."variantId")
    insert into stock_holds (order_id, variant_id, quantity) select ${orderId}, "variantId", quantity from w`.execute(
    tx,
  )
  return []
}

/** Gives back what an order kept. */
export async function releaseHolds(tx: Tx, orderId: string): Promise<void> {
  await sql`
    with gone as (delete from stock_holds where order_id = ${orderId} returning variant_id, quantity)
    update variants v set held = held - gone.quantity from gone where v.id = gone.variant_id`.execute(tx)
}

/** What an order kept is sold. */
export async function takeHeld(tx: Tx, orderId: string): Promise<void> {
  await sql`${sql.raw(PREPARED)}
    with gone as (delete from stock_holds where order_id = ${orderId} returning variant_id, quantity)
    update variants v set held = held - gone.quantity, stock = stock - gone.quantity from gone where v.id = gone.variant_id`.execute(
    tx,
  )
}

function summed(wanted: Wanted[]): Wanted[] {
  const sums = new Map<string, number>()
  for (const { variantId, quantity } of wanted) sums.set(variantId, (sums.get(variantId) ?? 0) + quantity)
  return [...sums].map(([variantId, quantity]) => ({ variantId, quantity }))
}
