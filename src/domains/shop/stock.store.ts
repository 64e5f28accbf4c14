import { sql } from 'kysely'
import { PREPARED, type Tx } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
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

/**
 * Counts again what is kept of each thing, and mends what is said otherwise: a program of before it was counted at the commit, still at work while the database was already
 * changed, counted it twice. The thing is locked first and what is kept of it read only then: whoever keeps some of it just now waits, and adds theirs. Answers with how many
 * were mended.
 */
export async function recountHeld({ db, log }: Pick<Platform, 'db' | 'log'>): Promise<number> {
  const { rows: wrong } = await sql<{ id: string }>`
    select v.id from variants v where v.held <> ${HELD} order by v.id`.execute(db)
  let mended = 0
  for (const { id } of wrong)
    await db.transaction().execute(async (tx) => {
      await sql`select from variants where id = ${id} for no key update`.execute(tx)
      const { rows } = await sql<{ held: number }>`
        update variants v set held = ${HELD} where v.id = ${id} and v.held <> ${HELD} returning v.held`.execute(tx)
      if (!rows[0]) return
      mended++
      log.warn({ variant: id, held: rows[0].held }, 'what is kept of a thing was counted again')
    })
  return mended
}

const HELD = sql`(select coalesce(sum(h.quantity), 0)::int from stock_holds h where h.variant_id = v.id)`
