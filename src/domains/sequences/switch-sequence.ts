import './tables.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import type { OfferSource } from '../exchange/index.ts'
import { audit, type Sender, senderColumns, senderId } from '../identity/index.ts'
import { keepLetter, resumeLetters, stopLetters } from '../reach/index.ts'
import { type Givers, giversFor, problemsNow } from './givers.ts'
import { giveSubject } from './paths.rules.ts'
import { givesOf, type Plan, titleOf } from './plan.rules.ts'
import { columnOf, type Sequence, sequenceById, type Version } from './sequence.store.ts'

type Deps = Pick<Platform, 'db' | 'now'>

/** `unseen`: what a try of this very version said has not been looked at. */
export type SwitchProblem = 'missing' | 'unfinished' | 'unseen'

/**
 * Switches it on with its last version, which never changes from then on: what happens from now lets people in. `seen`: the moment of the try that was
 * looked at. While it is on already, the new version takes the place of the one before for whoever comes in from now on.
 */
export async function switchOn(
  { db, now }: Deps,
  offers: OfferSource,
  { id, by, seen }: { id: string; by: string; seen: string },
): Promise<Result<null, SwitchProblem>> {
  return db.transaction().execute(async (tx) => {
    const found = await sequenceById(tx, id, { lock: true })
    if (!found) return fail('missing')
    const { sequence, last } = found
    if ((await problemsNow(tx, offers, sequence.sender, last.plan)).length) return fail('unfinished')
    if (!last.triedAt || last.triedAt.toISOString() !== seen) return fail('unseen')
    if (sequence.state === 'on' && sequence.version === last.number) return ok(null)
    const at = now()
    if (last.fixedAt) await resumeLetters(tx, lettersIn(last.plan))
    else await fix(tx, sequence, last, await giversFor(tx, offers, sequence.sender, givesOf(last.plan)), at)
    await tx
      .updateTable('sequences')
      .set({
        ...{ state: 'on', version: last.number },
        ...(sequence.state === 'off' && { onAt: at, seenUntil: at }),
      })
      .where('id', '=', id)
      .execute()
    await audit(tx, { accountId: by, action: 'sequence.on', ...senderColumns(sequence.sender), subject: sequence.name })
    return ok(null)
  })
}

const lettersIn = (plan: Plan) => givesOf(plan).flatMap(({ letterId }) => letterId ?? [])

/** From now on it never changes: its words become letters. */
async function fix(
  tx: Tx,
  { id, sender }: Sequence,
  { number, plan }: Version,
  givers: Givers,
  at: Date,
): Promise<void> {
  const steps: Plan['steps'] = []
  for (const step of plan.steps) {
    if (step.kind !== 'give') {
      steps.push(step)
      continue
    }
    const { giveId, subject, channels, texts } = step
    const title = titleOf(step, 'en')
    const whose = givers.of(step)
    // Of its own a label asks nobody, and an artist gives what is theirs.
    const givenBy = whose === senderId(sender) ? null : whose
    const gift = giveSubject(giveId)
    const letterId = await keepLetter(tx, { sender, subject, gift, givenBy, channels, texts }, at)
    steps.push({ ...step, letterId, ...(givenBy && { givenBy }) })
    await tx
      .insertInto('sequenceGives')
      .values({ id: giveId, sequenceId: id, title, givenBy })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ title, givenBy }))
      .execute()
  }
  await tx
    .updateTable('sequenceVersions')
    .set({ plan: JSON.stringify({ ...plan, steps }), fixedAt: at })
    .where('sequenceId', '=', id)
    .where('number', '=', number)
    .execute()
}

/** Switches it off: whoever is on their way goes no further, and what has not left does not leave. */
export async function switchOff({ db, now }: Deps, { id, by }: { id: string; by: string }): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const found = await sequenceById(tx, id, { lock: true })
    if (!found) return false
    const { sender, name, state } = found.sequence
    if (state === 'off') return true
    await stop(tx, id, now())
    await audit(tx, { accountId: by, action: 'sequence.off', ...senderColumns(sender), subject: name })
    return true
  })
}

/** The same for all of an artist's or label's. */
export async function stopAllOf(tx: Tx, sender: Sender, at: Date): Promise<void> {
  const on = await tx
    .selectFrom('sequences')
    .select('id')
    .where(columnOf(sender), '=', senderId(sender))
    .where('state', '=', 'on')
    .orderBy('id')
    .forUpdate()
    .execute()
  for (const { id } of on) await stop(tx, id, at)
}

async function stop(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.updateTable('sequences').set({ state: 'off' }).where('id', '=', id).execute()
  await tx
    .updateTable('sequenceRuns')
    .set({ state: 'off', endedAt: at, waitsFor: null })
    .where('sequenceId', '=', id)
    .where('state', '=', 'walking')
    .execute()
  const versions = await tx
    .selectFrom('sequenceVersions')
    .select('plan')
    .where('sequenceId', '=', id)
    .where('fixedAt', 'is not', null)
    .execute()
  await stopLetters(
    tx,
    versions.flatMap(({ plan }) => lettersIn(plan)),
    at,
  )
}
