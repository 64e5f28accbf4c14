import type { Sold } from '../domains/books/index.ts'
import { describe, type OfferSource, type Subject, type Subjects } from '../domains/exchange/index.ts'
import { labelRoster } from '../domains/identity/index.ts'

/** What can be sold and shared, as the domains that have it know it. */
export const soldIn = (subjects: Subjects, offers: OfferSource): Sold => ({
  async offered(db, owner) {
    const artists = 'artistId' in owner ? [owner.artistId] : (await labelRoster(db, owner.labelId)).map(({ id }) => id)
    const all = (await Promise.all(artists.map((artistId) => offers(db, artistId)))).flat()
    return all
      .filter(({ subject }) => /^(release|track|product):/.test(subject))
      .map(({ subject, title, within }) => ({ subject, title, isPart: within !== null }))
  },
  async titles(db, wanted) {
    const facts = await describe(db, subjects, wanted as Subject[])
    return new Map([...facts].map(([subject, { title }]) => [subject as string, title]))
  },
  artists: async (db, owner) =>
    'labelId' in owner
      ? (await labelRoster(db, owner.labelId)).map(({ id, name }) => ({ id, name }))
      : db.selectFrom('artists').select(['id', 'name']).where('id', '=', owner.artistId).execute(),
})
