import type { Db, Tx } from '../../../platform/database/index.ts'
import { type Offer, type OfferSource, offersFor } from '../../exchange/index.ts'
import type { Segment } from '../segment.rules.ts'
import type { Announcement } from './announcement.store.ts'

export type ForMembers = Offer & { givenTo: NonNullable<Offer['givenTo']> }

/** What an announcement gives that members alone may open at this moment. */
export async function givenToMembers(
  db: Db | Tx,
  offers: OfferSource,
  { sender, things }: Pick<Announcement, 'sender' | 'things'>,
  now: Date,
): Promise<ForMembers[]> {
  if (!things.length) return []
  const named = things.map(({ subject }) => subject)
  return (await offersFor(offers, db, sender)).filter(
    (offer): offer is ForMembers =>
      named.includes(offer.subject) && !!offer.givenTo && !(offer.publicAt && offer.publicAt <= now),
  )
}

/** The same part of the fans, without whoever would come to a closed door: nobody is told by mistake of what is for members. */
export const amongMembers = ({ all }: Segment, given: ForMembers[]): Segment => ({
  all: [
    ...all,
    ...given.map(({ givenTo: { artistId, plans } }) => ({ is: 'member' as const, artistId, plans: [...plans] })),
  ],
})
