import { sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { audit } from '../../identity/index.ts'
import { lockOperation } from '../operation.store.ts'

type Deps = Pick<Platform, 'db' | 'now'>

/** A draft that may be laid in. */
export type Draft = { kind: 'release' | 'post'; id: string }

const column = { release: 'releaseId', post: 'postId' } as const

/** `taken`: it is laid in already, here or elsewhere. `missing`: no such series that goes on, or no such draft of its artist. */
export async function layIn(
  { db, now }: Deps,
  { operationId, draft, by }: { operationId: string; draft: Draft; by: string },
): Promise<Result<null, 'missing' | 'taken'>> {
  return db.transaction().execute(async (tx) => {
    const operation = await lockSeries(tx, operationId)
    if (!operation) return fail('missing')
    const { artistId, title } = operation
    const { rows: own } = await (draft.kind === 'release'
      ? sql`select from releases where id = ${draft.id} and artist_id = ${artistId} and removed_at is null and visibility in ('draft', 'unlisted')`
      : sql`select from posts where id = ${draft.id} and sender_id = ${artistId} and removed_at is null and visibility in ('draft', 'unlisted')`
    ).execute(tx)
    if (!own.length) return fail('missing')
    const laid = await tx
      .insertInto('seriesItems')
      .values({
        ...{ id: newId(), operationId, releaseId: null, postId: null, [column[draft.kind]]: draft.id },
        place: sql<number>`(select coalesce(max(place), 0) + 1 from series_items where operation_id = ${operationId})`,
        ...{
          laidAt: now(),
          number: null,
          claimedAt: null,
          givenAt: null,
          problem: null,
          announcementId: null,
          productId: null,
        },
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!laid) return fail('taken')
    const details = { draft: `${draft.kind}:${draft.id}` }
    await audit(tx, { accountId: by, action: 'series.lay-in', artistId, subject: title, details })
    return ok(null)
  })
}

/** Moves what is laid in before the one before it, or after the one after. What has been given stays. */
export async function moveItem(
  { db }: Deps,
  { operationId, itemId, step }: { operationId: string; itemId: string; step: 'up' | 'down' },
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    if (!(await lockSeries(tx, operationId))) return false
    const items = await tx
      .selectFrom('seriesItems')
      .select(['id', 'place'])
      .where('operationId', '=', operationId)
      .where('number', 'is', null)
      .orderBy('place')
      .orderBy('id')
      .execute()
    const at = items.findIndex(({ id }) => id === itemId)
    const [one, other] = [items[at], items[step === 'up' ? at - 1 : at + 1]]
    if (!one) return false
    if (!other) return true
    await tx.updateTable('seriesItems').set({ place: other.place }).where('id', '=', one.id).execute()
    await tx.updateTable('seriesItems').set({ place: one.place }).where('id', '=', other.id).execute()
    return true
  })
}

/** Takes a draft out of the series again. It stays a draft. */
export async function takeOut(
  { db }: Deps,
  { operationId, itemId, by }: { operationId: string; itemId: string; by: string },
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const operation = await lockSeries(tx, operationId)
    if (!operation) return false
    const out = await tx
      .deleteFrom('seriesItems')
      .where('id', '=', itemId)
      .where('operationId', '=', operationId)
      .where('number', 'is', null)
      .returning('id')
      .executeTakeFirst()
    const { artistId, title } = operation
    if (out) await audit(tx, { accountId: by, action: 'series.take-out', artistId, subject: title })
    return out !== undefined
  })
}

/** The series, held until the transaction ends; null when nothing is laid in it any more. */
async function lockSeries(tx: Tx, operationId: string) {
  const operation = await lockOperation(tx, operationId)
  return operation?.kind === 'series' && operation.state !== 'closed' ? operation : null
}
