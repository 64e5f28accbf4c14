import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import { hashOf } from '../../../platform/signing.ts'
import { type Approval, type Cluster, clustersOf, type SeenBallot, type Tally, tally } from './contest.rules.ts'

/** What a contest would come to now. Nobody is shown it before the end. */
export async function tallyNow(db: Db | Tx, operationId: string): Promise<Tally> {
  const { juryWeight } = await db
    .selectFrom('contests')
    .select('juryWeight')
    .where('operationId', '=', operationId)
    .executeTakeFirstOrThrow()
  const entries = await db
    .selectFrom('contestEntries')
    .select(['id', 'state'])
    .where('operationId', '=', operationId)
    .where('confirmedAt', 'is not', null)
    .orderBy('id')
    .execute()
  const { rows: approvals } = await sql<Approval>`
    select entry_id as "entryId", coalesce(fan_id, erased_as)::text as person, set_aside_id is not null as "isAside" from contest_votes
    where operation_id = ${operationId} and withdrawn_at is null and merged_at is null`.execute(db)
  const scores = await db
    .selectFrom('contestScores')
    .innerJoin('contestJurors', 'contestJurors.id', 'contestScores.jurorId')
    .select(['contestScores.jurorId', 'contestScores.entryId', 'contestScores.score'])
    .where('operationId', '=', operationId)
    .where('removedAt', 'is', null)
    .execute()
  return tally(entries, approvals, scores, juryWeight)
}

/** A cluster as it is seen now: whoever is in it is in its id, so that what is set aside is what was looked at. `isAside`: nothing in it is counted. */
export type SeenCluster = Cluster & { id: string; isAside: boolean }

/** What looks like one hand behind several ballots. Addresses are read for it, and nothing of them is kept. */
export async function clustersNow(db: Db | Tx, operationId: string): Promise<SeenCluster[]> {
  const { rows } = await sql<SeenBallot>`
    select b.fan_id as "fanId", a.address_key as address, b.network, b.confirmed_at as at, b.entry_ids as "entryIds"
    from contest_ballots b
      left join operation_people p on p.operation_id = b.operation_id and p.fan_id = b.fan_id and p.how = 'vote'
      left join fan_addresses a on a.id = p.address_id and a.removed_at is null
    where b.operation_id = ${operationId} and b.confirmed_at is not null order by b.confirmed_at, b.id`.execute(db)
  const { rows: standing } = await sql<{ fanId: string }>`
    select distinct fan_id as "fanId" from contest_votes
    where operation_id = ${operationId} and fan_id is not null and set_aside_id is null and withdrawn_at is null`.execute(
    db,
  )
  const counted = new Set(standing.map(({ fanId }) => fanId))
  return clustersOf(rows).map((cluster) => ({
    ...cluster,
    id: hashOf([cluster.kind, ...cluster.fanIds].join(' ')),
    isAside: !cluster.fanIds.some((fanId) => counted.has(fanId)),
  }))
}
