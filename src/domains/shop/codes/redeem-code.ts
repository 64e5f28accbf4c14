import type { Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { recordReturn, recordTouches, type Subject } from '../../exchange/index.ts'
import { isOver } from './code.rules.ts'
import { batchSubject, batchToken } from './make-codes.ts'

/** What a code gives, and to whom it has given it. `mine`: to the browser that asks. */
export type FoundCode = {
  code: string
  batchId: string
  artistId: string
  artistName: string
  artistSlug: string
  subject: Subject
  state: 'open' | 'mine' | 'taken' | 'closed' | 'over'
  until: string | null
}

export type RedeemProblem = 'unknown' | 'taken' | 'closed' | 'over'

type Asking = {
  code: string
  /** The hash of the browser's cookie; null while it has none. */
  browser: string | null
}

/** A code as it stands, for whoever asks; null when there is none such. `alone`: nobody else redeems it until the transaction ends. */
async function findIn(tx: Tx, { code, browser }: Asking, now: Date, { alone = false } = {}): Promise<FoundCode | null> {
  let query = tx
    .selectFrom('codes')
    .innerJoin('codeBatches', 'codeBatches.id', 'codes.batchId')
    .innerJoin('artists', 'artists.id', 'codeBatches.artistId')
    .select(['codes.code', 'codes.batchId', 'codes.redeemedAt', 'codes.browser'])
    .select(['codeBatches.artistId', 'codeBatches.subject', 'codeBatches.until', 'codeBatches.closedAt'])
    .select(['artists.name as artistName', 'artists.slug as artistSlug'])
    .where('codes.code', '=', code)
    .where('artists.goesAt', 'is', null)
  if (alone) query = query.forUpdate('codes').forShare('codeBatches')
  const row = await query.executeTakeFirst()
  if (!row) return null
  const { redeemedAt, closedAt, browser: redeemer, subject, ...found } = row
  const state = redeemedAt
    ? redeemer === browser
      ? 'mine'
      : 'taken'
    : closedAt
      ? 'closed'
      : isOver(found.until, now)
        ? 'over'
        : 'open'
  return { ...found, subject: subject as Subject, state }
}

export const findCode = ({ db, now }: Pick<Platform, 'db' | 'now'>, asking: Asking): Promise<FoundCode | null> =>
  db.transaction().execute((tx) => findIn(tx, asking, now()))

/**
 * Gives what the code gives to the browser that redeems it: once. Of two who try at the same moment, one has it. The same browser again has it again.
 * It reached somebody and was accepted, both beside the gift that the batch is.
 */
export const redeemCode = (
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { code, browser, personId }: { code: string; browser: string; personId: string | null },
): Promise<Result<FoundCode, RedeemProblem>> =>
  db.transaction().execute(async (tx) => {
    const at = now()
    const found = await findIn(tx, { code, browser }, at, { alone: true })
    if (!found) return fail('unknown')
    if (found.state === 'mine') return ok(found)
    if (found.state !== 'open') return fail(found.state)
    await tx.updateTable('codes').set({ redeemedAt: at, browser }).where('code', '=', code).execute()
    const { artistId, subject, batchId } = found
    const about = { artistId, subject, givenAs: batchSubject(batchId), token: batchToken(batchId), personId, at }
    await recordTouches(tx, [{ ...about, key: `code:${code}`, channel: 'code', referrer: null }])
    await recordReturn(tx, { ...about, key: `code:${code}`, kind: 'acceptance' })
    return ok({ ...found, state: 'mine' })
  })

/** What was redeemed in this browser is kept for good for an address; another address instead, since the first may have been mistyped. */
export const keepForGood = (
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { code, browser, mailKey }: { code: string; browser: string; mailKey: string },
): Promise<boolean> =>
  db.transaction().execute(async (tx) => {
    const found = await findIn(tx, { code, browser }, now(), { alone: true })
    if (found?.state !== 'mine') return false
    await tx
      .insertInto('holdings')
      .values({
        ...{ id: newId(), mailKey, subject: found.subject, artistId: found.artistId, source: 'code' },
        ...{ key: `code:${code}`, orderId: null, fromAt: now(), revokedAt: null },
      })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ mailKey }))
      .execute()
    return true
  })
