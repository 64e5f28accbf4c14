import type { Tx } from '../../../platform/database/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { recordReturn, reverseReturn, timesReversed } from '../../exchange/index.ts'
import { audit } from '../../identity/index.ts'
import { dropTranslations, keepTranslation } from '../../music/index.ts'
import { settlePictures } from '../held-pictures.ts'
import { lockOperation } from '../operation.store.ts'
import { contributionReturn } from './contribute.ts'
import { thankIfDue } from './thank.ts'

type Of = { operationId: string; contributionId: string; by: string }

/**
 * Accepts what somebody did: it stands on the wall, came back, and is thanked for if their task is done by it. Or takes it down with a reason, which its author reads: it leaves the wall, the return
 * that it was is taken back, and what was given for it stays theirs. What its author took back stays taken back.
 */
export async function moderateContribution(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { operationId, contributionId, by, ...to }: Of & ({ state: 'shown' } | { state: 'blocked'; reason: string }),
): Promise<Result<null, 'missing' | 'closed'>> {
  return db.transaction().execute(async (tx) => {
    const operation = await lockOperation(tx, operationId)
    if (!operation) return fail('missing')
    if (operation.state === 'closed' && to.state === 'shown') return fail('closed')
    const reason = to.state === 'blocked' ? to.reason : ''
    const row = await tx
      .updateTable('missionContributions')
      .set({ state: to.state, reason, decidedBy: by, decidedAt: now() })
      .where('id', '=', contributionId)
      .where('operationId', '=', operationId)
      .where('confirmedAt', 'is not', null)
      .where('state', '!=', 'withdrawn')
      .where('taskId', 'in', (eb) =>
        eb.selectFrom('missionTasks').select('id').where('operationId', '=', operationId).where('kind', '!=', 'bring'),
      )
      .returning(['name', 'fanId', 'at', 'text', 'taskId'])
      .executeTakeFirst()
    if (!row) return fail('missing')
    await settlePictures(tx, [{ what: 'contribution', id: contributionId }])
    const { artistId } = operation
    const action = to.state === 'shown' ? 'operation.entry-show' : 'operation.entry-block'
    const details = { contributionId, ...(reason && { reason }) }
    await audit(tx, { accountId: by, action, artistId, subject: row.name || operation.title, details })
    await settleTranslation(tx, { ...row, id: contributionId }, to.state)
    const subject = `operation:${operationId}` as const
    const kind = 'contribution'
    const recorded = contributionReturn({ artistId, operationId, contributionId, at: row.at })
    if (to.state === 'blocked') await reverseReturn(tx, recorded, now())
    if (to.state === 'blocked' || !row.fanId) return ok(null)
    const { personId } = await tx
      .selectFrom('fans')
      .select('personId')
      .where('id', '=', row.fanId)
      .executeTakeFirstOrThrow()
    const times = await timesReversed(tx, recorded)
    await recordReturn(tx, {
      ...{ artistId, kind, subject, givenAs: subject, personId, at: row.at },
      key: `contribution:${contributionId}${times ? `:${times + 1}` : ''}`,
      details: { contribution: contributionId },
    })
    await thankIfDue(tx, { now }, { operationId, fanId: row.fanId })
    return ok(null)
  })
}

type Settled = { id: string; taskId: string; text: string; name: string; at: Date }

/** What was translated of a track stands under its words while it is shown; a release has no place for words of its own. */
async function settleTranslation(tx: Tx, { taskId, ...row }: Settled, state: 'shown' | 'blocked'): Promise<void> {
  const task = await tx
    .selectFrom('missionTasks')
    .select(['kind', 'subject', 'language'])
    .where('id', '=', taskId)
    .executeTakeFirstOrThrow()
  const [kind, trackId = ''] = task.subject?.split(':') ?? []
  if (task.kind !== 'translate' || !task.language || kind !== 'track') return
  if (state === 'blocked') await dropTranslations(tx, [row.id])
  else await keepTranslation(tx, { ...row, trackId, language: task.language })
}
