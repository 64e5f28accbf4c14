import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { isOver } from './code.rules.ts'

export type HandOut = {
  batchId: string
  fanId: string
  /** What was theirs before they were erased, instead of a new one. */
  was?: string | null
}

/**
 * Gives somebody by name their code of a batch: the one that they have of it, whatever gave it, or one taken out of the batch, on no card from now on and nobody
 * else's. Null when there is none for them, or the batch is closed or over. Held until the end of the transaction: who else gives to them waits.
 */
export async function handOutCode(
  tx: Tx,
  { now }: Pick<Platform, 'now'>,
  { batchId, fanId, was = null }: HandOut,
): Promise<string | null> {
  const batch = await tx
    .selectFrom('codeBatches')
    .select(['artistId', sql<string | null>`until::text`.as('until')])
    .where('id', '=', batchId)
    .where('closedAt', 'is', null)
    .forShare()
    .executeTakeFirst()
  const at = now()
  if (!batch || isOver(batch.until, at)) return null
  // By artist and not by batch: two who give of the same two batches in another order would wait for each other.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${batch.artistId} ${fanId}`}, 114))`.execute(tx)
  const held = await tx
    .selectFrom('givenCodes')
    .select('code')
    .where('batchId', '=', batchId)
    .where('fanId', '=', fanId)
    .executeTakeFirst()
  if (held) return held.code
  const code = was ?? (await takeOut(tx, batchId, at))
  if (code) await tx.insertInto('givenCodes').values({ batchId, fanId, code, givenAt: at }).execute()
  return code
}

async function takeOut(tx: Tx, batchId: string, at: Date): Promise<string | null> {
  // Two at once take two: what another is taking is passed over.
  const { rows } = await sql<{ code: string }>`
    update codes set handed_at = ${at} where code = (
      select code from codes where batch_id = ${batchId} and redeemed_at is null and handed_at is null order by position limit 1 for update skip locked
    ) returning code`.execute(tx)
  return rows[0]?.code ?? null
}

/** Which codes of which batches these people were given by name. */
export const codesGivenTo = (
  db: Db | Tx,
  fanIds: string[],
): Promise<{ batchId: string; fanId: string; code: string }[]> =>
  db.selectFrom('givenCodes').select(['batchId', 'fanId', 'code']).where('fanId', 'in', fanIds).execute()
