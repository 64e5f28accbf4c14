import { sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import { newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { recordGift } from '../../exchange/index.ts'
import { audit } from '../../identity/index.ts'
import { freeSlug, lockOperation } from '../operation.store.ts'
import { isNothing, MOST_TASKS, type TaskKind, type Thanks } from './mission.rules.ts'

type Deps = Pick<Platform, 'db' | 'now'>
type Of = { operationId: string; by: string }

export type MissionFields = {
  title: string
  words: string
  language: Lang
  timeZone: string
  endsAt: Date | null
  thanks: Thanks
}

export type TaskFields = {
  kind: TaskKind
  words: string
  times: number
  /** What is passed on, or whose words are translated; null for the others. */
  subject: string | null
  language: string | null
  thanks: Thanks
}

const columnsOf = ({ words, subject, batch }: Thanks) => ({
  thanksWords: words,
  thanksSubject: subject,
  thanksBatch: batch,
})

/** Begins a mission: a draft that nobody sees, without tasks. */
export async function createMission(
  { db }: Pick<Deps, 'db'>,
  { artistId, by, fields }: { artistId: string; by: string; fields: MissionFields },
): Promise<string> {
  return db.transaction().execute(async (tx) => {
    const id = newId()
    const { thanks, ...said } = fields
    const slug = await freeSlug(tx, artistId, said.title, { kind: 'mission' })
    await tx
      .insertInto('operations')
      .values({
        ...{ id, artistId, kind: 'mission', slug, ...said, createdBy: by },
        ...{
          openedAt: null,
          closedAt: null,
          hiddenAt: null,
          followUp: null,
          followUpSubject: null,
          thanksSubject: null,
        },
      })
      .execute()
    await tx
      .insertInto('missions')
      .values({ operationId: id, ...columnsOf(thanks) })
      .execute()
    await audit(tx, { accountId: by, action: 'operation.make', artistId, subject: said.title })
    return id
  })
}

/** Saves what the page says. Once it is open what is given stays, since people count on it; a batch of codes that ran out may be followed by another. */
export async function editMission(
  { db, now }: Deps,
  { operationId, by, fields }: Of & { fields: MissionFields },
): Promise<Result<null, 'missing' | 'closed' | 'past'>> {
  return db.transaction().execute(async (tx) => {
    const operation = await lockOperation(tx, operationId)
    if (operation?.kind !== 'mission') return fail('missing')
    if (operation.state === 'closed') return fail('closed')
    const isOpen = operation.state === 'open'
    const { title, words, language, timeZone, endsAt, thanks } = fields
    // The end may be set earlier, never before now; an end that is over already stays as it is.
    const isMoved = endsAt?.getTime() !== operation.endsAt?.getTime()
    if (isOpen && isMoved && (!endsAt || endsAt <= now())) return fail('past')
    const slug = isOpen ? null : await freeSlug(tx, operation.artistId, title, { kind: 'mission', own: operationId })
    await tx
      .updateTable('operations')
      .set({ title, words, language, endsAt, version: sql`version + 1`, ...(slug && { slug, timeZone }) })
      .where('id', '=', operationId)
      .execute()
    const kept = isOpen ? (thanks.batch ? { thanksBatch: thanks.batch } : null) : columnsOf(thanks)
    if (kept) {
      let update = tx.updateTable('missions').set(kept).where('operationId', '=', operationId)
      if (isOpen) update = update.where('thanksBatch', 'is not', null)
      await update.execute()
    }
    await audit(tx, { accountId: by, action: 'operation.edit', artistId: operation.artistId, subject: title })
    return ok(null)
  })
}

export type TaskProblem = 'missing' | 'closed' | 'many'

/** Adds a task (`taskId` null) or saves one. Once the mission is open only its words change, and a batch that ran out. */
export async function saveTask(
  { db }: Pick<Deps, 'db'>,
  { operationId, taskId, by, fields }: Of & { taskId: string | null; fields: TaskFields },
): Promise<Result<string, TaskProblem>> {
  return db.transaction().execute(async (tx) => {
    const operation = await lockOperation(tx, operationId)
    if (operation?.kind !== 'mission') return fail('missing')
    const { state, artistId, title } = operation
    if (state === 'closed' || (state === 'open' && !taskId)) return fail('closed')
    const { thanks, ...task } = fields
    await audit(tx, { accountId: by, action: 'operation.edit', artistId, subject: title })
    if (!taskId) {
      const known = await tasksIn(tx, operationId)
      if (known.length >= MOST_TASKS) return fail('many')
      const id = newId()
      const place = Math.max(0, ...known.map((one) => one.place)) + 1
      await tx
        .insertInto('missionTasks')
        .values({ id, operationId, place, ...task, ...columnsOf(thanks) })
        .execute()
      return ok(id)
    }
    const set = state === 'draft' ? { ...task, ...columnsOf(thanks) } : { words: task.words }
    const { numUpdatedRows } = await tx
      .updateTable('missionTasks')
      .set(set)
      .where('id', '=', taskId)
      .where('operationId', '=', operationId)
      .executeTakeFirst()
    if (state === 'open' && thanks.batch)
      await tx
        .updateTable('missionTasks')
        .set({ thanksBatch: thanks.batch })
        .where('id', '=', taskId)
        .where('operationId', '=', operationId)
        .where('thanksBatch', 'is not', null)
        .execute()
    return numUpdatedRows > 0n ? ok(taskId) : fail('missing')
  })
}

export async function removeTask(
  { db }: Pick<Deps, 'db'>,
  { operationId, taskId, by }: Of & { taskId: string },
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const operation = await lockOperation(tx, operationId)
    if (operation?.state !== 'draft') return false
    const { numDeletedRows } = await tx
      .deleteFrom('missionTasks')
      .where('id', '=', taskId)
      .where('operationId', '=', operationId)
      .executeTakeFirst()
    const { artistId, title } = operation
    await audit(tx, { accountId: by, action: 'operation.edit', artistId, subject: title })
    return numDeletedRows > 0n
  })
}

const tasksIn = (tx: Tx, operationId: string) =>
  tx.selectFrom('missionTasks').selectAll().where('operationId', '=', operationId).orderBy('place').execute()

/** `empty`: nothing is asked. `thankless`: nothing is given for any of it. */
export type OpenMissionProblem = 'missing' | 'untitled' | 'date' | 'past' | 'empty' | 'thankless'

/** Opens it to everybody: its page, and the gift that it is. */
export async function openMission(
  { db, now }: Deps,
  { operationId, by }: Of,
): Promise<Result<null, OpenMissionProblem>> {
  return db.transaction().execute(async (tx) => {
    const operation = await lockOperation(tx, operationId)
    const mission = await tx
      .selectFrom('missions')
      .selectAll()
      .where('operationId', '=', operationId)
      .executeTakeFirst()
    if (!operation || !mission) return fail('missing')
    if (operation.state !== 'draft') return ok(null)
    const { artistId, title, endsAt } = operation
    const tasks = await tasksIn(tx, operationId)
    const at = now()
    if (!title) return fail('untitled')
    if (!endsAt) return fail('date')
    if (endsAt <= at) return fail('past')
    if (!tasks.length) return fail('empty')
    if ([mission, ...tasks].every((one) => isNothing(thanksIn(one)))) return fail('thankless')
    await tx.updateTable('operations').set({ state: 'open', openedAt: at }).where('id', '=', operationId).execute()
    await recordGift(tx, { artistId, kind: 'operation', subject: `operation:${operationId}`, at })
    await audit(tx, { accountId: by, action: 'operation.open', artistId, subject: title })
    return ok(null)
  })
}

type WithThanks = { thanksWords: string; thanksSubject: string | null; thanksBatch: string | null }
/** What a row of a mission or of a task gives. */
export const thanksIn = ({ thanksWords, thanksSubject, thanksBatch }: WithThanks): Thanks => ({
  words: thanksWords,
  subject: thanksSubject,
  batch: thanksBatch,
})
