import { dayIn } from '../../../platform/days.ts'
import type { Platform } from '../../../platform/platform.ts'
import { record } from '../../books/index.ts'
import { audit } from '../../identity/index.ts'
import { sellerZone } from '../order.store.ts'
import { boxOf, TILL_PROVIDER } from './till.rules.ts'
import { tillById } from './till.views.ts'

export type Counted = { tillId: string; counted: number; note: string; by: string | null }

/**
 * The box is counted: what lies in it goes to the cash of the business, and what is too much or missing is in the books as such. False when that was done
 * before.
 */
export function closeTill({ db, now }: Pick<Platform, 'db' | 'now'>, said: Counted): Promise<boolean> {
  const at = now()
  const { tillId, counted, note, by } = said
  return db.transaction().execute(async (tx) => {
    // Whoever brings a sale at this moment waits, and is late.
    const open = await tx
      .selectFrom('tills')
      .select('id')
      .where('id', '=', tillId)
      .where('closedAt', 'is', null)
      .forUpdate()
      .executeTakeFirst()
    const till = open && (await tillById(tx, tillId))
    if (!till) return false
    const { sellerId, artistId, currency, begunWith, cash: sold, returned: givenBack } = till
    const { difference } = boxOf({ begunWith, sold, givenBack, counted })
    const lines = [
      // What was given back has left the cash of the business already, by its own entry.
      { account: { kind: 'cash' as const }, amount: counted + givenBack, currency },
      { account: { kind: 'clearing' as const, of: TILL_PROVIDER.cash }, amount: -(begunWith + sold), currency },
      { account: { kind: 'till-differences' as const }, amount: -difference, currency },
    ]
    if (lines.some(({ amount }) => amount !== 0))
      await record(tx, {
        ...{ sellerId, key: `till:${tillId}:counted`, kind: 'till', note: note || till.place },
        ...{ bookedOn: dayIn(at, await sellerZone(tx, sellerId)), at, lines },
      })
    await tx
      .updateTable('tills')
      .set({ counted, givenBack, note, closedAt: at, closedBy: by })
      .where('id', '=', tillId)
      .execute()
    await audit(tx, { accountId: by, action: 'till.count', artistId, labelId: null })
    return true
  })
}
