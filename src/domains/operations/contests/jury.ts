import { newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { audit } from '../../identity/index.ts'
import { shareContest } from '../operation.store.ts'
import { phaseOf } from './contest.rules.ts'

type Deps = Pick<Platform, 'db' | 'now'>

/** Where a juror scores: the link is theirs, and opens nothing once they are taken off. */
export const juryPath = ({ signer }: Pick<Platform, 'signer'>, jurorId: string): string =>
  `/contests/jury/${jurorId}/${signer.sign('contest-jury', jurorId)}`

export async function inviteJuror(
  { db, now }: Deps,
  { operationId, name, by }: { operationId: string; name: string; by: string },
): Promise<Result<{ id: string }, 'missing'>> {
  return db.transaction().execute(async (tx) => {
    const contest = await shareContest(tx, operationId)
    if (!contest || contest.state === 'closed') return fail('missing')
    const id = newId()
    await tx.insertInto('contestJurors').values({ id, operationId, name, invitedAt: now(), removedAt: null }).execute()
    await audit(tx, { accountId: by, action: 'operation.jury', artistId: contest.artistId, subject: name })
    return ok({ id })
  })
}

/** Takes somebody off the jury: their scores stay written down, and are not counted. */
export async function removeJuror(
  { db, now }: Deps,
  { operationId, jurorId, by }: { operationId: string; jurorId: string; by: string },
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const contest = await shareContest(tx, operationId)
    if (!contest || contest.state === 'closed') return false
    const gone = await tx
      .updateTable('contestJurors')
      .set({ removedAt: now() })
      .where('id', '=', jurorId)
      .where('operationId', '=', operationId)
      .where('removedAt', 'is', null)
      .returning('name')
      .executeTakeFirst()
    if (gone)
      await audit(tx, {
        accountId: by,
        action: 'operation.jury-remove',
        artistId: contest.artistId,
        subject: gone.name,
      })
    return gone !== undefined
  })
}

/** A juror's scores of 0 to 10, as they stand on the form; what is left open is taken back. Until it is closed. */
export async function scoreEntries(
  { db, now }: Deps,
  { jurorId, scores }: { jurorId: string; scores: Map<string, number | null> },
): Promise<Result<null, 'gone' | 'over'>> {
  return db.transaction().execute(async (tx) => {
    const juror = await tx
      .selectFrom('contestJurors')
      .select('operationId')
      .where('id', '=', jurorId)
      .where('removedAt', 'is', null)
      .forUpdate()
      .executeTakeFirst()
    const contest = juror && (await shareContest(tx, juror.operationId))
    if (!contest) return fail('gone')
    const at = now()
    const phase = phaseOf(contest, at)
    if (phase !== 'votes' && phase !== 'over') return fail('over')
    const shown = await tx
      .selectFrom('contestEntries')
      .select('id')
      .where('operationId', '=', contest.id)
      .where('state', '=', 'shown')
      .execute()
    for (const { id: entryId } of shown) {
      const score = scores.get(entryId)
      if (score === undefined) continue
      if (score === null)
        await tx.deleteFrom('contestScores').where('jurorId', '=', jurorId).where('entryId', '=', entryId).execute()
      else
        await tx
          .insertInto('contestScores')
          .values({ jurorId, entryId, score, at })
          .onConflict((conflict) => conflict.columns(['jurorId', 'entryId']).doUpdateSet({ score, at }))
          .execute()
    }
    return ok(null)
  })
}
