import type { Tx } from '../../platform/database/index.ts'
import type { ReadAddress } from './addresses.rules.ts'
import { type Deps, holdAddress, type NewFan } from './fans.store.ts'

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
