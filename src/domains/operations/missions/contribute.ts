import { sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import { newId } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { type Recorded, reverseReturn } from '../../exchange/index.ts'
import { type KnownFan, proveAddress, readAddress } from '../../fans/index.ts'
import { dropTranslations } from '../../music/index.ts'
import { forgetHeld } from '../held-pictures.ts'
import { takesPart } from '../operation.store.ts'
import { phaseOf, type TaskKind } from './mission.rules.ts'

type Deps = Pick<Platform, 'db' | 'signer' | 'now'>

export type NewContribution = {
  taskId: string
  name: string
  text: string
  link: string
  town: string
  imageId: string | null
  alt: string
  language: Lang
  /** The sentence beside the box; empty where nothing is to be agreed to. */
  accepted: string
  mail: string
  fan: KnownFan | null
}

/** `late`: nobody takes part any more. `many`: they did it as often as it is asked. */
export type ContributeProblem = 'late' | 'many'

const TWICE_MS = 10 * 60_000

/** Takes in what somebody did. Until whoever has the address says that it is theirs, nobody sees it, the artist neither. The same a moment ago is the same. */
export async function contribute(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  { fan, mail, ...said }: NewContribution,
): Promise<Result<{ id: string; isConfirmed: boolean }, ContributeProblem>> {
  return db.transaction().execute(async (tx) => {
    const task = await shareTask(tx, said.taskId)
    const at = now()
    if (!task || phaseOf(task, at) !== 'open') return fail('late')
    const owner = fan ? sql<boolean>`fan_id = ${fan.fanId}` : sql<boolean>`(mail = ${mail} and confirmed_at is null)`
    const same = await tx
      .selectFrom('missionContributions')
      .select(['id', 'confirmedAt'])
      .where('taskId', '=', task.id)
      .where('text', '=', said.text)
      .where('link', '=', said.link)
      .where(sql<boolean>`image_id is not distinct from ${said.imageId}`)
      .where(owner)
      .where('at', '>', new Date(at.getTime() - TWICE_MS))
      .where('state', 'in', ['waiting', 'shown'])
      .executeTakeFirst()
    if (same) return ok({ id: same.id, isConfirmed: same.confirmedAt !== null })
    if (fan && (await hasEnough(tx, task, fan.fanId))) return fail('many')
    const id = newId(at.getTime())
    await tx
      .insertInto('missionContributions')
      .values({
        ...{ id, operationId: task.operationId, ...said, at, decidedBy: null, decidedAt: null },
        ...(fan
          ? { fanId: fan.fanId, mail: null, confirmedAt: at, state: stateOf(task.kind) }
          : { fanId: null, mail, confirmedAt: null }),
      })
      .execute()
    if (fan) {
      const { fanId, addressId } = fan
      await takesPart(tx, {
        operationId: task.operationId,
        how: 'mission',
        fanId,
        addressId,
        language: said.language,
        at,
      })
    } else await addJob(tx, 'operations.ask', { what: 'contribution', id })
    return ok({ id, isConfirmed: fan !== null })
  })
}

/** Nothing is to be looked at of somebody who brings people. */
const stateOf = (kind: TaskKind) => (kind === 'bring' ? ('shown' as const) : ('waiting' as const))

/** Who it is; nobody when it was confirmed before. */
export type ConfirmedContribution = { addressId: string | null; personId: string | null }

/** Whoever opened the mail says that it is theirs: from now on it waits for the artist, or they take part. It may be late: it was sent in time. */
export async function confirmContribution(
  { db, signer, now }: Deps,
  id: string,
): Promise<Result<ConfirmedContribution, 'gone' | 'many'>> {
  return db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('missionContributions')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    if (!row) return fail('gone')
    if (row.confirmedAt) return ok({ addressId: null, personId: null })
    const task = await shareTask(tx, row.taskId)
    const read = row.mail ? readAddress('mail', row.mail) : null
    if (!read?.ok || task?.state !== 'open') return fail('gone')
    const { language, operationId } = row
    const proved = await proveAddress(tx, { signer, now }, read.value, { name: row.name, language })
    const { fanId, addressId, personId } = proved
    const isEnough = await hasEnough(tx, task, fanId)
    // Who takes part already and says it again has nothing to lose: this browser is known from now on.
    if (isEnough && task.kind !== 'bring') return fail('many')
    if (isEnough) await tx.deleteFrom('missionContributions').where('id', '=', id).execute()
    else
      await tx
        .updateTable('missionContributions')
        .set({ fanId, mail: null, confirmedAt: now(), state: stateOf(task.kind) })
        .where('id', '=', id)
        .execute()
    await takesPart(tx, { operationId, how: 'mission', fanId, addressId, language, at: row.at })
    return ok({ addressId, personId })
  })
}

/** Whoever did it takes it back: it leaves the wall, its picture goes, and the return that it was is taken back. What they were given stays theirs. */
export async function withdrawContribution({ db, now }: Pick<Deps, 'db' | 'now'>, id: string): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const before = await tx
      .selectFrom('missionContributions')
      .innerJoin('operations', 'operations.id', 'missionContributions.operationId')
      .select(['imageId', 'operationId', 'at', 'operations.artistId'])
      .where('missionContributions.id', '=', id)
      .forUpdate('missionContributions')
      .executeTakeFirst()
    const { numUpdatedRows } = await tx
      .updateTable('missionContributions')
      .set({ state: 'withdrawn', decidedAt: now(), decidedBy: null, imageId: null })
      .where('id', '=', id)
      .where('confirmedAt', 'is not', null)
      .where('state', 'in', ['waiting', 'shown'])
      .executeTakeFirst()
    if (!before || numUpdatedRows === 0n) return false
    await dropTranslations(tx, [id])
    await forgetHeld(tx, [id])
    if (before.imageId) await addJob(tx, 'operations.forget-pictures', { images: [before.imageId] })
    const { artistId, operationId, at } = before
    await reverseReturn(tx, contributionReturn({ artistId, operationId, contributionId: id, at }), now())
    return true
  })
}

type Done = { artistId: string; operationId: string; contributionId: string; at: Date }

/** What somebody did for a task, as it came back once it was accepted. */
export const contributionReturn = ({ artistId, operationId, contributionId, at }: Done): Recorded => ({
  ...{ artistId, kind: 'contribution', subject: `operation:${operationId}`, at },
  detail: ['contribution', contributionId],
})

/** A task with its mission, for those who add to it: many at once, and none while it is being closed. */
async function shareTask(tx: Tx, taskId: string) {
  const task = await tx
    .selectFrom('missionTasks')
    .select(['id', 'operationId', 'kind', 'times'])
    .where('id', '=', taskId)
    .executeTakeFirst()
  const operation =
    task &&
    (await tx
      .selectFrom('operations')
      .select(['state', 'endsAt'])
      .where('id', '=', task.operationId)
      .where('hiddenAt', 'is', null)
      .forShare()
      .executeTakeFirst())
  return operation ? { ...task, ...operation } : null
}

/** One person of one mission at a time: two at once of somebody who may do one are one. */
export const oneAtATime = (tx: Tx, operationId: string, fanId: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`mission:${operationId}:${fanId}`}, 0))`.execute(tx)

type Task = { id: string; operationId: string; kind: TaskKind; times: number }
async function hasEnough(tx: Tx, { id, operationId, kind, times }: Task, fanId: string): Promise<boolean> {
  await oneAtATime(tx, operationId, fanId)
  const { n } = await tx
    .selectFrom('missionContributions')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('taskId', '=', id)
    .where('fanId', '=', fanId)
    .where('state', 'in', ['waiting', 'shown'])
    .executeTakeFirstOrThrow()
  return Number(n) >= (kind === 'bring' ? 1 : times)
}
