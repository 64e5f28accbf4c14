import type { Context } from 'hono'
import type { Db } from '../../platform/database/index.ts'
import { can, type Thing, type WebEnv } from '../identity/index.ts'
import type { Owner } from './owner.types.ts'
import type { Seller } from './seller.views.ts'
import { sellerOf } from './seller.views.ts'

export const thingOf = (owner: Owner): Thing =>
  'artistId' in owner ? { kind: 'artist', artistId: owner.artistId } : { kind: 'label', labelId: owner.labelId }

/** The artist or label at the desk. */
export function ownerAtDesk(c: Context<WebEnv>): (Owner & { name: string; slug: string }) | null {
  const { current } = c.get('desk')
  if (!current) return null
  const { id, name, slug } = current.kind === 'artist' ? current.artist : current.label
  return current.kind === 'artist' ? { artistId: id, name, slug } : { labelId: id, name, slug }
}

export const thingAtDesk = (c: Context<WebEnv>): Thing | null => {
  const owner = ownerAtDesk(c)
  return owner && thingOf(owner)
}

export const mayEdit = (c: Context<WebEnv>): boolean => {
  const thing = thingAtDesk(c)
  return thing !== null && can(c.get('actor'), 'books.edit', thing)
}

/** The seller at the desk, where there is one. */
export async function sellerAtDesk(db: Db, c: Context<WebEnv>): Promise<Seller | null> {
  const owner = ownerAtDesk(c)
  return owner ? sellerOf(db, owner) : null
}
