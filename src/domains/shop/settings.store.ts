import type { Db, Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import type { ShippingRate } from './shipping.rules.ts'

export type ShopSettings = { paysTo: string; holdDays: number }

const DEFAULTS: ShopSettings = { paysTo: '', holdDays: 10 }

export const shopSettings = async (db: Db | Tx, sellerId: string): Promise<ShopSettings> =>
  (await db
    .selectFrom('shopSettings')
    .select(['paysTo', 'holdDays'])
    .where('sellerId', '=', sellerId)
    .executeTakeFirst()) ?? DEFAULTS

export const shippingRates = (db: Db | Tx, sellerId: string): Promise<ShippingRate[]> =>
  db
    .selectFrom('shippingRates')
    .select(['countries', 'upTo', 'price'])
    .where('sellerId', '=', sellerId)
    .orderBy('position')
    .execute()

export const saveShopSettings = (
  db: Db,
  sellerId: string,
  { rates, ...settings }: ShopSettings & { rates: ShippingRate[] },
): Promise<void> =>
  db.transaction().execute(async (tx) => {
    await tx
      .insertInto('shopSettings')
      .values({ sellerId, ...settings })
      .onConflict((conflict) => conflict.column('sellerId').doUpdateSet(settings))
      .execute()
    await tx.deleteFrom('shippingRates').where('sellerId', '=', sellerId).execute()
    if (rates.length > 0)
      await tx
        .insertInto('shippingRates')
        .values(rates.map((rate, position) => ({ ...rate, id: newId(), sellerId, position })))
        .execute()
  })
