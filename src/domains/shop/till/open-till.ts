import { dayIn } from '../../../platform/days.ts'
import { newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { record, type Seller } from '../../books/index.ts'
import { audit } from '../../identity/index.ts'
import { TILL_PROVIDER } from './till.rules.ts'

export type NewTill = {
  artistId: string
  seller: Pick<Seller, 'id' | 'currency' | 'timeZone'>
  place: string
  /** The change in the box, in minor units, and whose it was before. */
  begunWith: number
  fromAccount: 'cash' | 'owner'
  isConfirmed: boolean
  by: string | null
}

/** An evening at the table begins: what lies in the box is the till's from now on. */
export async function openTill({ db, now }: Pick<Platform, 'db' | 'now'>, till: NewTill): Promise<string> {
  const at = now()
  const id = newId(at.getTime())
  const { artistId, seller, place, begunWith, fromAccount, isConfirmed, by } = till
  const { currency } = seller
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('tills')
      .values({
        ...{ id, artistId, sellerId: seller.id, place, currency, begunWith, fromAccount, isConfirmed },
        ...{ openedAt: at, openedBy: by, counted: null, givenBack: null, closedAt: null, closedBy: null },
      })
      .execute()
    if (begunWith > 0)
      await record(tx, {
        ...{ sellerId: seller.id, key: `till:${id}:opened`, kind: 'till', note: place },
        ...{ bookedOn: dayIn(at, seller.timeZone), at },
        lines: [
          { account: { kind: 'clearing', of: TILL_PROVIDER.cash }, amount: begunWith, currency },
          { account: { kind: fromAccount }, amount: -begunWith, currency },
        ],
      })
    await audit(tx, { accountId: by, action: 'till.open', artistId, labelId: null })
  })
  return id
}
