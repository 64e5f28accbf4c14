import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { blockLine, withoutBlock } from './blocks.rules.ts'
import { append } from './edit-post.ts'
import { lockPost } from './post.store.ts'

type Of = { postId: string; videoId: string }

/** Takes a film off its post, and its line out of the text. It is kept for {@link KEPT_DAYS} days, so that it can be put back. */
export async function removeVideo(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { postId, videoId }: Of,
): Promise<Result<null, 'missing'>> {
  return db.transaction().execute(async (tx) => {
    const post = await lockPost(tx, postId)
    const video = await videoOf(tx, { postId, videoId })
    if (!post || post.removedAt || !video || video.removedAt) return fail('missing')
    await tx
      .updateTable('postVideos')
      .set({ removedAt: now(), removedFrom: post.body })
      .where('id', '=', videoId)
      .execute()
    await setBody(tx, postId, withoutBlock(post.body, videoId))
    return ok(null)
  })
}

/** Puts a film back: where it stood when the text is as it was left, else at its end. */
export async function restoreVideo(
  { db }: Pick<Platform, 'db'>,
  { postId, videoId }: Of,
): Promise<Result<null, 'missing'>> {
  return db.transaction().execute(async (tx) => {
    const post = await lockPost(tx, postId)
    const video = await videoOf(tx, { postId, videoId })
    if (!post || post.removedAt || !video?.removedAt) return fail('missing')
    const { removedFrom, title } = video
    await tx.updateTable('postVideos').set({ removedAt: null, removedFrom: null }).where('id', '=', videoId).execute()
    if (removedFrom !== null && withoutBlock(removedFrom, videoId) === post.body) await setBody(tx, postId, removedFrom)
    else await append(tx, post, blockLine('video', videoId, title))
    return ok(null)
  })
}

/** How long what was taken off can be put back. */
export const KEPT_DAYS = 14

const videoOf = (tx: Tx, { postId, videoId }: Of) =>
  tx
    .selectFrom('postVideos')
    .select(['title', 'removedAt', 'removedFrom'])
    .where('id', '=', videoId)
    .where('postId', '=', postId)
    .executeTakeFirst()

const setBody = (tx: Tx, postId: string, body: string) =>
  tx
    .updateTable('posts')
    .set({ body, version: sql`version + 1`, changedAt: sql`now()` })
    .where('id', '=', postId)
    .execute()
