import type { Db, Tx } from '../../../platform/database/index.ts'
import { addDays, dayIn } from '../../../platform/days.ts'
import { newId } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fromLocal } from '../../../platform/zones.ts'
import { artistById } from '../artists.views.ts'
import { audit } from '../audit.ts'
import type { Actor, MandatePermission } from '../rights.rules.ts'
import { zoneOf } from '../zones.ts'

type Deps = Pick<Platform, 'db' | 'now'>

declare module '../../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    'identity.end-mandates': Record<string, never>
  }
}

/** What is given to a label, and through which day of the artist's; null: until one of them ends it. */
export type Grant = { artistId: string; labelId: string; permissions: MandatePermission[]; lastDay: string | null }

/** The last day of a mandate, as the artist's calendar has it. */
export const lastDayOf = (endsAt: Date, artist: Parameters<typeof zoneOf>[0]): string =>
  dayIn(new Date(endsAt.getTime() - 1), zoneOf(artist))

/**
 * Lets a label do these things for an artist, from now on and instead of what it could before. What was granted earlier stays
 * as history, and what the label had asked for is answered. `past`: the last day is over already.
 */
export async function grantMandate({ db, now }: Deps, actor: Actor, grant: Grant): Promise<'given' | 'none' | 'past'> {
  return db.transaction().execute(async (tx) => {
    const label = await tx
      .selectFrom('labels')
      .select('name')
      .where('id', '=', grant.labelId)
      .where('goesAt', 'is', null)
      .forNoKeyUpdate()
      .executeTakeFirst()
    const artist = await artistById(tx, grant.artistId)
    if (!label || !artist) return 'none'
    const endsAt = grant.lastDay && fromLocal(`${addDays(grant.lastDay, 1)}T00:00`, zoneOf(artist))
    if (endsAt && endsAt <= now()) return 'past'
    await tx
      .updateTable('mandates')
      .set({ revokedAt: now(), revokedBy: actor.accountId })
      .where('artistId', '=', grant.artistId)
      .where('labelId', '=', grant.labelId)
      .where('revokedAt', 'is', null)
      .execute()
    await tx
      .updateTable('mandateRequests')
      .set({ settledAt: now(), outcome: 'given' })
      .where('artistId', '=', grant.artistId)
      .where('labelId', '=', grant.labelId)
      .where('settledAt', 'is', null)
      .execute()
    await grantIn(tx, actor, { ...grant, endsAt: endsAt || null }, label.name, now())
    return 'given'
  })
}

export async function grantIn(
  tx: Tx,
  actor: Actor,
  grant: Omit<Grant, 'lastDay'> & { endsAt: Date | null },
  labelName: string,
  now: Date,
): Promise<void> {
  const { artistId, labelId, permissions, endsAt } = grant
  await tx
    .insertInto('mandates')
    .values({
      id: newId(now.getTime()),
      artistId,
      labelId,
      permissions,
      grantedAt: now,
      grantedBy: actor.accountId,
      endsAt,
      revokedAt: null,
      revokedBy: null,
    })
    .execute()
  if (endsAt)
    await addJob(
      tx,
      'identity.end-mandates',
      {},
      { key: `mandate:${artistId}:${labelId}`, runAt: endsAt, attempts: 25 },
    )
  await audit(tx, {
    accountId: actor.accountId,
    action: 'mandate.grant',
    artistId,
    labelId,
    subject: labelName,
    details: { permissions, endsAt },
  })
}

export type Revoked = { labelId: string; label: string; permissions: MandatePermission[]; endsAt: Date | null }

/** Takes a mandate back (its artist) or gives it back (its label). Null when it is not in force, else what it was. */
export async function revokeMandate(
  { db, now }: Deps,
  actor: Actor,
  of: { artistId: string } | { labelId: string },
  id: string,
): Promise<Revoked | null> {
  return db.transaction().execute(async (tx) => {
    let query = tx
      .updateTable('mandates')
      .set({ revokedAt: now(), revokedBy: actor.accountId })
      .where('id', '=', id)
      .where('revokedAt', 'is', null)
    query = 'artistId' in of ? query.where('artistId', '=', of.artistId) : query.where('labelId', '=', of.labelId)
    const revoked = await query.returning(['artistId', 'labelId', 'permissions', 'endsAt']).executeTakeFirst()
    if (!revoked) return null
    const { artistId, ...rest } = revoked
    const name = await labelName(tx, rest.labelId)
    await audit(tx, {
      accountId: actor.accountId,
      action: 'artistId' in of ? 'mandate.revoke' : 'mandate.renounce',
      artistId,
      labelId: rest.labelId,
      subject: name,
    })
    return { ...rest, label: name }
  })
}

/** Writes down which mandates came to their end: from that moment on they allowed nothing already. */
export async function endMandates({ db, now }: Deps): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const ended = await tx
      .updateTable('mandates')
      .set((row) => ({ revokedAt: row.ref('endsAt') }))
      .where('revokedAt', 'is', null)
      .where('endsAt', '<=', now())
      .returning(['artistId', 'labelId'])
      .execute()
    for (const one of ended)
      await audit(tx, { accountId: null, action: 'mandate.end', ...one, subject: await labelName(tx, one.labelId) })
    return ended.length
  })
}

const labelName = async (db: Db | Tx, id: string): Promise<string> =>
  (await db.selectFrom('labels').select('name').where('id', '=', id).executeTakeFirstOrThrow()).name
