import { sql } from 'kysely'
import { PREPARED, type Tx } from '../../platform/database/index.ts'
import { type Short, summed } from './order.store.ts'

export type Wanted = { variantId: string; quantity: number }

/**
 * Keeps things for an order, in its transaction, of what is counted. The rows are taken in one order, so that two who want the same things do not wait for each other in a
 * ring; no stronger than needed, since lines of orders refer to them. Answers with what there is not enough of, and how much there is: then nothing is kept. What is kept is
 * counted when the transaction commits.
 */
export async function holdStock(tx: Tx, orderId: string, wanted: Wanted[]): Promise<Short[]> {
  const input = JSON.stringify(summed(wanted))
  const { rows: counted } = await sql<Wanted & { left: number }>`${sql.raw(PREPARED)}
    select v.id as "variantId", v.stock - v.held as left, w.quantity
    from json_to_recordset(${input}::json) as w("variantId" uuid, quantity integer) join variants v on v.id = w."variantId"
    where v.stock is not null order by v.id for no key update of v`.execute(tx)
  const short = counted.filter(({ left, quantity }) => left < quantity)
  if (short.length > 0) return short.map(({ variantId, left }) => ({ variantId, left }))
  if (counted.length > 0)
    await tx
      .insertInto('stockHolds')
      .values(counted.map(({ variantId, quantity }) => ({ orderId, variantId, quantity })))
      .execute()
  return []
}

/** That somebody else was first, found when a transaction commits that kept what there seemed to be enough of: all of it is undone, and may be tried again. */
export const isTakenMeanwhile = (error: unknown): boolean =>
  (error as { constraint?: string } | null)?.constraint === 'stock_kept'

/** Gives back what an order kept. */
export async function releaseHolds(tx: Tx, orderId: string): Promise<void> {
  await sql`
    with gone as (delete from stock_holds where order_id = ${orderId} returning variant_id, quantity)
    update variants v set held = held - gone.quantity from gone where v.id = gone.variant_id`.execute(tx)
}
