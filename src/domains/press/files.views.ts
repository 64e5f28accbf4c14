import './tables.ts'
import { sql } from 'kysely'
import type { Db } from '../../platform/database/index.ts'
import type { PressPicture } from './press.views.ts'

export type Rider = { storageKey: string; sha256: string; size: number; addedAt: Date }

/** The rider as a PDF that an artist gives, if any. `size` in bytes. */
export async function riderOf(db: Db, artistId: string): Promise<Rider | null> {
  const row = await db
    .selectFrom('pressRiders')
    .select(['storageKey', 'sha256', 'size', 'addedAt'])
    .where('artistId', '=', artistId)
    .executeTakeFirst()
  return row ? { ...row, size: Number(row.size) } : null
}

/** The pictures that an artist gives to the press, in the order that they chose. */
export async function ownPictures(db: Db, artistId: string): Promise<PressPicture[]> {
  const { rows } = await sql<PressPicture>`
    select p.id::text as name, p.caption as title, p.caption, p.credit, i.sha256, i.width, i.height, i.widths
    from press_pictures p join images i on i.id = p.image_id where p.artist_id = ${artistId} order by p.place, p.id`.execute(
    db,
  )
  return rows
}
