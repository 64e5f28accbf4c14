import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import { addJob } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { audit } from '../identity/index.ts'
import { isTied, phaseOf, withoutPeople } from './contests/contest.rules.ts'
import { setAsidesOf } from './contests/set-aside.ts'
import { clustersNow, tallyNow } from './contests/tally.views.ts'
import { countMission } from './missions/count-brought.ts'
import { phaseOf as missionPhaseOf } from './missions/mission.rules.ts'
import type { FollowUp } from './operation.rules.ts'
import { forgetSentIn, lockOperation } from './operation.store.ts'

type Deps = Pick<Platform, 'db' | 'now'>

export type Close = {
  operationId: string
  by: string
  followUp: { kind: FollowUp; words: string; subject: string | null }
  thanks: { words: string; subject: string | null }
}

/** `early`: people may still send in or vote. */
export type CloseProblem = 'missing' | 'early'

/**
 * Closes an operation with what follows it: the result of a contest is frozen as it was counted and the networks of its ballots are forgotten, a series
 * gives nothing more, a mission counts a last time who came, and everybody who took part is told, thanked, given what was promised and offered the next thing, each once.
 */
export async function closeOperation(
  { db, now }: Deps,
  { operationId, by, followUp, thanks }: Close,
): Promise<Result<{ people: number }, CloseProblem>> {
  await countMission({ db, now }, operationId)
  return db.transaction().execute(async (tx) => {
    const operation = await lockOperation(tx, operationId)
    if (!operation || operation.state === 'draft') return fail('missing')
    const people = await peopleOf(tx, operationId)
    if (operation.state === 'closed') return ok({ people })
    const at = now()
    if (operation.kind === 'contest' && !(await endContest(tx, operation, people, at))) return fail('early')
    if (operation.kind === 'mission' && people > 0 && missionPhaseOf(operation, at) === 'open') return fail('early')
    if (operation.kind === 'series') await endSeries(tx, operationId)
    if (operation.kind === 'mission') await forgetUnconfirmed(tx, operationId)
    await tx
      .updateTable('operations')
      .set({
        state: 'closed',
        closedAt: at,
        followUp: followUp.kind,
        followUpWords: followUp.words,
        followUpSubject: followUp.subject,
        thanksWords: thanks.words,
        thanksSubject: thanks.subject,
      })
      .where('id', '=', operationId)
      .execute()
    if (people) await addJob(tx, 'operations.tell', { operationId })
    if (operation.kind === 'series') await addJob(tx, 'operations.given', { operationId })
    const { artistId, title } = operation
    await audit(tx, {
      accountId: by,
      action: 'operation.close',
      artistId,
      subject: title,
      details: { followUp: followUp.kind },
    })
    return ok({ people })
  })
}

type Operation = NonNullable<Awaited<ReturnType<typeof lockOperation>>>

/** The result as it is counted now. False: people may still send in or vote. */
async function endContest(tx: Tx, operation: Operation, people: number, at: Date): Promise<boolean> {
  const operationId = operation.id
  const { entriesUntil, winnerId } = await tx
    .selectFrom('contests')
    .select(['entriesUntil', 'winnerId'])
    .where('operationId', '=', operationId)
    .executeTakeFirstOrThrow()
  // Nobody is cut short; where nobody came there is nobody to wait for.
  if (people > 0 && phaseOf({ ...operation, entriesUntil }, at) !== 'over') return false
  const setAside = (await setAsidesOf(tx, operationId)).map(({ kind, people: n, reason }) => ({
    kind,
    people: n,
    reason,
  }))
  const clusters = (await clustersNow(tx, operationId)).map(withoutPeople)
  const results = { ...(await tallyNow(tx, operationId)), clusters, setAside }
  const isSaid = results.voters + results.jurors > 0 && !isTied(results)
  const winner = winnerId ?? (isSaid ? results.places[0]?.entryId : null) ?? null
  await tx
    .updateTable('contests')
    .set({ results: JSON.stringify(results), winnerId: winner })
    .where('operationId', '=', operationId)
    .execute()
  await tx.updateTable('contestBallots').set({ network: null }).where('operationId', '=', operationId).execute()
  await tx
    .deleteFrom('contestBallots')
    .where('operationId', '=', operationId)
    .where('confirmedAt', 'is', null)
    .execute()
  return true
}

/** What nobody said was theirs is over with the mission. */
async function forgetUnconfirmed(tx: Tx, operationId: string): Promise<void> {
  const gone = await tx
    .deleteFrom('missionContributions')
    .where('operationId', '=', operationId)
    .where('confirmedAt', 'is', null)
    .returning('imageId')
    .execute()
  await forgetSentIn(tx, gone)
}

/** Nothing more is given; what was laid in is a draft again like any other. What is just being published still counts. */
async function endSeries(tx: Tx, operationId: string): Promise<void> {
  await tx.updateTable('series').set({ nextAt: null }).where('operationId', '=', operationId).execute()
  await tx.deleteFrom('seriesItems').where('operationId', '=', operationId).where('number', 'is', null).execute()
}

/** How many people took part, or want to be told of each. */
export async function peopleOf(db: Db | Tx, operationId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (
      select fan_id from operation_people where operation_id = ${operationId}
      union select u.fan_id from followings f join subscriptions u on u.id = f.subscription_id
        where f.subject = ${`operation:${operationId}`} and u.state = 'active'
    ) people`.execute(db)
  return rows[0]?.n ?? 0
}

/** Who wins, when somebody decides: between equals, or otherwise than was counted. It is seen on the page beside what was counted. */
export async function chooseWinner(
  { db }: Deps,
  { operationId, entryId, by }: { operationId: string; entryId: string; by: string },
): Promise<Result<null, 'missing'>> {
  return db.transaction().execute(async (tx) => {
    const operation = await lockOperation(tx, operationId)
    const entry = await tx
      .selectFrom('contestEntries')
      .select('name')
      .where('id', '=', entryId)
      .where('operationId', '=', operationId)
      .where('state', '=', 'shown')
      .executeTakeFirst()
    if (!operation || !entry) return fail('missing')
    await tx.updateTable('contests').set({ winnerId: entryId }).where('operationId', '=', operationId).execute()
    const { artistId } = operation
    await audit(tx, { accountId: by, action: 'operation.winner', artistId, subject: entry.name, details: { entryId } })
    return ok(null)
  })
}
