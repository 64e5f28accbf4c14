import type { Belongings } from '../identity/index.ts'
import { words } from './words.ts'

/** What an artist said to professionals. It goes with the row of the artist. */
export const pressBelongings: Belongings = {
  tables: ['press_pages', 'press_proofs', 'press_links'],

  async *pack(db, { kind, id }, { may }) {
    if (kind === 'label' || !may('artist.edit')) return
    const page = await db
      .selectFrom('pressPages')
      .select(['isPublic', 'shortWords', 'contacts', 'rider', 'pictureCredit'])
      .where('artistId', '=', id)
      .executeTakeFirst()
    if (!page) return
    const proofs = await db
      .selectFrom('pressProofs')
      .select(['kind', 'facts', 'madeAt'])
      .where('artistId', '=', id)
      .orderBy('kind')
      .execute()
    const links = await db
      .selectFrom('pressLinks')
      .select(['madeFor', 'createdAt', 'expiresAt', 'revokedAt', 'visits', 'visitedAt'])
      .where('artistId', '=', id)
      .orderBy('createdAt')
      .execute()
    yield { path: 'press.json', text: `${JSON.stringify({ ...page, proofs, links }, null, 2)}\n` }
  },

  explain: ({ kind }, { lang, may }) =>
    kind === 'artist' && may('artist.edit') ? [['press.json', words(lang)('readme')]] : [],
}
