import type { Selectable } from 'kysely'
import type { Db, Tables, Tx } from '../../platform/database/index.ts'

export type Order = Selectable<Tables['orders']>
export type StoredLine = Selectable<Tables['orderLines']>

/** The order, kept from others until the transaction ends. */
export const lockOrder = (tx: Tx, id: string): Promise<Order> =>
  tx.selectFrom('orders').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow()

/** What was ordered, in its order. */
export const linesOf = (db: Db | Tx, orderId: string): Promise<StoredLine[]> =>
  db.selectFrom('orderLines').selectAll().where('orderId', '=', orderId).orderBy('position').execute()

/** By whose clock the seller's days are counted. */
export const sellerZone = async (tx: Db | Tx, sellerId: string): Promise<string> =>
  (await tx.selectFrom('sellers').select('timeZone').where('id', '=', sellerId).executeTakeFirstOrThrow()).timeZone
