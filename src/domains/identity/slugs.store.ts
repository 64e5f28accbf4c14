import type { Tx } from '../../platform/database/index.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { isReserved } from './reserved.rules.ts'
import { slugify } from './slug.rules.ts'

export type SlugOwner = { artistId: string } | { labelId: string }

const columns = (owner: SlugOwner) => ({
  artistId: 'artistId' in owner ? owner.artistId : null,
  labelId: 'labelId' in owner ? owner.labelId : null,
})

/** Takes the address that a name asks for, or the next free one (`name-2`). It is the owner's from then on, even after renamings. */
export async function claimSlug(tx: Tx, name: string, owner: SlugOwner): Promise<string> {
  const base = slugify(name, 'artistId' in owner ? 'artist-1' : 'label-1')
  for (let n = 1; ; n++) {
    const slug = n === 1 ? base : `${base}-${n}`
    if (isReserved(slug)) continue
    if (await take(tx, slug, owner)) return slug
  }
}

export type SlugError = 'empty' | 'reserved' | 'taken'

/**
 * Gives an artist or a label another address. The old one leads on to it for ever, and nobody else may have it. An address
 * that this owner had before may be taken again.
 */
export async function renameSlug(tx: Tx, owner: SlugOwner, wanted: string): Promise<Result<string, SlugError>> {
  const slug = slugify(wanted)
  if (!slug) return fail('empty')
  if (isReserved(slug)) return fail('reserved')
  if (!(await take(tx, slug, owner))) {
    const there = await tx.selectFrom('slugs').selectAll().where('slug', '=', slug).executeTakeFirst()
    const mine = columns(owner)
    if (there?.artistId !== mine.artistId || there.labelId !== mine.labelId) return fail('taken')
  }
  if ('artistId' in owner) await tx.updateTable('artists').set({ slug }).where('id', '=', owner.artistId).execute()
  else await tx.updateTable('labels').set({ slug }).where('id', '=', owner.labelId).execute()
  return ok(slug)
}

async function take(tx: Tx, slug: string, owner: SlugOwner): Promise<boolean> {
  const taken = await tx
    .insertInto('slugs')
    .values({ slug, ...columns(owner) })
    .onConflict((conflict) => conflict.column('slug').doNothing())
    .returning('slug')
    .executeTakeFirst()
  return taken !== undefined
}
