import './tables.ts'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import { dropImage, type ImageError, type ImageInput } from '../../platform/images/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { keepPicture } from '../music/index.ts'
import { isPdf, MAX_RIDER_BYTES, MOST_PICTURES } from './files.rules.ts'

export type RiderRefusal = 'empty' | 'too-large' | 'type'

/** Keeps a PDF as an artist's technical rider, in the place of one that was there. `path` is a file of our own, taken over. */
export async function keepRider(
  { db, storage, now }: Pick<Platform, 'db' | 'storage' | 'now'>,
  { artistId, path }: { artistId: string; path: string },
): Promise<Result<null, RiderRefusal>> {
  const { size } = await stat(path)
  if (size === 0) return fail('empty')
  if (size > MAX_RIDER_BYTES) return fail('too-large')
  const hash = createHash('sha256')
  let head: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(path)) {
    if (head.length < 8) head = Buffer.concat([head, chunk as Buffer]).subarray(0, 8)
    hash.update(chunk as Buffer)
  }
  if (!isPdf(head)) return fail('type')
  const sha256 = hash.digest('hex')
  const storageKey = `press/${sha256.slice(0, 2)}/${sha256}`
  if (!(await storage.claim(storageKey))) await storage.adopt(storageKey, path)
  const rider = { storageKey, sha256, size, addedAt: now() }
  await db
    .insertInto('pressRiders')
    .values({ artistId, ...rider })
    .onConflict((conflict) => conflict.column('artistId').doUpdateSet(rider))
    .execute()
  return ok(null)
}

/** Takes the rider off. The stored bytes stay until storage is tidied: another artist may have kept the same. */
export async function removeRider({ db }: Pick<Platform, 'db'>, artistId: string): Promise<void> {
  await db.deleteFrom('pressRiders').where('artistId', '=', artistId).execute()
}

type Said = { caption: string; credit: string }

/** Keeps a picture for the press as it came, after those that are there. */
export async function addPressPicture(
  platform: Pick<Platform, 'db' | 'storage' | 'now'>,
  { artistId, picture, ...said }: { artistId: string; picture: ImageInput } & Said,
): Promise<Result<null, ImageError | 'too-many'>> {
  const kept = await keepPicture(platform, picture)
  if (!kept.ok) return kept
  const done = await platform.db.transaction().execute(async (tx) => {
    // Two at once would each see the place that is left.
    await tx.selectFrom('artists').select('id').where('id', '=', artistId).forUpdate().execute()
    if ((await countOf(tx, artistId)) >= MOST_PICTURES) return false
    const { last } = await tx
      .selectFrom('pressPictures')
      .select((row) => row.fn.coalesce(row.fn.max('place'), row.val(0)).as('last'))
      .where('artistId', '=', artistId)
      .executeTakeFirstOrThrow()
    await tx
      .insertInto('pressPictures')
      .values({ id: newId(), artistId, imageId: kept.value, ...said, place: last + 1, addedAt: platform.now() })
      .execute()
    return true
  })
  if (done) return ok(null)
  await dropImage(platform, kept.value)
  return fail('too-many')
}

const countOf = async (tx: Tx, artistId: string): Promise<number> => {
  const { n } = await tx
    .selectFrom('pressPictures')
    .select((row) => row.fn.countAll<number>().as('n'))
    .where('artistId', '=', artistId)
    .executeTakeFirstOrThrow()
  return Number(n)
}

type One = { artistId: string; id: string }

/** Says anew what a picture shows and whose it is. False when it is not there. */
export async function describePressPicture(
  { db }: Pick<Platform, 'db'>,
  { artistId, id, ...said }: One & Said,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('pressPictures')
    .set(said)
    .where('id', '=', id)
    .where('artistId', '=', artistId)
    .executeTakeFirst()
  return Number(numUpdatedRows) > 0
}

/** Moves a picture before the one above it, or after the one below. False when it is not there. */
export async function movePressPicture(
  { db }: Pick<Platform, 'db'>,
  { artistId, id, to }: One & { to: 'up' | 'down' },
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const all = await tx
      .selectFrom('pressPictures')
      .select('id')
      .where('artistId', '=', artistId)
      .orderBy('place')
      .orderBy('id')
      .forUpdate()
      .execute()
    const ids = all.map((one) => one.id)
    const at = ids.indexOf(id)
    if (at < 0) return false
    const moved = ids.toSpliced(at, 1).toSpliced(Math.max(at + (to === 'up' ? -1 : 1), 0), 0, id)
    for (const [index, one] of moved.entries())
      await tx
        .updateTable('pressPictures')
        .set({ place: index + 1 })
        .where('id', '=', one)
        .execute()
    return true
  })
}

/** Takes a picture off, with its files where nothing else shows it. False when it is not there. */
export async function removePressPicture(
  platform: Pick<Platform, 'db' | 'storage'>,
  { artistId, id }: One,
): Promise<boolean> {
  const gone = await platform.db
    .deleteFrom('pressPictures')
    .where('id', '=', id)
    .where('artistId', '=', artistId)
    .returning('imageId')
    .executeTakeFirst()
  if (gone) await dropImage(platform, gone.imageId)
  return gone !== undefined
}
