import { sql } from 'kysely'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { audit } from '../identity/index.ts'
import { yearDays } from './days.rules.ts'
import { numberFor } from './number-entries.ts'
import type { Seller } from './seller.views.ts'

export type CloseProblem = 'year-not-over' | 'year-closed'

/**
 * Closes a year of the books and those before it: nothing is booked into it any more; what comes late is booked after it. The balances need no entry: they
 * stand, and the next year's file begins with them.
 */
export async function closeYear(
  { db }: Pick<Platform, 'db'>,
  seller: Seller,
  { year, today, by }: { year: number; today: string; by: string | null },
): Promise<Result<string, CloseProblem>> {
  const { through } = yearDays(year, seller.yearBegins)
  if (through >= today) return fail('year-not-over')
  const closed = await db.transaction().execute(async (tx) => {
    // Waits for sales that are being written, and lets none in meanwhile.
    await sql`select from sellers where id = ${seller.id} for update`.execute(tx)
    const { numUpdatedRows } = await tx
      .updateTable('sellers')
      .set({ closedThrough: through })
      .where('id', '=', seller.id)
      .where((row) => row.or([row('closedThrough', 'is', null), row('closedThrough', '<', through)]))
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return false
    const { artistId, labelId } = seller
    await audit(tx, { accountId: by, action: 'books.close', subject: String(year), artistId, labelId })
    return true
  })
  if (!closed) return fail('year-closed')
  await numberFor({ db }, seller.id)
  return ok(through)
}
