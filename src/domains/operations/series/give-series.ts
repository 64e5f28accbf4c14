import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail } from '../../../platform/result.ts'
import { audit } from '../../identity/index.ts'
import { publishPost } from '../../journal/index.ts'
import { publishRelease } from '../../music/index.ts'
import { lockOperation } from '../operation.store.ts'
import { goesWith } from './goes-with.ts'
import { dueBy, isOnTime, momentOf } from './series.rules.ts'
import { numbersOf, rhythmOf, setNext } from './series.store.ts'
import { IS_FOR_MEMBERS } from './series.views.ts'

type Deps = Pick<Platform, 'db' | 'now'>
type Claim = { id: string; releaseId: string | null; postId: string | null }

/** Gives what is due in every series: one thing each, however long nothing ran. What a crash left half done is finished. */
export async function giveDue(deps: Deps): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select o.id from operations o join series s on s.operation_id = o.id
    where o.hidden_at is null and (s.next_at <= ${deps.now()}
      or exists (select from series_items i where i.operation_id = o.id and i.number is not null and i.given_at is null))
    order by s.next_at limit 500`.execute(deps.db)
  let failure: unknown
  // What is wrong with one series keeps no other from its hour.
  for (const { id } of rows) await giveNext(deps, { operationId: id }).catch((error: unknown) => (failure ??= error))
  if (failure) throw failure
}

/**
 * Gives the next one of a series whose hour has come. Its number is written down first, then it is published by the command of its own domain, which
 * changes nothing the second time, then that is written down: killed anywhere, it goes on with the same one. Of several that are overdue, the last alone is
 * made up for. `asked`: the artist makes up for the last one that is missing, with what was laid in since. Answers whether something was given.
 */
export async function giveNext(
  deps: Deps,
  { operationId, asked = null }: { operationId: string; asked?: { by: string } | null },
): Promise<boolean> {
  const claim = await claimNext(deps, operationId, asked !== null)
  if (!claim) return false
  const { releaseId, postId } = claim
  const by = asked?.by ?? null
  const done = (await isForMembers(deps.db, claim.id))
    ? fail('members' as const)
    : releaseId
      ? await publishRelease(deps, { releaseId, by })
      : postId
        ? await publishPost(deps, { postId, by })
        : null
  return deps.db.transaction().execute(async (tx) => {
    const operation = await lockOperation(tx, operationId)
    const rhythm = operation && (await rhythmOf(tx, operation))
    const item = await tx.selectFrom('seriesItems').selectAll().where('id', '=', claim.id).executeTakeFirst()
    const at = deps.now()
    if (!operation || !rhythm || item?.number == null || item.givenAt) return false
    if (!done?.ok) {
      const problem = done?.error ?? 'missing'
      const back = { number: null, claimedAt: null, problem }
      await tx.updateTable('seriesItems').set(back).where('id', '=', item.id).execute()
      // Closed meanwhile: it is a draft like any other.
      if (operation.state === 'closed') await tx.deleteFrom('seriesItems').where('id', '=', item.id).execute()
    } else {
      const { publishedAt } = done.value
      const givenAt = item.claimedAt && publishedAt >= item.claimedAt ? publishedAt : at
      await tx.updateTable('seriesItems').set({ givenAt }).where('id', '=', item.id).execute()
      await addJob(tx, 'operations.given', { operationId })
      await goesWith(tx, operation, { ...item, number: item.number }, { at, by })
      const { artistId, title } = operation
      const details = { number: item.number, late: !isOnTime(rhythm, item.number, givenAt) }
      await audit(tx, { accountId: by, action: 'series.give', artistId, subject: title, details })
    }
    if (operation.state === 'open') await setNext(tx, operationId, rhythm, at)
    return done?.ok === true
  })
}

/** It was begun, something died, and it was given to members since: it is not made everybody's. */
async function isForMembers(db: Db, itemId: string): Promise<boolean> {
  const { rows } = await sql`
    select from series_items i left join releases r on r.id = i.release_id left join posts p on p.id = i.post_id
    where i.id = ${itemId} and ${IS_FOR_MEMBERS}`.execute(db)
  return rows.length > 0
}

/** Which one is given now, with its number. Null: nothing is due, or nothing was laid in for it, which leaves a hole. */
async function claimNext({ db, now }: Deps, operationId: string, isAsked: boolean): Promise<Claim | null> {
  return db.transaction().execute(async (tx) => {
    const operation = await lockOperation(tx, operationId)
    const rhythm = operation && (await rhythmOf(tx, operation))
    if (!operation || !rhythm) return null
    const items = tx.selectFrom('seriesItems').select(['id', 'releaseId', 'postId'])
    const begun = await items
      .where('operationId', '=', operationId)
      .where('number', 'is not', null)
      .where('givenAt', 'is', null)
      .executeTakeFirst()
    if (begun) return begun
    const { nextAt } = await tx
      .selectFrom('series')
      .select('nextAt')
      .where('operationId', '=', operationId)
      .executeTakeFirstOrThrow()
    const at = now()
    if (operation.state !== 'open' || (!isAsked && (!nextAt || nextAt > at))) return null
    const number = dueBy(rhythm, at)
    const isMissing = number > 0 && !(await numbersOf(tx, operationId)).has(number)
    // What came in after the hour waits for the next one, unless the artist says otherwise.
    const next = isMissing
      ? await items
          .where('operationId', '=', operationId)
          .where('number', 'is', null)
          .where((eb) => eb.or([eb('releaseId', 'is not', null), eb('postId', 'is not', null)]))
          .$if(!isAsked, (query) => query.where('laidAt', '<=', momentOf(rhythm, number)))
          .where(
            sql<boolean>`not exists (select from releases r where r.id = release_id and r.removed_at is not null)
              and not exists (select from posts p where p.id = post_id and p.removed_at is not null)`,
          )
          .where(
            sql<boolean>`not exists (select from (select release_id, post_id) i
              left join releases r on r.id = i.release_id left join posts p on p.id = i.post_id where ${IS_FOR_MEMBERS})`,
          )
          .orderBy('place')
          .orderBy('id')
          .executeTakeFirst()
      : undefined
    if (!next) {
      await setNext(tx, operationId, rhythm, at)
      return null
    }
    await tx
      .updateTable('seriesItems')
      .set({ number, claimedAt: at, problem: null })
      .where('id', '=', next.id)
      .execute()
    return next
  })
}

/** Mends the next moment where a clock that ran ahead had put it too far off. */
export async function mendNext({ db, now }: Deps): Promise<void> {
  const open = await db
    .selectFrom('series')
    .innerJoin('operations', 'operations.id', 'series.operationId')
    .select('operations.id')
    .where('operations.state', '=', 'open')
    .where((eb) => eb.or([eb('nextAt', 'is', null), eb('nextAt', '>', now())]))
    .execute()
  for (const { id } of open)
    await db.transaction().execute(async (tx) => {
      const operation = await lockOperation(tx, id)
      const rhythm = operation?.state === 'open' ? await rhythmOf(tx, operation) : null
      if (rhythm) await setNext(tx, id, rhythm, now())
    })
}
