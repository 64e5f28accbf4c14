import type { Db, Tx } from '../../platform/database/index.ts'
import type { Signer } from '../../platform/signing.ts'
import type { Channel, SuppressionReason } from './tables.ts'

/** What is kept of an address that is to be left alone: signed, so that nobody reads it back or tries addresses out. */
export const addressHash = (signer: Signer, channel: Channel, key: string): string =>
  signer.sign('fan-address', `${channel} ${key}`)

/** From now on nothing is sent there. The first reason stays. */
export async function suppress(
  db: Db | Tx,
  entry: { channel: Channel; addressHash: string; reason: SuppressionReason; at: Date },
): Promise<void> {
  await db
    .insertInto('suppressions')
    .values(entry)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Which of these addresses are to be left alone, and why: asked in the moment of sending. */
export async function suppressedAmong(
  db: Db | Tx,
  channel: Channel,
  hashes: string[],
): Promise<Map<string, SuppressionReason>> {
  if (!hashes.length) return new Map()
  const rows = await db
    .selectFrom('suppressions')
    .select(['addressHash', 'reason'])
    .where('channel', '=', channel)
    .where((where) => where('addressHash', '=', where.fn.any(where.val(hashes))))
    .execute()
  return new Map(rows.map((row) => [row.addressHash, row.reason]))
}

/** Somebody answered from it: it is alive, and they want to be written to. */
export async function liftSuppression(tx: Tx, channel: Channel, hash: string): Promise<void> {
  await tx.deleteFrom('suppressions').where('channel', '=', channel).where('addressHash', '=', hash).execute()
}
