import type { Tx } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { releaseHolds } from './stock.store.ts'
import type { OrderState } from './tables.ts'

/** An unpaid order ends, and what it kept is there again. False when it waits for no money (any more). */
export async function giveUpOrder(
  tx: Tx,
  orderId: string,
  state: Extract<OrderState, 'expired' | 'cancelled' | 'refused'>,
  at: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('orders')
    .set({ state, holdUntil: null, closedAt: at })
    .where('id', '=', orderId)
    .where('state', '=', 'placed')
    .executeTakeFirst()
  if (Number(numUpdatedRows) === 0) return false
  await releaseHolds(tx, orderId)
  return true
}

/** Orders whose time to pay is over. Each in a transaction of its own: one that is being paid just now is waited for, and stays. */
export async function expireOrders({ db, now }: Pick<Platform, 'db' | 'now'>): Promise<number> {
  const due = await db
    .selectFrom('orders')
    .select('id')
    .where('state', '=', 'placed')
    .where('holdUntil', '<=', now())
    .orderBy('holdUntil')
    .limit(1000)
    .execute()
  let ended = 0
  for (const { id } of due) if (await db.transaction().execute((tx) => giveUpOrder(tx, id, 'expired', now()))) ended++
  return ended
}
