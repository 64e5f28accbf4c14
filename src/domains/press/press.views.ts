import './tables.ts'
import { sql } from 'kysely'
import type { Db } from '../../platform/database/index.ts'

export type PressPage = {
  isPublic: boolean
  shortWords: string
  contacts: string
  rider: string
  pictureCredit: string
}

const NONE: PressPage = { isPublic: false, shortWords: '', contacts: '', rider: '', pictureCredit: '' }

/** What an artist says to professionals; nothing yet, and not public, when they never said anything. */
export async function pressPage(db: Db, artistId: string): Promise<PressPage> {
  const row = await db
    .selectFrom('pressPages')
    .select(['isPublic', 'shortWords', 'contacts', 'rider', 'pictureCredit'])
    .where('artistId', '=', artistId)
    .executeTakeFirst()
  return row ?? NONE
}

export type PressLink = {
  id: string
  madeFor: string
  createdAt: Date
  expiresAt: Date
  revokedAt: Date | null
  visits: number
  visitedAt: Date | null
}

/** The links of an artist, the latest first. */
export const pressLinks = (db: Db, artistId: string): Promise<PressLink[]> =>
  db
    .selectFrom('pressLinks')
    .select(['id', 'madeFor', 'createdAt', 'expiresAt', 'revokedAt', 'visits', 'visitedAt'])
    .where('artistId', '=', artistId)
    .orderBy('createdAt', 'desc')
    .limit(100)
    .execute()

export type PressPicture = {
  name: string
  title: string
  /** Of the artist's own pictures, what they show and whose they are; '' of portraits and sleeves. */
  caption: string
  credit: string
  sha256: string
  width: number
  height: number
  widths: number[]
}

/** The artist's portrait, and the sleeves of what is public. `name` is the last segment of its address. */
export async function pressPictures(
  db: Db,
  artistId: string,
  releases: { id: string; title: string }[],
): Promise<PressPicture[]> {
  const { rows } = await sql<PressPicture>`
    select * from (
      select 'portrait' as name, a.name as title, '' as caption, '' as credit, i.sha256, i.width, i.height, i.widths, 0 as place
      from artists a join images i on i.id = a.portrait_image_id where a.id = ${artistId}
      union all select r.id::text, r.title, '', '', i.sha256, i.width, i.height, i.widths, array_position(${releases.map(({ id }) => id)}::uuid[], r.id)
      from releases r join images i on i.id = r.cover_image_id where r.id = any(${releases.map(({ id }) => id)}::uuid[])
    ) pictures order by place limit 13`.execute(db)
  return rows
}

/** The artist of a link that still opens. */
export async function openLink(db: Db, id: string, now: Date): Promise<{ artistId: string; slug: string } | null> {
  const row = await db
    .selectFrom('pressLinks')
    .innerJoin('artists', 'artists.id', 'pressLinks.artistId')
    .select(['artistId', 'artists.slug'])
    .where('pressLinks.id', '=', id)
    .where('revokedAt', 'is', null)
    .where('expiresAt', '>', now)
    .where('artists.goesAt', 'is', null)
    .executeTakeFirst()
  return row ?? null
}
