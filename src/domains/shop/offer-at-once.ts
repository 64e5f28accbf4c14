import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import type { Subject } from '../exchange/index.ts'
import { audit } from '../identity/index.ts'
import { insertProduct } from './product.store.ts'

/**
 * Offers the download of something that has just been given, at a fixed price in minor units, taxes included: with the caller's transaction.
 * Answers with the product; null where nobody sells for this artist, or where it is in the shop already, at whatever price.
 */
export async function offerAtOnce(
  tx: Tx,
  {
    artistId,
    subject,
    title,
    price,
    by,
  }: { artistId: string; subject: Subject; title: string; price: number; by: string | null },
): Promise<string | null> {
  const seller = await tx
    .selectFrom('sellers')
    .select(['id', 'currency'])
    .where('artistId', '=', artistId)
    .executeTakeFirst()
  const there = await tx
    .selectFrom('products')
    .select('id')
    .where('artistId', '=', artistId)
    .where('subject', '=', subject)
    .where('kind', '=', 'download')
    .executeTakeFirst()
  if (!seller || there) return null
  const { id: sellerId, currency } = seller
  const id = await insertProduct(tx, { artistId, sellerId, currency, kind: 'download', subject, title, price })
  await tx.updateTable('products').set({ state: 'offered', version: sql`version + 1` }).where('id', '=', id).execute()
  await audit(tx, { accountId: by, action: 'product.offer', artistId, subject: title })
  return id
}
