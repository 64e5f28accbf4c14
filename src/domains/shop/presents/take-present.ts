import type { Platform } from '../../../platform/platform.ts'
import { isGivenBack } from '../order.rules.ts'
import { isLost, linesOf, lockOrder } from '../order.store.ts'
import { handOver } from '../settle-order.ts'
import { presentOf } from './present.store.ts'

/** The friend takes it: its downloads are theirs. Once; false when it is not there to be taken (any more). */
export const takePresent = (
  { db, now }: Pick<Platform, 'db' | 'now'>,
  orderId: string,
  mailKey: string,
): Promise<boolean> =>
  db.transaction().execute(async (tx) => {
    const at = now()
    const order = await lockOrder(tx, orderId)
    const present = await presentOf(tx, orderId)
    if (!present || present.mailKey !== mailKey || order.state !== 'paid') return false
    if (isGivenBack(order) || (await isLost(tx, orderId))) return false
    await handOver(tx, { ...order, mailKey }, await linesOf(tx, orderId), at)
    await tx
      .updateTable('presents')
      .set({ takenAt: at })
      .where('orderId', '=', orderId)
      .where('takenAt', 'is', null)
      .execute()
    return true
  })
