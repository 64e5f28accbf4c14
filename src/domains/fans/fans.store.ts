import type { Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { newId } from '../../platform/ids.ts'
import type { Signer } from '../../platform/signing.ts'
import type { ReadAddress } from './addresses.rules.ts'
import { addressHash } from './suppressions.ts'

export type Deps = { signer: Signer; now: () => Date }

export type HeldAddress = {
  id: string
  fanId: string
  personId: string
  addressHash: string
  verifiedAt: Date | null
  /** Made just now, with a fan of its own. */
  isNew: boolean
}

export type NewFan = { name?: string; language: Lang; country?: string | null; timeZone?: string | null }

/**
 * The address with the fan whose it is, or both made new. It is locked until the transaction ends: all that happens to the consents of
 * one address happens in turn, on however many devices it was begun.
 */
export async function holdAddress(
  tx: Tx,
  { signer, now }: Deps,
  read: ReadAddress,
  fan: NewFan,
  keys?: { p256dh: string; auth: string },
): Promise<HeldAddress> {
  // It may be removed, or its fan merged, between two looks.
  for (let turn = 0; turn < 20; turn++) {
    const held = await lockAddressByKey(tx, read)
    if (held) return held
    const made = await makeAddress(tx, { signer, now }, read, fan, keys)
    if (made) return made
  }
  throw new Error('An address could not be held')
}

async function lockAddressByKey(tx: Tx, { channel, key }: ReadAddress): Promise<HeldAddress | null> {
  const row = await tx
    .selectFrom('fanAddresses')
    .select('id')
    .where('channel', '=', channel)
    .where('addressKey', '=', key)
    .where('removedAt', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  return row ? lockAddress(tx, row.id) : null
}

/** Locks one address, unless it is gone. */
export async function lockAddress(tx: Tx, id: string): Promise<HeldAddress | null> {
  const locked = await tx
    .selectFrom('fanAddresses')
    .select(['id', 'fanId', 'addressHash', 'verifiedAt'])
    .where('id', '=', id)
    .where('removedAt', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  if (!locked) return null
  const fan = await tx.selectFrom('fans').select('personId').where('id', '=', locked.fanId).executeTakeFirstOrThrow()
  return { ...locked, ...fan, isNew: false }
}

async function makeAddress(
  tx: Tx,
  { signer, now }: Deps,
  { channel, address, key, country }: ReadAddress,
  fan: NewFan,
  keys: { p256dh: string; auth: string } | undefined,
): Promise<HeldAddress | null> {
  const at = now()
  const fanId = newId(at.getTime())
  const personId = newId(at.getTime())
  await tx
    .insertInto('fans')
    .values({
      id: fanId,
      personId,
      name: fan.name ?? '',
      language: fan.language,
      country: fan.country ?? country,
      timeZone: fan.timeZone ?? null,
      recognisedSince: null,
      createdAt: at,
      mergedInto: null,
      erasedAt: null,
    })
    .execute()
  const row = {
    id: newId(at.getTime()),
    fanId,
    channel,
    address,
    addressKey: key,
    addressHash: addressHash(signer, channel, key),
    keys: keys ? JSON.stringify(keys) : null,
    createdAt: at,
    verifiedAt: null,
    removedAt: null,
  }
  const inserted = await tx
    .insertInto('fanAddresses')
    .values(row)
    .onConflict((conflict) => conflict.columns(['channel', 'addressKey']).where('removedAt', 'is', null).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (inserted) return { id: row.id, fanId, personId, addressHash: row.addressHash, verifiedAt: null, isNew: true }
  // Another device was first: its fan is the one.
  await tx.deleteFrom('fans').where('id', '=', fanId).execute()
  return null
}
