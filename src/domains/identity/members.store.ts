import type { Tx } from '../../platform/database/index.ts'
import type { Role } from './rights.rules.ts'

/** An artist or a label, as something that people work for. */
export type Place = { kind: 'artist'; id: string } | { kind: 'label'; id: string }

export const placeColumns = (place: Place) =>
  place.kind === 'artist' ? { artistId: place.id, labelId: null } : { artistId: null, labelId: place.id }

/** Those who answer: artists for an artist, managers for a label. An editor answers for nothing. */
const answers = (role: Role) => role !== 'editor'

export type Member = { id: string; accountId: string; name: string; role: Role }

/** One membership of a place, which stays locked until the end of the transaction together with its place. */
export async function lockMember(tx: Tx, place: Place, membershipId: string): Promise<Member | null> {
  await lockPlace(tx, place)
  const { artistId, labelId } = placeColumns(place)
  const found = await tx
    .selectFrom('memberships')
    .innerJoin('accounts', 'accounts.id', 'memberships.accountId')
    .select(['memberships.id', 'accountId', 'role', 'accounts.name', 'accounts.email'])
    .where('memberships.id', '=', membershipId)
    .where('artistId', artistId ? '=' : 'is', artistId)
    .where('labelId', labelId ? '=' : 'is', labelId)
    .executeTakeFirst()
  return found ? { id: found.id, accountId: found.accountId, role: found.role, name: found.name || found.email } : null
}

/** So that two who leave at once cannot both believe that the other stays. */
async function lockPlace(tx: Tx, { kind, id }: Place): Promise<void> {
  await tx
    .selectFrom(kind === 'artist' ? 'artists' : 'labels')
    .select('id')
    .where('id', '=', id)
    .forUpdate()
    .execute()
}

/** Whether nobody else answers for this place. */
export async function isLast(tx: Tx, place: Place, member: Member): Promise<boolean> {
  if (!answers(member.role)) return false
  const { artistId, labelId } = placeColumns(place)
  const other = await tx
    .selectFrom('memberships')
    .select('id')
    .where('artistId', artistId ? '=' : 'is', artistId)
    .where('labelId', labelId ? '=' : 'is', labelId)
    .where('role', '=', member.role)
    .where('id', '!=', member.id)
    .executeTakeFirst()
  return other === undefined
}
