import { readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import { dropImage, originalKey } from '../../platform/images/index.ts'
import { addJob } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { keepPicture } from '../music/index.ts'

type Deps = Pick<Platform, 'db' | 'storage' | 'now'>

/** What has a picture that may be taken down: an entry, a contribution, the film of an entry with a still of it. */
export type Pictured = 'entry' | 'contribution' | 'film'

const PICTURES = {
  entry: {
    of: sql`select e.operation_id, e.image_id, e.state from contest_entries e where e.id =`,
    table: sql`contest_entries`,
    column: sql`image_id`,
  },
  contribution: {
    of: sql`select c.operation_id, c.image_id, c.state from mission_contributions c where c.id =`,
    table: sql`mission_contributions`,
    column: sql`image_id`,
  },
  film: {
    of: sql`select f.operation_id, f.poster_image_id as image_id, e.state from entry_files f join contest_entries e on e.file_id = f.id where f.id =`,
    table: sql`entry_files`,
    column: sql`poster_image_id`,
  },
} as const

const heldKey = (id: string) => `held/${id.slice(-2)}/${id}`

/** Has the picture of something that was taken down, or is shown again, go where it belongs: in the transaction that decides it. */
export const settlePictures = async (tx: Tx, all: readonly { what: Pictured; id: string }[]): Promise<void> => {
  for (const one of all) await addJob(tx, 'operations.settle-picture', one)
}

/**
 * Takes the picture of what is taken down away from its public address, where whoever knew it would go on seeing it, or brings it back when it is shown again. A picture
 * that something else shows as well stays there. However often it runs and whatever died in between, it ends as what is decided now asks.
 */
export async function settlePicture(platform: Deps, { what, id }: { what: Pictured; id: string }): Promise<void> {
  const { db, storage, now } = platform
  const { of, table, column } = PICTURES[what]
  type Row = { operationId: string; imageId: string | null; state: string }
  const read = async (from: Db | Tx, lock = sql``): Promise<Row | undefined> =>
    (
      await sql<Row>`select operation_id as "operationId", image_id as "imageId", state from (${of} ${id} ${lock}) one`.execute(
        from,
      )
    ).rows[0]
  const found = await read(db)
  const held = await db
    .selectFrom('heldPictures')
    .select(['storageKey', 'operationId'])
    .where('ofId', '=', id)
    .executeTakeFirst()
  const forUpdate =
    what === 'film' ? sql`for update of e` : what === 'entry' ? sql`for update of e` : sql`for update of c`
  if (found?.state === 'blocked' && found.imageId) {
    const image = await db
      .selectFrom('images')
      .select('sha256')
      .where('id', '=', found.imageId)
      .executeTakeFirstOrThrow()
    const bytes = await storage.withLocal(originalKey(image.sha256), (path) => readFile(path))
    const storageKey = heldKey(id)
    const size = await storage.put(storageKey, bytes)
    const isHeld = await db.transaction().execute(async (tx) => {
      const still = await read(tx, forUpdate)
      if (still?.state !== 'blocked' || still.imageId !== found.imageId) return false
      await tx
        .insertInto('heldPictures')
        .values({ ofId: id, operationId: found.operationId, storageKey, size, heldAt: now() })
        .onConflict((conflict) => conflict.column('ofId').doUpdateSet({ size, heldAt: now() }))
        .execute()
      await sql`update ${table} set ${column} = null where id = ${id}`.execute(tx)
      return true
    })
    if (isHeld) await dropImage(platform, found.imageId)
    return
  }
  if (!held || found?.state === 'blocked') return
  if (!isShowable(found?.state)) return forgetUnlessNeeded(db, id, (tx) => read(tx, forUpdate))
  const bytes = await storage.withLocal(held.storageKey, (path) => readFile(path))
  const kept = await keepPicture(platform, bytes)
  if (!kept.ok) throw new Error(`A picture that was shown before cannot be: ${kept.error}`)
  const isBack = await db.transaction().execute(async (tx) => {
    const still = await read(tx, forUpdate)
    if (!isShowable(still?.state) || still?.imageId) return false
    await sql`update ${table} set ${column} = ${kept.value} where id = ${id}`.execute(tx)
    await tx.deleteFrom('heldPictures').where('ofId', '=', id).execute()
    return true
  })
  if (isBack) await storage.remove(held.storageKey)
  else {
    await dropImage(platform, kept.value)
    await forgetUnlessNeeded(db, id, (tx) => read(tx, forUpdate))
  }
}

const isShowable = (state: string | undefined): boolean => state === 'waiting' || state === 'shown'

/** What its author took back in the meantime, or nobody has any more, is nobody's to show again. */
const forgetUnlessNeeded = (
  db: Db,
  id: string,
  lock: (tx: Tx) => Promise<{ state: string } | undefined>,
): Promise<void> =>
  db.transaction().execute(async (tx) => {
    const state = (await lock(tx))?.state
    if (state !== 'blocked' && !isShowable(state)) await forgetHeld(tx, [id])
  })

/** A held picture of this operation, for whoever may look at it in the studio; null when there is none. */
export async function heldPicture(
  { db, storage }: Pick<Platform, 'db' | 'storage'>,
  { operationId, ofId }: { operationId: string; ofId: string },
): Promise<Buffer | null> {
  const held = await db
    .selectFrom('heldPictures')
    .select('storageKey')
    .where('ofId', '=', ofId)
    .where('operationId', '=', operationId)
    .executeTakeFirst()
  return held ? storage.withLocal(held.storageKey, (path) => readFile(path)) : null
}

/** Forgets held pictures of these. What is stored of them goes once this is done. */
export async function forgetHeld(tx: Tx, ids: readonly string[]): Promise<void> {
  if (!ids.length) return
  const gone = await tx
    .deleteFrom('heldPictures')
    .where('ofId', 'in', [...ids])
    .returning('storageKey')
    .execute()
  const held = gone.map(({ storageKey }) => storageKey)
  if (held.length) await addJob(tx, 'operations.forget-pictures', { images: [], held })
}

/** What is held although it is not taken down any more: the job that should have brought it back was lost. */
export async function heldInVain(db: Db): Promise<{ what: Pictured; id: string }[]> {
  const { rows } = await sql<{ what: Pictured; id: string }>`
    select 'entry' as what, h.of_id as id from held_pictures h join contest_entries e on e.id = h.of_id where e.state <> 'blocked'
    union all
    select 'contribution', h.of_id from held_pictures h join mission_contributions c on c.id = h.of_id where c.state <> 'blocked'
    union all
    select 'film', h.of_id from held_pictures h join contest_entries e on e.file_id = h.of_id where e.state <> 'blocked'`.execute(
    db,
  )
  return rows
}

/** Held pictures that can be shown no more, since they were held too long or nobody has what they are of. */
export async function tidyHeld({ db, storage }: Pick<Platform, 'db' | 'storage'>, before: Date): Promise<void> {
  const gone = await db.deleteFrom('heldPictures').where('heldAt', '<', before).returning('storageKey').execute()
  for (const { storageKey } of gone) await storage.remove(storageKey)
}
