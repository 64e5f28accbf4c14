import type { Db, Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import type { ShippingRate } from './shipping.rules.ts'

/** How buyers reach the seller, who mediates, and the seller's own terms; where a text is empty, the template's count. */
export type TermsSettings = {
  contactMail: string
  contactPhone: string
  mediator: string
  termsEn: string
  termsFr: string
}
/** `ioss`: under which VAT on what is sent into the EU was paid already, or empty. */
export type PaySettings = { paysTo: string; holdDays: number; ioss: string }
export type ShopSettings = PaySettings & TermsSettings

const DEFAULTS: ShopSettings = {
  ...{ paysTo: '', holdDays: 10, ioss: '' },
  ...{ contactMail: '', contactPhone: '', mediator: '', termsEn: '', termsFr: '' },
}

export const shopSettings = async (db: Db | Tx, sellerId: string): Promise<ShopSettings> =>
  (await db
    .selectFrom('shopSettings')
    .select(['paysTo', 'holdDays', 'ioss', 'contactMail', 'contactPhone', 'mediator', 'termsEn', 'termsFr'])
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
  { rates, ...settings }: PaySettings & { rates: ShippingRate[] },
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

export const saveTermsSettings = async (db: Db, sellerId: string, settings: TermsSettings): Promise<void> =>
  void (await db
    .insertInto('shopSettings')
    .values({ sellerId, ...settings })
    .onConflict((conflict) => conflict.column('sellerId').doUpdateSet(settings))
    .execute())
