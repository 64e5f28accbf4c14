import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'

/**
 * One after the other: distributions, payouts, splits and numbers of a seller. Sales go on meanwhile: their reference to the seller asks only that the
 * row's key stays.
 */
export async function lockSeller(tx: Tx, sellerId: string): Promise<void> {
  await sql`select from sellers where id = ${sellerId} for no key update`.execute(tx)
}
