import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import type { ImageError, ImageInput } from '../../platform/images/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { audit, senderOf } from '../identity/index.ts'
import { keepPicture } from '../music/index.ts'
import { pictureLine } from './blocks.rules.ts'
import { type PostEdit, type PostFields, postDigest, postFields } from './post.form.ts'
import { givePostSlug, lockPost, type PostRow } from './post.store.ts'
import type { By } from './publish-post.ts'

/** `changed`: somebody saved the same fields since the form was shown; `current` is what they saved. Nothing was written. */
export type EditProblem = { code: 'missing' } | { code: 'changed'; current: PostFields; seen: string }

/**
 * Saves what the form of a post says. `seen` is the digest of the fields as they were shown. A new title gives a new address; the old one
 * leads on once readers may know it.
 */
export async function editPost(
  { db }: Pick<Platform, 'db'>,
  { postId, edit, seen, by }: { postId: string; edit: PostEdit; seen: string } & By,
): Promise<Result<{ changed: boolean }, EditProblem>> {
  return db.transaction().execute(async (tx) => {
    const post = await lockPost(tx, postId)
    if (!post || post.removedAt) return fail({ code: 'missing' as const })
    const digest = postDigest(post)
    if (digest !== seen) return fail({ code: 'changed' as const, current: postFields(post), seen: digest })
    if (postDigest(edit) === digest) return ok({ changed: false })
    const known = post.publishedAt !== null || post.visibility !== 'draft'
    const slug =
      edit.title === post.title
        ? post.slug
        : await givePostSlug(tx, {
            of: senderOf(post),
            title: edit.title,
            self: { id: post.id, slug: post.slug, keep: known },
          })
    await tx
      .updateTable('posts')
      .set({ ...edit, slug, version: sql`version + 1`, changedAt: sql`now()` })
      .where('id', '=', postId)
      .execute()
    // A draft is saved every few seconds; what readers see is worth a line.
    if (known) await audit(tx, { accountId: by, action: 'post.edit', ...senderOf(post), subject: edit.title })
    return ok({ changed: true })
  })
}

/** Adds a line of its own at the end of the text: a track, a release, a picture. */
export async function appendLine(
  { db }: Pick<Platform, 'db'>,
  { postId, line }: { postId: string; line: string },
): Promise<Result<null, 'missing'>> {
  return db.transaction().execute(async (tx) => {
    const post = await lockPost(tx, postId)
    if (!post || post.removedAt) return fail('missing')
    await append(tx, post, line)
    return ok(null)
  })
}

/** Adds a line of its own to a post whose row the caller has locked. */
export const append = (tx: Tx, post: PostRow, line: string) =>
  tx
    .updateTable('posts')
    .set({
      body: post.body.trim() ? `${post.body.trimEnd()}\n\n${line}\n` : `${line}\n`,
      version: sql`version + 1`,
      changedAt: sql`now()`,
    })
    .where('id', '=', post.id)
    .execute()

/** Keeps a picture for a post. `put` writes its line at the end of the text. Answers with its id and that line. */
export async function addPicture(
  deps: Pick<Platform, 'db' | 'storage'>,
  { postId, picture, alt, put }: { postId: string; picture: ImageInput; alt: string; put: boolean },
): Promise<Result<{ id: string; line: string }, 'missing' | ImageError>> {
  const kept = await keepPicture(deps, picture)
  if (!kept.ok) return kept
  return deps.db.transaction().execute(async (tx) => {
    const post = await lockPost(tx, postId)
    if (!post || post.removedAt) return fail('missing' as const)
    const id = newId()
    await tx.insertInto('postPictures').values({ id, postId, imageId: kept.value, alt }).execute()
    const line = pictureLine(id, alt)
    if (put) await append(tx, post, line)
    return ok({ id, line })
  })
}

/** Opens a post with one of its pictures, or with none. */
export async function setPostCover(
  { db }: Pick<Platform, 'db'>,
  { postId, pictureId }: { postId: string; pictureId: string | null },
): Promise<Result<null, 'missing'>> {
  return db.transaction().execute(async (tx) => {
    const post = await lockPost(tx, postId)
    const picture =
      pictureId &&
      (await tx
        .selectFrom('postPictures')
        .select(['imageId', 'alt'])
        .where('id', '=', pictureId)
        .where('postId', '=', postId)
        .executeTakeFirst())
    if (!post || post.removedAt || (pictureId && !picture)) return fail('missing')
    await tx
      .updateTable('posts')
      .set({
        coverImageId: picture ? picture.imageId : null,
        coverAlt: picture ? picture.alt : '',
        version: sql`version + 1`,
        changedAt: sql`now()`,
      })
      .where('id', '=', postId)
      .execute()
    return ok(null)
  })
}
