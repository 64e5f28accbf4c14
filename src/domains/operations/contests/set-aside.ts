import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { audit } from '../../identity/index.ts'
import { lockOperation } from '../operation.store.ts'
import { type Cluster, phaseOf } from './contest.rules.ts'
import { clustersNow } from './tally.views.ts'

type Deps = Pick<Platform, 'db' | 'now'>
type Of = { operationId: string; by: string }

/** Votes that were set aside. `people`: whose votes it took. */
export type SetAside = { id: string; kind: Cluster['kind']; people: number; reason: string; at: Date }

/** What is set aside now, in the order in which it was. */
export async function setAsidesOf(db: Db | Tx, operationId: string): Promise<SetAside[]> {
  return db
    .selectFrom('contestSetAsides')
    .select(['id', 'kind', 'people', 'reason', 'setAt as at'])
    .where('operationId', '=', operationId)
    .where('undoneAt', 'is', null)
    .orderBy('setAt')
    .orderBy('id')
    .execute()
}

/** `never`: its rules did not say that it may be. `when`: people still vote, or the result is published. `gone`: it is not what was seen any more. */
export type SetAsideProblem = 'missing' | 'never' | 'when' | 'gone'

async function lockCounted(tx: Tx, operationId: string, at: Date) {
  const operation = await lockOperation(tx, operationId)
  const contest = await tx
    .selectFrom('contests')
    .select(['entriesUntil', 'setsAside'])
    .where('operationId', '=', operationId)
    .executeTakeFirst()
  if (!operation || !contest) return fail('missing' as const)
  if (!contest.setsAside) return fail('never' as const)
  if (phaseOf({ ...operation, ...contest }, at) !== 'over') return fail('when' as const)
  return ok(operation)
}

/**
 * Sets the votes of a cluster aside: they stay written down and are not counted, and the result says how many and why. Between the end of voting and the publication of the
 * result alone; what is set aside already stays with its own reason.
 */
export async function setClusterAside(
  { db, now }: Deps,
  { operationId, clusterId, reason, by }: Of & { clusterId: string; reason: string },
): Promise<Result<{ people: number }, SetAsideProblem>> {
  return db.transaction().execute(async (tx) => {
    const at = now()
    const locked = await lockCounted(tx, operationId, at)
    if (!locked.ok) return locked
    const cluster = (await clustersNow(tx, operationId)).find(({ id }) => id === clusterId)
    if (!cluster) return fail('gone')
    const id = newId(at.getTime())
    const { rows } = await sql<{ people: number }>`
      select count(distinct fan_id)::int as people from contest_votes
      where operation_id = ${operationId} and fan_id = any(${cluster.fanIds}::uuid[]) and set_aside_id is null and withdrawn_at is null and merged_at is null`.execute(
      tx,
    )
    const people = rows[0]?.people ?? 0
    if (!people) return fail('gone')
    const { kind } = cluster
    await tx
      .insertInto('contestSetAsides')
      .values({ id, operationId, kind, people, reason, setBy: by, setAt: at, undoneBy: null, undoneAt: null })
      .execute()
    await sql`
      update contest_votes set set_aside_id = ${id}
      where operation_id = ${operationId} and fan_id = any(${cluster.fanIds}::uuid[]) and set_aside_id is null and withdrawn_at is null and merged_at is null`.execute(
      tx,
    )
    const { artistId, title: subject } = locked.value
    const details = { kind, people, reason }
    await audit(tx, { accountId: by, action: 'operation.votes-aside', artistId, subject, details })
    return ok({ people })
  })
}

/** Counts again what was set aside, until the result is published. */
export async function takeVotesBack(
  { db, now }: Deps,
  { operationId, setAsideId, by }: Of & { setAsideId: string },
): Promise<Result<null, SetAsideProblem>> {
  return db.transaction().execute(async (tx) => {
    const at = now()
    const locked = await lockCounted(tx, operationId, at)
    if (!locked.ok) return locked
    const back = await tx
      .updateTable('contestSetAsides')
      .set({ undoneAt: at, undoneBy: by })
      .where('id', '=', setAsideId)
      .where('operationId', '=', operationId)
      .where('undoneAt', 'is', null)
      .returning(['kind', 'people'])
      .executeTakeFirst()
    if (!back) return fail('gone')
    await tx.updateTable('contestVotes').set({ setAsideId: null }).where('setAsideId', '=', setAsideId).execute()
    const { artistId, title: subject } = locked.value
    await audit(tx, { accountId: by, action: 'operation.votes-back', artistId, subject, details: back })
    return ok(null)
  })
}
