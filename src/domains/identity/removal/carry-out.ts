import { sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import { IMAGE_TYPES, type ImageExtension, originalKey, renditionKey } from '../../../platform/images/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { removeUnnamed } from '../../../platform/tidy-files.ts'
import { audit } from '../audit.ts'
import type { AllBelongings, Owner, Removing } from './belongings.ts'
import { leftoversOf, ownerById } from './removal.store.ts'

const AT_ONCE = 200

/**
 * Deletes for good what was asked to be. Each part deletes its rows in transactions of a bearable size and writes down what they led to in the same ones; then what
 * was left goes, unless somebody else has it. Killed anywhere, it is begun anew and finds less to do.
 * @param fileQueries SQL that names the files that rows need (`key`), by kind: a file that any of them still names stays
 */
export async function carryOutRemoval(
  platform: Platform,
  all: AllBelongings,
  fileQueries: string[],
  removalId: string,
): Promise<void> {
  const { db, now } = platform
  const removal = await db
    .updateTable('removals')
    .set((eb) => ({ begunAt: eb.fn.coalesce('begunAt', sql<Date>`${now()}::timestamptz`) }))
    .where('id', '=', removalId)
    .where('undoneAt', 'is', null)
    .where('doneAt', 'is', null)
    .where('goesAt', '<=', now())
    .returning(['id', 'artistId', 'labelId', 'askedAt', 'askedBy', 'name'])
    .executeTakeFirst()
  if (!removal) return
  const kind = removal.artistId ? 'artist' : 'label'
  const owner = await ownerById(db, kind, removal.artistId ?? removal.labelId ?? '')
  const removing: Removing = { ...leftoversOf(removalId), hiddenSince: removal.askedAt }
  if (owner) {
    for (const part of Object.values(all)) await part.remove?.(platform, owner, removing)
    await db.transaction().execute((tx) => removeOwner(tx, owner, removing, now()))
  }
  await removePictures(platform, removing)
  await removeFiles(platform, fileQueries, removing)
  await db.transaction().execute(async (tx) => {
    await tx.updateTable('removals').set({ doneAt: now(), name: '', kept: '{}' }).where('id', '=', removalId).execute()
    await audit(tx, { accountId: removal.askedBy, action: `${kind}.gone`, subject: removal.name })
  })
}

/** The row itself and what falls with it. Its addresses stay, and say that it is gone. */
async function removeOwner(tx: Tx, { kind, id }: Owner, { leave }: Removing, at: Date): Promise<void> {
  const column = kind === 'artist' ? 'artistId' : 'labelId'
  await tx.updateTable('slugs').set({ artistId: null, labelId: null, goneAt: at }).where(column, '=', id).execute()
  const gone =
    kind === 'artist'
      ? await tx.deleteFrom('artists').where('id', '=', id).returning('portraitImageId as image').executeTakeFirst()
      : await tx.deleteFrom('labels').where('id', '=', id).returning('imageId as image').executeTakeFirst()
  if (gone?.image) await leave(tx, [{ kind: 'image', key: gone.image }])
}

/** A picture that any row still refers to stays: the database says which. */
async function removePictures({ db }: Platform, { leave, left, settle }: Removing): Promise<void> {
  for (;;) {
    const [id] = await db.transaction().execute((tx) => left(tx, 'image', 1))
    if (!id) return
    const stays = await db
      .transaction()
      .execute(async (tx) => {
        const gone = await tx
          .deleteFrom('images')
          .where('id', '=', id)
          .returning(['sha256', 'widths'])
          .executeTakeFirst()
        await settle(tx, 'image', [id])
        if (gone)
          await leave(
            tx,
            picturesOf(gone).map((key) => ({ kind: 'file', key })),
          )
        return false
      })
      .catch((error: { code?: string }) => {
        if (error.code === '23503') return true
        throw error
      })
    if (stays) await db.transaction().execute((tx) => settle(tx, 'image', [id]))
  }
}

const picturesOf = ({ sha256, widths }: { sha256: string; widths: number[] }): string[] => [
  originalKey(sha256),
  ...widths.flatMap((width) =>
    (Object.keys(IMAGE_TYPES) as ImageExtension[]).map((extension) => renditionKey(sha256, width, extension)),
  ),
]

/** The same bytes are one file, whoever gave them: one that a row still names is somebody else's too, and one that somebody stores just now may be. */
async function removeFiles(platform: Platform, fileQueries: string[], { left, settle }: Removing) {
  const { db } = platform
  for (;;) {
    const keys = await db.transaction().execute((tx) => left(tx, 'file', AT_ONCE))
    if (!keys.length) return
    await removeUnnamed(platform, fileQueries, keys)
    await db.transaction().execute((tx) => settle(tx, 'file', keys))
  }
}
