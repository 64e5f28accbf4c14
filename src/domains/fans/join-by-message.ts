import type { Tx } from '../../platform/database/index.ts'
import type { Result } from '../../platform/result.ts'
import type { Sender } from '../identity/index.ts'
import { type AddressProblem, readPhone } from './addresses.rules.ts'
import type { Joined } from './confirm.ts'
import type { Proof } from './consents.store.ts'
import type { Deps } from './fans.store.ts'
import { joinAtOnce } from './join.ts'

/** Somebody who left says by text that they come back: the message itself is the proof, as with a keyword. */
export async function joinByMessage(
  tx: Tx,
  deps: Deps,
  { from, to, ...proof }: Proof & { from: string; to: Sender },
): Promise<Result<Joined, AddressProblem>> {
  const read = readPhone(from)
  return read.ok ? joinAtOnce(tx, deps, read.value, to, proof, {}) : read
}
