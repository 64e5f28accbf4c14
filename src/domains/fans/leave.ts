import type { Tx } from '../../platform/database/index.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { type Sender, senderColumns } from '../identity/index.ts'
import { readAddress } from './addresses.rules.ts'
import { logConsent, type Proof } from './consents.store.ts'
import type { Deps } from './fans.store.ts'
import type { OtherMail } from './other-mail.ts'
import { lockSubscription, type Subscription } from './subscriptions.store.ts'
import { suppress } from './suppressions.ts'
import type { Channel } from './tables.ts'

type Clock = Pick<Deps, 'now'>

/** By whom, and what besides subscriptions ends with it. */
type All = Proof & { to?: Sender[]; others: OtherMail[]; alone?: boolean }

/** A fan is told nothing more by this subscription. Leaving twice is no error. `gone`: there is no such subscription any more. */
export async function leave(
  tx: Tx,
  deps: Clock,
  { subscriptionId, ...proof }: Proof & { subscriptionId: string },
): Promise<Result<{ first: boolean }, 'gone'>> {
  const held = await lockSubscription(tx, subscriptionId)
  if (!held) return fail('gone')
  if (held.subscription.state === 'left') return ok({ first: false })
  await withdraw(tx, deps, held.subscription, proof)
  return ok({ first: true })
}

/**
 * Whoever holds this address is told nothing more there: by these artists and labels, or by nobody here. The ids of what they left.
 * With `alone`, the address is besides on the list of those to which nothing is ever sent.
 */
export async function leaveByAddress(
  tx: Tx,
  deps: Clock,
  { channel, address, ...all }: All & { channel: Channel; address: string },
): Promise<string[]> {
  const read = readAddress(channel, address)
  if (!read.ok) return []
  const found = await tx
    .selectFrom('fanAddresses')
    .select('id')
    .where('channel', '=', channel)
    .where('addressKey', '=', read.value.key)
    .where('removedAt', 'is', null)
    .executeTakeFirst()
  return found ? leaveAll(tx, deps, { addressId: found.id, ...all }) : []
}

export async function leaveAll(
  tx: Tx,
  deps: Clock,
  { addressId, to, others, alone = false, ...proof }: All & { addressId: string },
): Promise<string[]> {
  // Before the address is locked: whoever tells locks what they tell from first, and names the address after it.
  for (const other of others) await other.end(tx, deps, { addressId, ...(to && { to }) })
  const address = await tx
    .selectFrom('fanAddresses')
    .select(['channel', 'addressHash'])
    .where('id', '=', addressId)
    .forUpdate()
    .executeTakeFirst()
  if (!address) return []
  if (alone) await suppress(tx, { ...address, reason: 'asked', at: deps.now() })
  const subscriptions = await tx
    .selectFrom('subscriptions')
    .selectAll()
    .where('addressId', '=', addressId)
    .where('state', '!=', 'left')
    .execute()
  const meant = to?.map(senderColumns)
  const leaving = subscriptions.filter(
    ({ artistId, labelId }) => !meant || meant.some((m) => m.artistId === artistId && m.labelId === labelId),
  )
  for (const subscription of leaving) await withdraw(tx, deps, subscription, proof)
  return leaving.map(({ id }) => id)
}

async function withdraw(tx: Tx, deps: Clock, { askedWith: _, ...subscription }: Subscription, proof: Proof) {
  const at = await logConsent(tx, subscription, 'withdrawn', proof, deps.now())
  await tx
    .updateTable('subscriptions')
    .set({ state: 'left', leftAt: at, askedWith: null })
    .where('id', '=', subscription.id)
    .execute()
  await tx.deleteFrom('followings').where('subscriptionId', '=', subscription.id).execute()
}
