import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { isOver } from './code.rules.ts'

export type HandOut = { batchId: string; fanId: string }

/** `none`: there is no code for them now. `used`: they had theirs before they were erased, and used it; there is no other. */
export type HandedOut = { is: 'given'; code: string } | { is: 'none' } | { is: 'used' }

/**
 * Gives somebody by name their code of a batch: the one that they have of it, whatever gave it, the one that was theirs before they were erased, or one taken out of
 * the batch, on no card from now on and nobody else's. None where the batch is closed or over. Held until the end of the transaction: who else gives to them waits.
 */
export async function handOutCode(
  tx: Tx,
  { now }: Pick<Platform, 'now'>,
  { batchId, fanId }: HandOut,
): Promise<HandedOut> {
  const batch = await tx
    .selectFrom('codeBatches')
    .select(['artistId', sql<string | null>`until::text`.as('until')])
    .where('id', '=', batchId)
    .where('closedAt', 'is', null)
    .forShare()
    .executeTakeFirst()
  const at = now()
  if (!batch || isOver(batch.until, at)) return { is: 'none' }
  // By artist and not by batch: two who give of the same two batches in another order would wait for each other.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${batch.artistId} ${fanId}`}, 114))`.execute(tx)
  const held = await tx
    .selectFrom('givenCodes')
    .select('code')
    .where('batchId', '=', batchId)
    .where('fanId', '=', fanId)
    .executeTakeFirst()
  if (held) return { is: 'given', code: held.code }
  for (const was of await codesBeforeErased(tx, { artistId: batch.artistId, fanIds: [fanId], batchId })) {
    if (was.redeemed) return { is: 'used' }
    if (await takeBack(tx, was.code, fanId)) return { is: 'given', code: was.code }
  }
  const code = await takeOut(tx, batchId, at)
  if (!code) return { is: 'none' }
  await tx.insertInto('givenCodes').values({ batchId, fanId, code, givenAt: at }).execute()
  return { is: 'given', code }
}

/** Of two who have an address each of somebody who was erased, the first has it: false for the other, who does not wait for it either. */
async function takeBack(tx: Tx, code: string, fanId: string): Promise<boolean> {
  const { rows } = await sql`
    update given_codes set fan_id = ${fanId}, marks = '{}' where code = (
      select code from given_codes where code = ${code} and fan_id is null for update skip locked
    ) returning code`.execute(tx)
  return rows.length > 0
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
  db
    .selectFrom('givenCodes')
    .select(['batchId', 'fanId', 'code'])
    .where('fanId', 'in', fanIds)
    .$narrowType<{ fanId: string }>()
    .execute()

export type CodeBefore = { fanId: string; batchId: string; code: string; redeemed: boolean }

/**
 * The codes of an artist's batches that were given, before they were erased, to whoever has these people's addresses: they showed that one is theirs, or are told there.
 * What was one address's alone comes first.
 */
export async function codesBeforeErased(
  db: Db | Tx,
  { artistId, fanIds, batchId = null }: { artistId: string; fanIds: string[]; batchId?: string | null },
): Promise<CodeBefore[]> {
  const { rows } = await sql<CodeBefore>`
    select distinct on (cardinality(g.marks), g.given_at, g.code, a.fan_id) a.fan_id as "fanId", g.batch_id as "batchId", g.code,
      c.redeemed_at is not null as redeemed
    from code_batches b
      join given_codes g on g.batch_id = b.id and g.fan_id is null and g.marks <> '{}'
      join codes c on c.code = g.code
      join fan_addresses a on a.fan_id = any(${fanIds}::uuid[]) and a.removed_at is null and given_code_mark(b.id, a.address_hash) = any(g.marks)
    where b.artist_id = ${artistId} and (${batchId}::uuid is null or b.id = ${batchId}::uuid)
      and (a.verified_at is not null or exists (
        select from subscriptions u where u.address_id = a.id and u.artist_id = b.artist_id and u.state = 'active'))
    order by cardinality(g.marks), g.given_at, g.code, a.fan_id`.execute(db)
  return rows
}
