import { sql } from 'kysely'
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
    const proofs = await db
      .selectFrom('pressProofs')
      .select(['kind', 'facts', 'madeAt'])
      .where('artistId', '=', id)
      .orderBy('kind')
      .execute()
    const { rows: releases } = await sql<{ release: string }>`
      select r.title as release, p.kind, p.facts, p.made_at as "madeAt" from press_release_proofs p join releases r on r.id = p.release_id
      where r.artist_id = ${id} order by r.title, r.id, p.kind`.execute(db)
    const links = await db
      .selectFrom('pressLinks')
      .select(['madeFor', 'createdAt', 'expiresAt', 'revokedAt', 'visits', 'visitedAt'])
      .where('artistId', '=', id)
      .orderBy('createdAt')
      .execute()
    if (!page && !releases.length && !links.length) return
    yield { path: 'press.json', text: `${JSON.stringify({ ...page, proofs, releases, links }, null, 2)}\n` }
  },

  explain: ({ kind }, { lang, may }) =>
    kind === 'artist' && may('artist.edit') ? [['press.json', words(lang)('readme')]] : [],
}
