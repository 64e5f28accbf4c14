import type { Tx } from '../../../platform/database/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { audit } from '../../identity/index.ts'
import { makePlayable } from '../entry-files/keep-file.ts'
import { settlePictures } from '../held-pictures.ts'
import { lockOperation } from '../operation.store.ts'

type Of = { operationId: string; entryId: string; by: string }

/**
 * Shows an entry, or takes it down with a reason, which is written down and told in figures: what was approved of it stays, and is not counted. An entry
 * that its own author took back stays taken back. `unready`: its sound or film does not play. `other-file`: what was seen was another file; `seen` is the file that
 * was, '' where there was none, undefined where nobody says.
 */
export async function moderateEntry(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  {
    operationId,
    entryId,
    by,
    ...to
  }: Of & ({ state: 'shown'; seen?: string | undefined } | { state: 'blocked'; reason: string }),
): Promise<Result<null, 'missing' | 'closed' | 'unready' | 'other-file'>> {
  return db.transaction().execute(async (tx) => {
    const operation = await lockOperation(tx, operationId)
    if (!operation) return fail('missing')
    // What was counted stays as it was counted; a picture that must go goes all the same.
    if (operation.state === 'closed' && to.state === 'shown') return fail('closed')
    if (to.state === 'shown') {
      const file = await lockFile(tx, entryId)
      if (to.seen !== undefined && to.seen !== (file?.fileId ?? '')) return fail('other-file')
      if (file?.fileId && file.state !== 'ready') return fail('unready')
    }
    const reason = to.state === 'blocked' ? to.reason : ''
    const entry = await tx
      .updateTable('contestEntries')
      .set({ state: to.state, reason, decidedBy: by, decidedAt: now() })
      .where('id', '=', entryId)
      .where('operationId', '=', operationId)
      .where('confirmedAt', 'is not', null)
      .where('state', '!=', 'withdrawn')
      .returning(['name', 'fileId'])
      .executeTakeFirst()
    if (!entry) return fail('missing')
    const film = entry.fileId ? [{ what: 'film' as const, id: entry.fileId }] : []
    await settlePictures(tx, [{ what: 'entry', id: entryId }, ...film])
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

/** The file of an entry, which no other can take the place of until this transaction ends. */
async function lockFile(tx: Tx, entryId: string) {
  const entry = await tx
    .selectFrom('contestEntries')
    .select('fileId')
    .where('id', '=', entryId)
    .forUpdate()
    .executeTakeFirst()
  if (!entry?.fileId) return null
  return tx
    .selectFrom('entryFiles')
    .select(['id as fileId', 'state'])
    .where('id', '=', entry.fileId)
    .executeTakeFirstOrThrow()
}

/** Has a sound or a film that failed made to play once more: it may have been the machine. */
export const retryEntryFile = (
  { db }: Pick<Platform, 'db'>,
  { operationId, entryId }: Omit<Of, 'by'>,
): Promise<boolean> =>
  db.transaction().execute(async (tx) => {
    const failed = await tx
      .selectFrom('contestEntries')
      .innerJoin('entryFiles', 'entryFiles.id', 'contestEntries.fileId')
      .select('entryFiles.id')
      .where('contestEntries.id', '=', entryId)
      .where('contestEntries.operationId', '=', operationId)
      .where('contestEntries.state', '=', 'waiting')
      .where('confirmedAt', 'is not', null)
      .where('entryFiles.state', '=', 'failed')
      .executeTakeFirst()
    if (failed) await makePlayable(tx, failed.id)
    return failed !== undefined
  })
