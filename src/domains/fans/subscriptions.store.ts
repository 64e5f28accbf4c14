import type { Selectable } from 'kysely'
import type { Tables, Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import { type Sender, senderColumns } from '../identity/index.ts'
import { type HeldAddress, lockAddress } from './fans.store.ts'
import type { Channel } from './tables.ts'

export type Subscription = Selectable<Tables['subscriptions']>

/** A subscription under the lock of its address; null when either is gone. */
export async function lockSubscription(
  tx: Tx,
  id: string,
): Promise<{ subscription: Subscription; address: HeldAddress } | null> {
  const found = await tx.selectFrom('subscriptions').select('addressId').where('id', '=', id).executeTakeFirst()
  const address = found && (await lockAddress(tx, found.addressId))
  if (!address) return null
  const subscription = await tx.selectFrom('subscriptions').selectAll().where('id', '=', id).executeTakeFirst()
  return subscription ? { subscription, address } : null
}

/** What this address gets from them, under its lock. */
export async function subscriptionOf(tx: Tx, addressId: string, to: Sender): Promise<Subscription | null> {
  const { artistId, labelId } = senderColumns(to)
  const row = await tx
    .selectFrom('subscriptions')
    .selectAll()
    .where('addressId', '=', addressId)
    .where('artistId', artistId ? '=' : 'is', artistId)
    .where('labelId', labelId ? '=' : 'is', labelId)
    .executeTakeFirst()
  return row ?? null
}

export async function insertAsked(
  tx: Tx,
  address: Pick<HeldAddress, 'id' | 'fanId'>,
  channel: Channel,
  to: Sender,
  at: Date,
): Promise<Subscription> {
  return tx
    .insertInto('subscriptions')
    .values({
      id: newId(at.getTime()),
      fanId: address.fanId,
      addressId: address.id,
      ...senderColumns(to),
      channel,
      state: 'asked',
      pausedUntil: null,
      askedAt: at,
      joinedAt: null,
      leftAt: null,
      askedWith: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}
