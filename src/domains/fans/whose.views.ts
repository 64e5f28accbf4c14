import type { Db, Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { artistBySlug, type Sender, senderOf } from '../identity/index.ts'

/** Whom one follows: an artist or a label, as pages name them. */
export type Whose = { to: Sender; name: string; slug: string; language: Lang }

export const whosePath = ({ slug }: Whose): string => `/${encodeURIComponent(slug)}`

/** By the first segment of an address; `moved` when they go by another one now. */
export async function whoseBySlug(db: Db | Tx, slug: string): Promise<Whose | { moved: string } | null> {
  const found = await artistBySlug(db, slug)
  if (!found) return null
  if (found.kind === 'moved') return { moved: found.slug }
  const { id, name, slug: own, language } = found.kind === 'artist' ? found.artist : found.label
  return { to: found.kind === 'artist' ? { artistId: id } : { labelId: id }, name, slug: own, language }
}

export async function whoseById(
  db: Db | Tx,
  of: { artistId: string | null; labelId: string | null },
): Promise<Whose | null> {
  const id = of.artistId ?? of.labelId
  if (!id) return null
  const row = await db
    .selectFrom('senders')
    .select(['name', 'slug', 'language'])
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? { to: senderOf(of), ...row } : null
}
