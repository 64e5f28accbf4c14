import './tables.ts'
import { sql } from 'kysely'
import { newId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { audit, type Sender, senderColumns } from '../identity/index.ts'
import type { Plan } from './plan.rules.ts'
import { sequenceById } from './sequence.store.ts'

type Deps = Pick<Platform, 'db' | 'now'>

/** Begins a sequence, switched off. Answers with its id. */
export async function createSequence(
  { db, now }: Deps,
  { sender, by, name, plan }: { sender: Sender; by: string; name: string; plan: Plan },
): Promise<string> {
  const id = newId(now().getTime())
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('sequences')
      .values({
        ...{ id, ...senderColumns(sender), name, version: null },
        ...{ onAt: null, seenUntil: null, createdBy: by, createdAt: now() },
      })
      .execute()
    await tx
      .insertInto('sequenceVersions')
      .values({ sequenceId: id, number: 1, plan: JSON.stringify(plan), tried: null })
      .execute()
    await audit(tx, { accountId: by, action: 'sequence.make', ...senderColumns(sender), subject: name })
  })
  return id
}

/**
 * Changes what is laid down, and forgets what a try said of it. What was switched on stays as it is: the change begins a new version, and whoever is on
 * their way ends by the one that they began. `change` answers null for what is not there; then nothing happens.
 */
export async function changeSequence(
  { db }: Pick<Platform, 'db'>,
  { id, name, change }: { id: string; name?: string; change: (plan: Plan) => Plan | null },
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const found = await sequenceById(tx, id, { lock: true })
    if (!found) return false
    const { last } = found
    const changed = change(last.plan)
    if (!changed) return false
    if (name) await tx.updateTable('sequences').set({ name }).where('id', '=', id).execute()
    if (JSON.stringify(changed) === JSON.stringify(last.plan)) return true
    if (last.fixedAt)
      await tx
        .insertInto('sequenceVersions')
        .values({ sequenceId: id, number: last.number + 1, plan: JSON.stringify(unfixed(changed)), tried: null })
        .execute()
    else
      await tx
        .updateTable('sequenceVersions')
        .set({
          ...{ plan: JSON.stringify(changed), tried: null, triedAt: null, edits: sql`edits + 1` },
          ...{ tryAskedAt: null, tryFailed: false },
        })
        .where('sequenceId', '=', id)
        .where('number', '=', last.number)
        .execute()
    return true
  })
}

const unfixed = (plan: Plan): Plan => ({
  ...plan,
  steps: plan.steps.map((step) => (step.kind === 'give' ? { ...step, letterId: null, givenBy: null } : step)),
})

/** Throws the change away that was being prepared: the version that was switched on is the last again. */
export async function dropChange({ db }: Pick<Platform, 'db'>, { id }: { id: string }): Promise<boolean> {
  const dropped = await db
    .deleteFrom('sequenceVersions')
    .where('sequenceId', '=', id)
    .where('fixedAt', 'is', null)
    .where('number', '>', 1)
    .returning('number')
    .execute()
  return dropped.length > 0
}

/** Throws away a sequence that was never switched on. */
export async function removeSequence(
  { db }: Pick<Platform, 'db'>,
  { id, by }: { id: string; by: string },
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const found = await sequenceById(tx, id, { lock: true })
    if (!found || found.sequence.version !== null) return false
    const { sender, name } = found.sequence
    await tx.deleteFrom('sequences').where('id', '=', id).execute()
    await audit(tx, { accountId: by, action: 'sequence.remove', ...senderColumns(sender), subject: name })
    return true
  })
}
