import { sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import { newId } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { recordReturn } from '../../exchange/index.ts'
import { type KnownFan, proveAddress, readAddress } from '../../fans/index.ts'
import { shareContest, takesPart } from '../operation.store.ts'
import { phaseOf } from './contest.rules.ts'
import type { Confirmed } from './enter-contest.ts'

type Deps = Pick<Platform, 'db' | 'signer' | 'now'>

export type NewBallot = {
  operationId: string
  entryIds: string[]
  language: Lang
  mail: string
  /** A network of the day, told apart and no more. */
  network: string
  fan: KnownFan | null
}

/** `over`: nobody votes now. */
export type BallotProblem = 'over'

/** Takes a ballot in: the entries that somebody approves, all of them. It counts once whoever has the address said that it is theirs. */
export async function castBallot(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  { operationId, entryIds, language, mail, network, fan }: NewBallot,
): Promise<Result<{ id: string; isConfirmed: boolean }, BallotProblem>> {
  return db.transaction().execute(async (tx) => {
    const contest = await shareContest(tx, operationId)
    const at = now()
    if (!contest || phaseOf(contest, at) !== 'votes') return fail('over')
    const id = newId(at.getTime())
    await tx
      .insertInto('contestBallots')
      .values({
        ...{ id, operationId, entryIds, language, network, at },
        fanId: fan?.fanId ?? null,
        mail: fan ? null : mail,
        confirmedAt: fan ? at : null,
      })
      .execute()
    if (fan) await count(tx, { ...contest, ...fan, entryIds, language, at })
    else await addJob(tx, 'operations.ask', { what: 'ballot', id })
    return ok({ id, isConfirmed: fan !== null })
  })
}

/** Whoever opened the mail says that the ballot is theirs. It takes the place of what they approved before. `over`: too late to be counted. */
export async function confirmBallot(
  { db, signer, now }: Deps,
  ballotId: string,
): Promise<Result<Confirmed, 'gone' | 'over'>> {
  return db.transaction().execute(async (tx) => {
    const ballot = await tx
      .selectFrom('contestBallots')
      .selectAll()
      .where('id', '=', ballotId)
      .forUpdate()
      .executeTakeFirst()
    if (!ballot) return fail('gone')
    const { operationId, language, entryIds } = ballot
    if (ballot.confirmedAt) return ok({ addressId: null, language, operationId })
    const contest = await shareContest(tx, operationId)
    const read = ballot.mail ? readAddress('mail', ballot.mail) : null
    if (!read?.ok || !contest) return fail('gone')
    const at = now()
    if (phaseOf(contest, at) !== 'votes') return fail('over')
    const proved = await proveAddress(tx, { signer, now }, read.value, { language })
    await tx
      .updateTable('contestBallots')
      .set({ fanId: proved.fanId, mail: null, confirmedAt: at })
      .where('id', '=', ballotId)
      .execute()
    await count(tx, { ...contest, ...proved, entryIds, language, at })
    return ok({ addressId: proved.addressId, language, operationId })
  })
}

type Counting = {
  id: string
  artistId: string
  fanId: string
  personId: string
  addressId: string
  entryIds: string[]
  language: Lang
  at: Date
}

/** What they approve from now on: one row an entry and person, ever. One ballot of a person after the other. */
async function count(
  tx: Tx,
  { id, artistId, fanId, personId, addressId, entryIds, language, at }: Counting,
): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`contest:${id}:${fanId}`}, 0))`.execute(tx)
  await sql`
    update contest_votes set withdrawn_at = ${at}
    where operation_id = ${id} and fan_id = ${fanId} and withdrawn_at is null and entry_id <> all(${entryIds}::uuid[])`.execute(
    tx,
  )
  await sql`
    insert into contest_votes (operation_id, entry_id, fan_id, at)
    select ${id}, e.id, ${fanId}, ${at} from contest_entries e
    where e.operation_id = ${id} and e.id = any(${entryIds}::uuid[]) and e.state = 'shown'
    on conflict (entry_id, fan_id) do update set withdrawn_at = null, at = excluded.at where contest_votes.withdrawn_at is not null`.execute(
    tx,
  )
  await takesPart(tx, { operationId: id, how: 'vote', fanId, addressId, language, at })
  const subject = `operation:${id}` as const
  await recordReturn(tx, {
    artistId,
    key: `vote:${id}:${fanId}`,
    kind: 'vote',
    subject,
    givenAs: subject,
    personId,
    at,
  })
}
