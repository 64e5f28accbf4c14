import type { Db, Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { readAddress } from './addresses.rules.ts'
import type { Channel } from './tables.ts'

export type FanAtAddress = {
  fanId: string
  /** Under which their touches and returns are recorded. */
  personId: string
  addressId: string
  address: string
  name: string
  language: Lang
  verifiedAt: Date | null
}

/** Who reads this address, written in any spelling (a number with its prefix). */
export async function fanByAddress(db: Db | Tx, channel: Channel, text: string): Promise<FanAtAddress | null> {
  const read = readAddress(channel, text)
  if (!read.ok) return null
  const row = await db
    .selectFrom('fanAddresses')
    .innerJoin('fans', 'fans.id', 'fanAddresses.fanId')
    .select([
      'fans.id as fanId',
      'fans.personId',
      'fans.name',
      'fans.language',
      'fanAddresses.id as addressId',
      'fanAddresses.address',
      'fanAddresses.verifiedAt',
    ])
    .where('channel', '=', channel)
    .where('addressKey', '=', read.value.key)
    .where('removedAt', 'is', null)
    .executeTakeFirst()
  return row ?? null
}
