import { sql } from 'kysely'
import { isDay } from '../../platform/days.ts'
import { newId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import type { Move, MoveProblem } from '../exchange/index.ts'
import { type Actor, type Sender, senderColumns } from '../identity/index.ts'
import type { PlanStep } from './plan.rules.ts'

type Deps = Pick<Platform, 'db' | 'now'>

export type TaskFields = {
  title: string
  assignedTo: string | null
  dueOn: string | null
  aboutArtistId: string | null
  releaseId: string | null
}

export async function addTask({ db, now }: Deps, actor: Actor, sender: Sender, fields: TaskFields): Promise<string> {
  const id = newId(now().getTime())
  await db
    .insertInto('tasks')
    .values({ id, ...senderColumns(sender), ...fields, createdAt: now(), createdBy: actor.accountId })
    .execute()
  return id
}

/** False when somebody saved it since this version was shown, or when it is gone. */
export async function editTask({ db }: Deps, id: string, version: number, fields: TaskFields): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('tasks')
    .set((row) => ({ ...fields, version: row('version', '+', 1) }))
    .where('id', '=', id)
    .where('version', '=', version)
    .where('removedAt', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Gives a task that is still to do another day, as long as nobody changed it since this version (`from`) was shown. */
export async function moveTask({ db }: Deps, { id, from, to }: Move): Promise<Result<Date, MoveProblem>> {
  const day = to.slice(0, 10)
  if (!isDay(day)) return fail('past')
  return db.transaction().execute(async (tx) => {
    const task = await tx
      .selectFrom('tasks')
      .select(['doneAt', 'removedAt', 'version'])
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    if (!task || task.removedAt) return fail('missing')
    if (task.doneAt) return fail('left')
    if (String(task.version) !== from) return fail('meanwhile')
    await tx
      .updateTable('tasks')
      .set({ dueOn: day, version: task.version + 1 })
      .where('id', '=', id)
      .execute()
    return ok(new Date(`${day}T00:00:00Z`))
  })
}

export type Settling = 'done' | 'undone' | 'remove' | 'restore'

/** Done or to do again, taken away or brought back. Said twice, it is so once, and the first who did it is kept. */
export async function settleTask({ db, now }: Deps, actor: Actor, id: string, to: Settling): Promise<void> {
  const query = db.updateTable('tasks').where('id', '=', id)
  if (to === 'done') await query.set({ doneAt: now(), doneBy: actor.accountId }).where('doneAt', 'is', null).execute()
  if (to === 'undone') await query.set({ doneAt: null, doneBy: null }).execute()
  if (to === 'remove') await query.set({ removedAt: now() }).where('removedAt', 'is', null).execute()
  if (to === 'restore') await query.set({ removedAt: null }).execute()
}

export type NewPlan = {
  release: { id: string; artistId: string }
  assignedTo: string | null
  steps: { step: PlanStep; title: string; dueOn: string }[]
}

/**
 * Makes the tasks of a plan. Planned again, for another day of the release perhaps, what is still to do goes along with it, unless somebody gave
 * it a day of its own; what is done or was taken away stays so.
 */
export async function planRelease({ db, now }: Deps, actor: Actor, sender: Sender, plan: NewPlan): Promise<void> {
  const { release, assignedTo, steps } = plan
  const shared = {
    ...senderColumns(sender),
    releaseId: release.id,
    aboutArtistId: 'labelId' in sender ? release.artistId : null,
    assignedTo,
    createdBy: actor.accountId,
  }
  await db
    .insertInto('tasks')
    .values(
      steps.map(({ step, title, dueOn }, index) => ({
        ...{ id: newId(now().getTime()), title, dueOn, plannedOn: dueOn, planStep: step },
        ...shared,
        // Of one day, they stand in the order of the plan.
        createdAt: new Date(now().getTime() + index),
      })),
    )
    .onConflict((conflict) =>
      conflict
        .expression(sql`coalesce(artist_id, label_id), release_id, plan_step`)
        .where('planStep', 'is not', null)
        .where('releaseId', 'is not', null)
        .doUpdateSet({
          dueOn: sql`case when tasks.due_on = tasks.planned_on then excluded.due_on else tasks.due_on end`,
          plannedOn: sql`excluded.planned_on`,
          version: sql`tasks.version + 1`,
        })
        .where('tasks.doneAt', 'is', null),
    )
    .execute()
}
