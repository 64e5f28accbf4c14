import { rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'
import { newToken } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { type AskedUpload, type Refusal, type Room, refuseUpload } from './limits.rules.ts'

type Deps = Pick<Platform, 'db' | 'paths'>

export const uploadsOf = (db: Db, batchId: string) =>
  db.selectFrom('uploads').selectAll().where('batchId', '=', batchId).orderBy('relativePath').execute()

export type UploadRow = Awaited<ReturnType<typeof uploadsOf>>[number]

export const uploadPath = (paths: Platform['paths'], id: string): string => join(paths.uploads, id)

/** Gives a coming file its name on disk, or refuses it before any byte is sent. The same path again replaces what was there. */
export async function announceUpload(
  deps: Deps,
  batchId: string,
  asked: AskedUpload,
): Promise<Result<string, Refusal>> {
  const there = await uploadsOf(deps.db, batchId)
  const replaced = there.find((one) => one.relativePath === asked.path)
  const refused = refuseUpload(
    asked,
    await roomFor(
      deps,
      there.filter((one) => one !== replaced),
    ),
  )
  if (refused) return fail(refused)
  if (replaced) await removeUpload(deps, replaced.id)
  const id = newToken()
  await deps.db
    .insertInto('uploads')
    .values({
      id,
      batchId,
      relativePath: asked.path,
      size: asked.size,
      modifiedMs: asked.modifiedMs,
      completedAt: asked.size === 0 ? new Date() : null,
    })
    .execute()
  return ok(id)
}

async function roomFor({ db, paths }: Deps, there: { size: number }[]): Promise<Room> {
  const { bavail, bsize } = await statfs(paths.uploads)
  const { rows } = await sql<{ promised: string | null }>`
    select sum(size - received) as promised from uploads where completed_at is null and created_at > now() - interval '1 day'`.execute(
    db,
  )
  return {
    files: there.length,
    bytes: there.reduce((sum, { size }) => sum + size, 0),
    freeBytes: bavail * bsize,
    promisedBytes: Number(rows[0]?.promised ?? 0),
  }
}

/** Notes how much of a file is on disk; it is complete when that is all of it. */
export async function sayReceived(db: Db, id: string, received: number): Promise<void> {
  await db
    .updateTable('uploads')
    .set({ received, completedAt: sql`case when ${received} >= size then coalesce(completed_at, now()) end` })
    .where('id', '=', id)
    .execute()
}

/** Asks the disk how much has come: a process that was killed, or a broken connection, had no time to write it down. */
export async function countReceived({ db, paths }: Deps, uploads: UploadRow[]): Promise<void> {
  for (const { id, received, completedAt } of uploads) {
    if (completedAt) continue
    const found = await stat(uploadPath(paths, id)).catch(() => null)
    if (found && found.size !== received) await sayReceived(db, id, found.size)
  }
}

/** Forgets a file, first on disk: a row without a file is sent again, a file without a row would be nobody's. */
export async function removeUpload({ db, paths }: Deps, id: string): Promise<void> {
  await rm(uploadPath(paths, id), { force: true })
  await db.deleteFrom('uploads').where('id', '=', id).execute()
}

export async function removeUploadsOf(deps: Deps, batchId: string): Promise<void> {
  for (const { id } of await uploadsOf(deps.db, batchId)) await removeUpload(deps, id)
}
