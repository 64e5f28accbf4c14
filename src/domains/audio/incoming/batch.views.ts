import type { Db } from '../../../platform/database/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { type Batch, batchById } from './batches.store.ts'
import { findTarget, type Target } from './things.ts'
import { countReceived, type UploadRow, uploadsOf } from './uploads.store.ts'

export type BatchView = { batch: Batch; artistName: string; target: Target; uploads: UploadRow[] }

/** A batch with its files and what it is for; null when it is not there. */
export async function batchView(deps: Pick<Platform, 'db' | 'paths'>, id: string): Promise<BatchView | null> {
  const { db } = deps
  const batch = await batchById(db, id)
  if (!batch) return null
  const artist = await db.selectFrom('artists').select('name').where('id', '=', batch.artistId).executeTakeFirst()
  const target = await findTarget(db, { release: batch.releaseId, track: batch.trackId, artist: batch.artistId })
  if (!artist || !target) return null
  if (batch.state === 'receiving') await countReceived(deps, await uploadsOf(db, id))
  return { batch, target, artistName: artist.name, uploads: await uploadsOf(db, id) }
}

/** Which of these releases can still be opened. */
export async function stillThere(db: Db, releaseIds: string[]): Promise<string[]> {
  if (releaseIds.length === 0) return []
  const rows = await db
    .selectFrom('releases')
    .select('id')
    .where('id', 'in', releaseIds)
    .where('removedAt', 'is', null)
    .execute()
  return rows.map(({ id }) => id)
}

export type Unfinished = { id: string; state: Batch['state']; createdAt: Date; files: number }

/** Batches of an artist that wait for their files, or for a decision. */
export async function unfinishedBatches(db: Db, artistId: string): Promise<Unfinished[]> {
  return db
    .selectFrom('uploadBatches as b')
    .innerJoin('uploads as u', 'u.batchId', 'b.id')
    .select(['b.id', 'b.state', 'b.createdAt'])
    .select(({ fn }) => fn.count<number>('u.id').as('files'))
    .where('b.artistId', '=', artistId)
    .where('b.state', 'in', ['receiving', 'reading', 'understood', 'making'])
    .groupBy('b.id')
    .orderBy('b.createdAt', 'desc')
    .limit(10)
    .execute()
}
