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
  return (await offersFor(offers, db, sender, named)).filter(
    (offer): offer is ForMembers =>
      named.includes(offer.subject) && !!offer.givenTo && !(offer.publicAt && offer.publicAt <= now),
  )
}

/** Why an announcement is a draft again: what it was sent of as being for members is theirs no more, and not everybody's. */
export const CLOSED = 'closed'

/** Whether it gives something of which the press of "send" said that members alone are told, and which nobody may open any more. */
export async function hasClosed(
  db: Db | Tx,
  offers: OfferSource,
  { sender, things }: Pick<Announcement, 'sender' | 'things'>,
  now: Date,
): Promise<boolean> {
  const theirs = things.flatMap(({ subject, forMembers }) => (forMembers ? [subject] : []))
  if (!theirs.length) return false
  const open = (await offersFor(offers, db, sender, theirs)).filter(
    ({ publicAt, givenTo }) => !!givenTo || (publicAt && publicAt <= now),
  )
  return !theirs.every((one) => open.some(({ subject }) => subject === one))
}

/** The same part of the fans, without whoever would come to a closed door: nobody is told by mistake of what is for members. */
export const amongMembers = ({ all }: Segment, given: ForMembers[]): Segment => ({
  all: [
    ...all,
    ...given.map(({ givenTo: { artistId, plans } }) => ({ is: 'member' as const, artistId, plans: [...plans] })),
  ],
})
