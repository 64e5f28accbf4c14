import type { Tx } from '../../platform/database/index.ts'
import type { ReadAddress } from './addresses.rules.ts'
import { type Deps, holdAddress, lockAddress, type NewFan } from './fans.store.ts'
import { liftSuppression } from './suppressions.ts'

/**
 * Somebody showed that an address is theirs, and asked to be told nothing: a fan without a subscription, or the one who is known already, of
 * whom nothing else changes.
 */
export async function proveAddress(
  tx: Tx,
  deps: Deps,
  read: ReadAddress,
  fan: NewFan,
): Promise<{ fanId: string; personId: string; addressId: string }> {
  const { id, fanId, personId, verifiedAt } = await holdAddress(tx, deps, read, fan)
  if (!verifiedAt) await tx.updateTable('fanAddresses').set({ verifiedAt: deps.now() }).where('id', '=', id).execute()
  return { fanId, personId, addressId: id }
}

/** Somebody answered from an address that asked: it is theirs, and they want to be written to. False when it is gone. */
export async function answerFrom(tx: Tx, { now }: Pick<Deps, 'now'>, addressId: string): Promise<boolean> {
  const held = await lockAddress(tx, addressId)
  if (!held) return false
  if (!held.verifiedAt)
    await tx.updateTable('fanAddresses').set({ verifiedAt: now() }).where('id', '=', addressId).execute()
  await liftSuppression(tx, 'mail', held.addressHash)
  return true
}
