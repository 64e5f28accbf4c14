import type { Db, Tx } from '../../../platform/database/index.ts'
import { type Place, placeColumns } from '../members.store.ts'
import type { MandatePermission, Role } from '../rights.rules.ts'

export type PlaceFacts = Place & { name: string; slug: string }

/** An artist or a label by its id, as a place that people work for. */
export async function placeOf(db: Db | Tx, place: Place): Promise<PlaceFacts | null> {
  const found = await db
    .selectFrom(place.kind === 'artist' ? 'artists' : 'labels')
    .select(['name', 'slug'])
    .where('id', '=', place.id)
    .executeTakeFirst()
  return found ? { ...place, ...found } : null
}

export type PeoplePageData = {
  place: PlaceFacts
  members: { id: string; accountId: string; name: string; email: string; role: Role }[]
  invitations: { id: string; email: string; role: Role; createdAt: Date }[]
  /** Of an artist: labels with a mandate in force, and those that might get one. */
  mandates: { id: string; labelId: string; label: string; permissions: MandatePermission[]; grantedAt: Date }[]
  labels: { id: string; name: string }[]
}

export async function peoplePage(db: Db, place: PlaceFacts): Promise<PeoplePageData> {
  const { artistId, labelId } = placeColumns(place)
  const [members, invitations, mandates, labels] = await Promise.all([
    db
      .selectFrom('memberships')
      .innerJoin('accounts', 'accounts.id', 'memberships.accountId')
      .select(['memberships.id', 'accountId', 'accounts.name', 'email', 'role'])
      .where('artistId', artistId ? '=' : 'is', artistId)
      .where('labelId', labelId ? '=' : 'is', labelId)
      .orderBy('memberships.createdAt')
      .execute(),
    db
      .selectFrom('invitations')
      .select(['id', 'email', 'role', 'createdAt'])
      .where('artistId', artistId ? '=' : 'is', artistId)
      .where('labelId', labelId ? '=' : 'is', labelId)
      .where('acceptedAt', 'is', null)
      .where('withdrawnAt', 'is', null)
      .orderBy('createdAt')
      .execute(),
    artistId ? mandatesOf(db, artistId) : [],
    artistId
      ? db.selectFrom('labels').select(['id', 'name']).where('goesAt', 'is', null).orderBy('name').execute()
      : [],
  ])
  return { place, members, invitations, mandates, labels }
}

const mandatesOf = (db: Db, artistId: string) =>
  db
    .selectFrom('mandates')
    .innerJoin('labels', 'labels.id', 'mandates.labelId')
    .select(['mandates.id', 'labelId', 'labels.name as label', 'permissions', 'grantedAt'])
    .where('artistId', '=', artistId)
    .where('revokedAt', 'is', null)
    .orderBy('labels.name')
    .execute()
