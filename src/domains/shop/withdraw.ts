import { newId } from '../../platform/ids.ts'
import { addJob } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { linesOf, lockOrder, type Order, type StoredLine } from './order.store.ts'

/**
 * How long an order's page offers to withdraw. The fourteen days of the law run from the day on which the goods came, which nobody knows here: the page
 * offers it for longer, and the seller looks at the day.
 */
const OFFERED_DAYS = 90

/** The lines of which a buyer may say that they take them back: what was paid, is not a tip, was not given back, and whose right was not waived for a download. */
export function withdrawable(
  order: Pick<Order, 'state' | 'paidAt' | 'terms'>,
  lines: StoredLine[],
  now: Date,
): StoredLine[] {
  if (order.state !== 'paid' || !order.paidAt) return []
  const { waiver } = order.terms
  return lines.filter(({ kind, gross, refunded, weight, releasedAt }) => {
    const from = Math.max(order.paidAt?.getTime() ?? 0, releasedAt?.getTime() ?? 0)
    const isDownload = weight === null
    return (
      kind !== 'tip' &&
      gross > refunded &&
      now.getTime() < from + OFFERED_DAYS * 86_400_000 &&
      // What is not out yet has not begun, so nothing of it is waived.
      !(isDownload && waiver !== null && !(releasedAt && releasedAt > now))
    )
  })
}

/** A buyer withdraws from some lines of an order: written with its moment, acknowledged to both by mail. Said twice, it stands once. */
export const withdraw = (
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { orderId, positions }: { orderId: string; positions: number[] },
): Promise<Result<null, 'nothing'>> =>
  db.transaction().execute(async (tx) => {
    const order = await lockOrder(tx, orderId)
    const may = new Set(withdrawable(order, await linesOf(tx, orderId), now()).map(({ position }) => position))
    const meant = [...new Set(positions)].filter((position) => may.has(position)).toSorted((a, b) => a - b)
    if (meant.length === 0) return fail('nothing' as const)
    const id = newId()
    const written = await tx
      .insertInto('withdrawals')
      .values({ id, orderId, positions: meant, saidAt: now() })
      .onConflict((conflict) => conflict.columns(['orderId', 'positions']).doNothing())
      .executeTakeFirst()
    if (Number(written.numInsertedOrUpdatedRows ?? 0) > 0)
      await addJob(tx, 'shop.mail-withdrawal', { withdrawalId: id })
    return ok(null)
  })
