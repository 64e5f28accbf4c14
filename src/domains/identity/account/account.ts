import { sql } from 'kysely'
import type { Lang } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { audit } from '../audit.ts'
import { isLast, lockMember, type Place, placeColumns } from '../members.store.ts'
import type { Actor } from '../rights.rules.ts'
import { type Charge, isOnlyHost, soleCharges } from './account.views.ts'

type Deps = Pick<Platform, 'db'>

export async function editAccount({ db }: Deps, actor: Actor, input: { name: string; language: Lang }): Promise<void> {
  await db.updateTable('accounts').set(input).where('id', '=', actor.accountId).execute()
}

/** Leaves an artist or a label; who alone answers for it stays until somebody else does. */
export async function leave(
  { db }: Deps,
  actor: Actor,
  id: string,
): Promise<Result<{ name: string }, 'none' | 'last'>> {
  return db.transaction().execute(async (tx) => {
    const mine = await tx
      .selectFrom('memberships')
      .leftJoin('artists', 'artists.id', 'memberships.artistId')
      .leftJoin('labels', 'labels.id', 'memberships.labelId')
      .select(['artistId', 'labelId'])
      .select(sql<string>`coalesce(artists.name, labels.name)`.as('name'))
      .where('memberships.id', '=', id)
      .where('accountId', '=', actor.accountId)
      .executeTakeFirst()
    if (!mine) return fail('none')
    const place: Place = mine.artistId
      ? { kind: 'artist', id: mine.artistId }
      : { kind: 'label', id: mine.labelId as string }
    const member = await lockMember(tx, place, id)
    if (!member) return fail('none')
    if (await isLast(tx, place, member)) return fail('last')
    await tx.deleteFrom('memberships').where('id', '=', id).execute()
    await audit(tx, {
      accountId: actor.accountId,
      action: 'people.leave',
      ...placeColumns(place),
      subject: actor.name,
      details: { accountId: actor.accountId, role: member.role },
    })
    return ok({ name: mine.name })
  })
}

export type DeleteError = { kind: 'sole'; charges: Charge[] } | { kind: 'host' }

/** Why an account cannot be deleted yet, if so. */
export async function whyNotDelete(
  db: Parameters<typeof soleCharges>[0],
  accountId: string,
): Promise<DeleteError | null> {
  if (await isOnlyHost(db, accountId)) return { kind: 'host' }
  const charges = await soleCharges(db, accountId)
  return charges.length ? { kind: 'sole', charges } : null
}

/** Erases an account, with its passkeys and sessions, and its name from the record of changes. */
export async function deleteAccount({ db }: Deps, actor: Actor): Promise<Result<null, DeleteError>> {
  return db.transaction().execute(async (tx) => {
    // Rare, and decided over several places at once: nobody joins or leaves meanwhile.
    await sql`lock table memberships, accounts in share row exclusive mode`.execute(tx)
    const reason = await whyNotDelete(tx, actor.accountId)
    if (reason) return fail(reason)
    await tx
      .updateTable('auditLog')
      .set({ subject: null })
      .where((entry) => entry.or([entry('action', 'like', 'people.%'), entry('action', 'like', 'account.%')]))
      .where(sql`details->>'accountId'`, '=', actor.accountId)
      .execute()
    await tx.deleteFrom('invitations').where(sql`lower(email)`, '=', actor.email.toLowerCase()).execute()
    await tx.deleteFrom('signInLinks').where(sql`lower(email)`, '=', actor.email.toLowerCase()).execute()
    await tx.deleteFrom('accounts').where('id', '=', actor.accountId).execute()
    await audit(tx, { accountId: null, action: 'account.delete' })
    return ok(null)
  })
}
