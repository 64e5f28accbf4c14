import type { Db, Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { artistBySlug, type Sender } from '../identity/index.ts'

/** Whom one follows: an artist or a label, as pages name them. */
export type Whose = { to: Sender; name: string; slug: string; language: Lang }

export const whosePath = ({ slug }: Whose): string => `/${encodeURIComponent(slug)}`

/** By the first segment of an address; `moved` when they go by another one now. */
export async function whoseBySlug(db: Db | Tx, slug: string): Promise<Whose | { moved: string } | null> {
  const found = await artistBySlug(db, slug)
  if (!found) return null
  if (found.kind === 'moved') return { moved: found.slug }
  if (found.kind === 'artist') {
    const { id, name, slug: own, language } = found.artist
    return { to: { artistId: id }, name, slug: own, language }
  }
  const { id, name, slug: own } = found.label
  return { to: { labelId: id }, name, slug: own, language: 'en' }
}

export async function whoseById(
  db: Db | Tx,
  { artistId, labelId }: { artistId: string | null; labelId: string | null },
): Promise<Whose | null> {
  if (artistId) {
    const artist = await db
      .selectFrom('artists')
      .select(['name', 'slug', 'language'])
      .where('id', '=', artistId)
      .executeTakeFirst()
    return artist ? { to: { artistId }, ...artist } : null
  }
  if (!labelId) return null
  const label = await db.selectFrom('labels').select(['name', 'slug']).where('id', '=', labelId).executeTakeFirst()
  return label ? { to: { labelId }, ...label, language: 'en' } : null
}
