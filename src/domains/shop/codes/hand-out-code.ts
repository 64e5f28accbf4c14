import { sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { isOver } from './code.rules.ts'

/** Takes a code out of a batch for somebody by name: on no card from now on, and nobody else's. Null when the batch has none left, is closed or over. */
export async function handOutCode(tx: Tx, { now }: Pick<Platform, 'now'>, batchId: string): Promise<string | null> {
  const batch = await tx
    .selectFrom('codeBatches')
    .select(sql<string | null>`until::text`.as('until'))
    .where('id', '=', batchId)
    .where('closedAt', 'is', null)
    .forShare()
    .executeTakeFirst()
  if (!batch || isOver(batch.until, now())) return null
  // Two at once take two: what another is taking is passed over.
  const { rows } = await sql<{ code: string }>`
    update codes set handed_at = ${now()} where code = (
      select code from codes where batch_id = ${batchId} and redeemed_at is null and handed_at is null order by position limit 1 for update skip locked
    ) returning code`.execute(tx)
  return rows[0]?.code ?? null
}
