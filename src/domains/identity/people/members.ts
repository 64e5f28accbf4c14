import { sql } from 'kysely'
import { newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { type AuditAction, audit } from '../audit.ts'
import { isLast, lockMember, type Member, type Place, placeColumns } from '../members.store.ts'
import type { Actor, Role } from '../rights.rules.ts'

type Deps = Pick<Platform, 'db'>
export type MemberError = { kind: 'none' } | { kind: 'last'; name: string }

/** Takes somebody out. The value names the entry of the record that `restoreMember` undoes. */
export async function removeMember(
  { db }: Deps,
  actor: Actor,
  place: Place,
  membershipId: string,
): Promise<Result<{ entry: string; name: string }, MemberError>> {
  return db.transaction().execute(async (tx) => {
    const member = await lockMember(tx, place, membershipId)
    if (!member) return fail({ kind: 'none' as const })
    if (await isLast(tx, place, member)) return fail({ kind: 'last' as const, name: member.name })
    await tx.deleteFrom('memberships').where('id', '=', member.id).execute()
    const entry = await audit(tx, changeOf(actor, 'people.remove', place, member))
    return ok({ entry, name: member.name })
  })
}

/** Undoes a removal that the same person made within the hour. */
export async function restoreMember(
  { db }: Deps,
  actor: Actor,
  place: Place,
  entry: string,
): Promise<Result<{ name: string }, 'none'>> {
  const { artistId, labelId } = placeColumns(place)
  return db.transaction().execute(async (tx) => {
    const removal = await tx
      .selectFrom('auditLog')
      .select(['details', 'subject'])
      .where('id', '=', entry)
      .where('action', '=', 'people.remove')
      .where('accountId', '=', actor.accountId)
      .where('artistId', artistId ? '=' : 'is', artistId)
      .where('labelId', labelId ? '=' : 'is', labelId)
      .where('at', '>', sql<Date>`now() - interval '1 hour'`)
      .executeTakeFirst()
    const { accountId, role } = (removal?.details ?? {}) as { accountId?: string; role?: Role }
    if (!removal || !accountId || !role) return fail('none')
    const account = await tx.selectFrom('accounts').select('id').where('id', '=', accountId).executeTakeFirst()
    if (!account) return fail('none')
    await tx
      .insertInto('memberships')
      .values({ id: newId(), accountId, ...placeColumns(place), role })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    const name = removal.subject ?? ''
    await audit(tx, changeOf(actor, 'people.restore', place, { accountId, role, name }))
    return ok({ name })
  })
}

/** Gives a member of an artist another role. */
export async function changeRole(
  { db }: Deps,
  actor: Actor,
  place: Place,
  membershipId: string,
  role: Role,
): Promise<Result<{ accountId: string }, MemberError>> {
  return db.transaction().execute(async (tx) => {
    const member = await lockMember(tx, place, membershipId)
    if (!member || (role === 'label_manager') !== (place.kind === 'label')) return fail({ kind: 'none' as const })
    if (role === member.role) return ok({ accountId: member.accountId })
    if (await isLast(tx, place, member)) return fail({ kind: 'last' as const, name: member.name })
    await tx.updateTable('memberships').set({ role }).where('id', '=', member.id).execute()
    await audit(tx, changeOf(actor, 'people.role', place, { ...member, role }))
    return ok({ accountId: member.accountId })
  })
}

const changeOf = (actor: Actor, action: AuditAction, place: Place, { accountId, role, name }: Omit<Member, 'id'>) => ({
  accountId: actor.accountId,
  action,
  ...placeColumns(place),
  subject: name,
  details: { accountId, role },
})
