import { sql } from 'kysely'
import { originalKey } from '../../platform/images/index.ts'
import type { Belongings, Leftover } from '../identity/index.ts'
import { words } from './words.ts'

/** What an artist said to professionals. It goes with the row of the artist. */
export const pressBelongings: Belongings = {
  tables: [
    'press_pages',
    'press_proofs',
    'press_links',
    'press_riders',
    'press_pictures',
    'press_followers',
    'press_bursts',
  ],

  async *pack(db, { kind, id }, { may, extensionOf }) {
    if (kind === 'label' || !may('artist.edit')) return
    const page = await db
      .selectFrom('pressPages')
      .select(['isPublic', 'shortWords', 'contacts', 'rider', 'pictureCredit', 'tellsMomentum'])
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
    const { rows: followers } = await sql<{ address: string }>`
      select a.address, f.confirmed_at as since, f.language, f.wording as agreed, l.made_for as "byLinkFor"
      from press_followers f join fan_addresses a on a.id = f.address_id left join press_links l on l.id = f.link_id
      where f.artist_id = ${id} and f.confirmed_at is not null order by f.confirmed_at, f.id`.execute(db)
    const rider = await db.selectFrom('pressRiders').select('storageKey').where('artistId', '=', id).executeTakeFirst()
    const { rows: own } = await sql<{ caption: string; credit: string; sha256: string }>`
      select p.caption, p.credit, i.sha256 from press_pictures p join images i on i.id = p.image_id where p.artist_id = ${id}
      order by p.place, p.id`.execute(db)
    const pictures: { file: string; caption: string; credit: string }[] = []
    for (const [n, { caption, credit, sha256 }] of own.entries()) {
      const file = `press/picture-${n + 1}${await extensionOf(sha256)}`
      pictures.push({ file, caption, credit })
      yield { path: file, key: originalKey(sha256) }
    }
    if (rider) yield { path: 'press/rider.pdf', key: rider.storageKey }
    if (!page && !releases.length && !links.length && !pictures.length && !followers.length) return
    const all = { ...page, pictures, proofs, releases, links, followers }
    yield { path: 'press.json', text: `${JSON.stringify(all, null, 2)}\n` }
  },

  explain: ({ kind }, { lang, may }) =>
    kind === 'artist' && may('artist.edit')
      ? [
          ['press.json', words(lang)('readme')],
          ['press/', words(lang)('readme_files')],
        ]
      : [],

  async remove({ db }, { kind, id }, { leave }) {
    if (kind === 'label') return
    await db.transaction().execute(async (tx) => {
      const { rows } = await sql<Leftover>`
        select 'image' as kind, image_id::text as key from press_pictures where artist_id = ${id}
        union select 'file', storage_key from press_riders where artist_id = ${id}`.execute(tx)
      await leave(tx, rows)
      // Whoever follows nobody else here is nobody's any more when it is asked who stays.
      await tx.deleteFrom('pressFollowers').where('artistId', '=', id).execute()
      await tx.deleteFrom('pressPictures').where('artistId', '=', id).execute()
      await tx.deleteFrom('pressRiders').where('artistId', '=', id).execute()
    })
  },
}
