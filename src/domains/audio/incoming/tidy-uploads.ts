import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Platform } from '../../../platform/platform.ts'
import type { BatchTrouble } from '../tables.ts'
import { abandonBatch, stopWork } from './batches.store.ts'
import { KEPT_DAYS } from './limits.rules.ts'
import { removeUploadsOf } from './uploads.store.ts'

const DAY_MS = 86_400_000

/**
 * Throws away what nobody touched for a week, files that no row knows, and what killed work left behind; gives back to people the batches whose job is gone for good, so
 * that nothing is "reading" for ever.
 */
export async function tidyUploads(deps: Pick<Platform, 'db' | 'paths' | 'now'>): Promise<void> {
  const { db, paths, now } = deps
  await giveBackStopped(deps)
  const old = await db
    .selectFrom('uploadBatches')
    .select('id')
    .where('updatedAt', '<', new Date(now().getTime() - KEPT_DAYS * DAY_MS))
    .where('state', 'in', ['receiving', 'understood'])
    .execute()
  for (const { id } of old) await abandonBatch(db, id)
  const over = await db
    .selectFrom('uploadBatches as b')
    .select('b.id')
    .where('b.state', 'in', ['imported', 'abandoned'])
    .where(({ exists, selectFrom }) =>
      exists(selectFrom('uploads as u').whereRef('u.batchId', '=', 'b.id').select('u.id')),
    )
    .execute()
  for (const { id } of over) await removeUploadsOf(deps, id)
  await removeStrays(deps, paths.uploads)
  await removeLeavings(paths.work, now())
}

async function giveBackStopped({ db }: Pick<Platform, 'db'>): Promise<void> {
  const { rows } = await sql<{ id: string; trouble: BatchTrouble }>`
    select id, state as trouble from upload_batches b
    where state in ('reading', 'making') and updated_at < now() - interval '5 minutes' and not exists (
      select 1 from graphile_worker._private_jobs j
      where j.key = case b.state when 'reading' then 'understand:' else 'make:' end || b.id
        and (j.locked_at is not null or j.attempts < j.max_attempts))`.execute(db)
  for (const { id, trouble } of rows) await stopWork(db, id, trouble)
}

/** A day old at least: a file is made a moment after its row is. */
async function removeStrays({ db, now }: Pick<Platform, 'db' | 'now'>, folder: string): Promise<void> {
  const names = await readdir(folder)
  if (names.length === 0) return
  const rows = await db.selectFrom('uploads').select('id').where('id', 'in', names).execute()
  const known = new Set(rows.map(({ id }) => id))
  for (const name of names) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => null)
    if (found?.isFile() && !known.has(name) && now().getTime() - found.mtimeMs > DAY_MS) await rm(path, { force: true })
  }
}

/** Drafts of work that was killed. None takes two days. */
async function removeLeavings(folder: string, now: Date): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => null)
    if (found && now.getTime() - found.mtimeMs > 2 * DAY_MS) await rm(path, { recursive: true, force: true })
  }
}
