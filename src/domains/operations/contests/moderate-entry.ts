import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { audit } from '../../identity/index.ts'
import { lockOperation } from '../operation.store.ts'

type Of = { operationId: string; entryId: string; by: string }

/**
 * Shows an entry, or takes it down with a reason, which is written down and told in figures: what was approved of it stays, and is not counted. An entry
 * that its own author took back stays taken back.
 */
export async function moderateEntry(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { operationId, entryId, by, ...to }: Of & ({ state: 'shown' } | { state: 'blocked'; reason: string }),
): Promise<Result<null, 'missing' | 'closed'>> {
  return db.transaction().execute(async (tx) => {
    const operation = await lockOperation(tx, operationId)
    if (!operation) return fail('missing')
    // What was counted stays as it was counted; a picture that must go goes all the same.
    if (operation.state === 'closed' && to.state === 'shown') return fail('closed')
    const reason = to.state === 'blocked' ? to.reason : ''
    const entry = await tx
      .updateTable('contestEntries')
      .set({ state: to.state, reason, decidedBy: by, decidedAt: now() })
      .where('id', '=', entryId)
      .where('operationId', '=', operationId)
      .where('confirmedAt', 'is not', null)
      .where('state', '!=', 'withdrawn')
      .returning('name')
      .executeTakeFirst()
    if (!entry) return fail('missing')
    if (to.state === 'blocked')
      await tx.updateTable('contests').set({ winnerId: null }).where('winnerId', '=', entryId).execute()
    const action = to.state === 'shown' ? 'operation.entry-show' : 'operation.entry-block'
    const { artistId } = operation
    await audit(tx, {
      accountId: by,
      action,
      artistId,
      subject: entry.name,
      details: { entryId, ...(reason && { reason }) },
    })
    return ok(null)
  })
}
