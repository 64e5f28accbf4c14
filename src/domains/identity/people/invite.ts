import { sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import { allow, type Limit } from '../../../platform/http/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import { newId } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { audit } from '../audit.ts'
import { type Place, placeColumns } from '../members.store.ts'
import type { Actor, Role } from '../rights.rules.ts'

type Deps = Pick<Platform, 'db' | 'signer' | 'now'>

/** A mail to a stranger costs the place its good name: a day has room for a real team, not for a list. */
const A_DAY: Limit = { name: 'invite', most: 50, windowSeconds: 86_400 }

export type InviteInput = { email: string; role: Role; language: Lang }
export type InviteError = 'member' | 'too_many'

/** Asks somebody by mail to work for a place. Who was asked already is asked again, with the role given last. */
export async function invite(
  deps: Deps,
  actor: Actor,
  place: Place,
  input: InviteInput,
): Promise<Result<{ id: string }, InviteError>> {
  if (!(await allow(deps, A_DAY, actor.accountId))) return fail('too_many')
  return deps.db.transaction().execute((tx) => inviteIn(tx, actor, place, input))
}

/** The same inside a larger change, and without the limit. */
export async function inviteIn(
  tx: Tx,
  actor: Actor,
  place: Place,
  { email, role, language }: InviteInput,
): Promise<Result<{ id: string }, InviteError>> {
  const { artistId, labelId } = placeColumns(place)
  const member = await tx
    .selectFrom('memberships')
    .innerJoin('accounts', 'accounts.id', 'memberships.accountId')
    .select('memberships.id')
    .where(sql`lower(email)`, '=', email.toLowerCase())
    .where('artistId', artistId ? '=' : 'is', artistId)
    .where('labelId', labelId ? '=' : 'is', labelId)
    .executeTakeFirst()
  if (member) return fail('member')
  await tx
    .updateTable('invitations')
    .set({ withdrawnAt: sql`now()` })
    .where(sql`lower(email)`, '=', email.toLowerCase())
    .where('artistId', artistId ? '=' : 'is', artistId)
    .where('labelId', labelId ? '=' : 'is', labelId)
    .where('acceptedAt', 'is', null)
    .where('withdrawnAt', 'is', null)
    .execute()
  const id = newId()
  await tx
    .insertInto('invitations')
    .values({
      id,
      email,
      ...placeColumns(place),
      role,
      language,
      invitedBy: actor.accountId,
      acceptedAt: null,
      withdrawnAt: null,
    })
    .execute()
  await audit(tx, { accountId: actor.accountId, action: 'people.invite', ...placeColumns(place), details: { role } })
  await addJob(tx, 'identity.mail-invitation', { invitationId: id })
  return ok({ id })
}

/** Mails an open invitation once more; false when it is not of this place, or no longer open. */
export async function sendAgain(deps: Deps, actor: Actor, place: Place, id: string): Promise<boolean> {
  const { artistId, labelId } = placeColumns(place)
  const open = await deps.db
    .selectFrom('invitations')
    .select('email')
    .where('id', '=', id)
    .where('artistId', artistId ? '=' : 'is', artistId)
    .where('labelId', labelId ? '=' : 'is', labelId)
    .where('acceptedAt', 'is', null)
    .where('withdrawnAt', 'is', null)
    .executeTakeFirst()
  if (!open || !(await allow(deps, A_DAY, actor.accountId))) return false
  await addJob(deps.db, 'identity.mail-invitation', { invitationId: id })
  return true
}

/** Makes an invitation void, with every link that was sent for it. */
export async function withdraw({ db, now }: Deps, actor: Actor, place: Place, id: string): Promise<boolean> {
  const { artistId, labelId } = placeColumns(place)
  return db.transaction().execute(async (tx) => {
    const withdrawn = await tx
      .updateTable('invitations')
      .set({ withdrawnAt: now() })
      .where('id', '=', id)
      .where('artistId', artistId ? '=' : 'is', artistId)
      .where('labelId', labelId ? '=' : 'is', labelId)
      .where('acceptedAt', 'is', null)
      .where('withdrawnAt', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (withdrawn) await audit(tx, { accountId: actor.accountId, action: 'people.withdraw', ...placeColumns(place) })
    return withdrawn !== undefined
  })
}
