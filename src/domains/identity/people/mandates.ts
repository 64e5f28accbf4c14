import type { Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { audit } from '../audit.ts'
import type { Actor, MandatePermission } from '../rights.rules.ts'

type Deps = Pick<Platform, 'db' | 'now'>

/**
 * Lets a label do these things for an artist, from now on and instead of what it could before. What was granted earlier stays
 * as history. False when there is no such label.
 */
export async function grantMandate(
  { db, now }: Deps,
  actor: Actor,
  grant: { artistId: string; labelId: string; permissions: MandatePermission[] },
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const label = await tx
      .selectFrom('labels')
      .select('name')
      .where('id', '=', grant.labelId)
      .forUpdate()
      .executeTakeFirst()
    if (!label) return false
    await tx
      .updateTable('mandates')
      .set({ revokedAt: now(), revokedBy: actor.accountId })
      .where('artistId', '=', grant.artistId)
      .where('labelId', '=', grant.labelId)
      .where('revokedAt', 'is', null)
      .execute()
    await grantIn(tx, actor, grant, label.name, now())
    return true
  })
}

export async function grantIn(
  tx: Tx,
  actor: Actor,
  { artistId, labelId, permissions }: { artistId: string; labelId: string; permissions: MandatePermission[] },
  labelName: string,
  now: Date,
): Promise<void> {
  await tx
    .insertInto('mandates')
    .values({
      id: newId(now.getTime()),
      artistId,
      labelId,
      permissions,
      grantedAt: now,
      grantedBy: actor.accountId,
      revokedAt: null,
      revokedBy: null,
    })
    .execute()
  await audit(tx, {
    accountId: actor.accountId,
    action: 'mandate.grant',
    artistId,
    labelId,
    subject: labelName,
    details: { permissions },
  })
}

/** Takes a mandate back (its artist) or gives it back (its label). Null when it is not in force, else what it was. */
export async function revokeMandate(
  { db, now }: Deps,
  actor: Actor,
  of: { artistId: string } | { labelId: string },
  id: string,
): Promise<{ labelId: string; label: string; permissions: MandatePermission[] } | null> {
  return db.transaction().execute(async (tx) => {
    let query = tx
      .updateTable('mandates')
      .set({ revokedAt: now(), revokedBy: actor.accountId })
      .where('id', '=', id)
      .where('revokedAt', 'is', null)
    query = 'artistId' in of ? query.where('artistId', '=', of.artistId) : query.where('labelId', '=', of.labelId)
    const revoked = await query.returning(['artistId', 'labelId', 'permissions']).executeTakeFirst()
    if (!revoked) return null
    const { artistId, labelId, permissions } = revoked
    const { name } = await tx.selectFrom('labels').select('name').where('id', '=', labelId).executeTakeFirstOrThrow()
    await audit(tx, {
      accountId: actor.accountId,
      action: 'artistId' in of ? 'mandate.revoke' : 'mandate.renounce',
      artistId,
      labelId,
      subject: name,
    })
    return { labelId, label: name, permissions }
  })
}
