import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { BatchState, BatchTrouble } from '../tables.ts'
import type { BatchPlan } from './batch-plan.ts'

export type NewBatch = { accountId: string; artistId: string; releaseId?: string | null; trackId?: string | null }

export async function openBatch(db: Db | Tx, { accountId, artistId, releaseId, trackId }: NewBatch): Promise<string> {
  const id = newId()
  await db
    .insertInto('uploadBatches')
    .values({ id, accountId, artistId, releaseId: releaseId ?? null, trackId: trackId ?? null, trouble: null })
    .execute()
  return id
}

export const batchById = (db: Db | Tx, id: string) =>
  db.selectFrom('uploadBatches').selectAll().where('id', '=', id).executeTakeFirst()

export type Batch = NonNullable<Awaited<ReturnType<typeof batchById>>>

/** Everything has arrived: it is read by a job. False when it was not waiting for files. */
export const startReading = (db: Db, id: string): Promise<boolean> =>
  db.transaction().execute(async (tx) => {
    const moved = await move(tx, id, 'receiving', 'reading')
    if (moved) await addJob(tx, 'audio.understand', { batchId: id }, { key: `understand:${id}`, attempts: 3 })
    return moved
  })

/** What was understood is made by a job. Two presses, or two people, make it once. */
export const startMaking = (db: Db, id: string): Promise<boolean> =>
  db.transaction().execute(async (tx) => {
    const moved = await move(tx, id, 'understood', 'making')
    if (moved) await addJob(tx, 'audio.makeReleases', { batchId: id }, { key: `make:${id}`, attempts: 3 })
    return moved
  })

/** More files may come, or some be taken away. */
export const reopenBatch = (db: Db, id: string): Promise<boolean> => move(db, id, 'understood', 'receiving')

export async function abandonBatch(db: Db | Tx, id: string): Promise<boolean> {
  return (await move(db, id, 'receiving', 'abandoned')) || (await move(db, id, 'understood', 'abandoned'))
}

export async function keepPlan(db: Db, id: string, plan: BatchPlan): Promise<boolean> {
  return move(db, id, 'reading', 'understood', { plan: JSON.stringify(plan) })
}

/** Work on a batch stopped for good: it goes back to where a person can start it again. */
export async function stopWork(db: Db, id: string, trouble: BatchTrouble): Promise<boolean> {
  return trouble === 'reading'
    ? move(db, id, 'reading', 'receiving', { trouble })
    : move(db, id, 'making', 'understood', { trouble })
}

export async function sayProgress(db: Db, id: string, progress: number): Promise<void> {
  await db.updateTable('uploadBatches').set({ progress }).where('id', '=', id).execute()
}

/** A batch whose files still come and go is not abandoned. */
export async function touchBatch(db: Db, id: string): Promise<void> {
  await db.updateTable('uploadBatches').set({ updatedAt: sql`now()` }).where('id', '=', id).execute()
}

async function move(
  db: Db | Tx,
  id: string,
  from: BatchState,
  to: BatchState,
  more: { plan?: string; trouble?: BatchTrouble } = {},
): Promise<boolean> {
  const moved = await db
    .updateTable('uploadBatches')
    .set({ state: to, progress: 0, trouble: null, ...more, updatedAt: sql`now()` })
    .where('id', '=', id)
    .where('state', '=', from)
    .returning('id')
    .executeTakeFirst()
  return moved !== undefined
}
