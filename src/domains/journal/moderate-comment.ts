import type { Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import type { CommentState } from './tables.ts'

type Deps = Pick<Platform, 'db' | 'now'>

/** Shows a comment, hides it, or puts it with what is no comment at all. */
export async function moderateComment(
  { db, now }: Deps,
  { commentId, state, by }: { commentId: string; state: Exclude<CommentState, 'waiting'>; by: string },
): Promise<Result<null, 'missing'>> {
  const { numUpdatedRows } = await db
    .updateTable('comments')
    .set({ state, moderatedBy: by, moderatedAt: now() })
    .where('id', '=', commentId)
    .executeTakeFirst()
  return numUpdatedRows > 0n ? ok(null) : fail('missing')
}

type Answer = { commentId: string; text: string; by: string }

/** The artist's or the label's own word under a comment; what is answered is shown. */
export const answerComment = ({ db, now }: Deps, answer: Answer): Promise<Result<{ id: string }, 'missing'>> =>
  db.transaction().execute((tx) => answerCommentIn(tx, answer, now()))

/** The same, within what is done besides. */
export async function answerCommentIn(
  tx: Tx,
  { commentId, text, by }: Answer,
  at: Date,
): Promise<Result<{ id: string }, 'missing'>> {
  const comment = await tx
    .selectFrom('comments')
    .innerJoin('posts', 'posts.id', 'comments.postId')
    .innerJoin('senders', 'senders.id', 'posts.senderId')
    .select(['comments.id', 'comments.postId', 'posts.language', 'senders.name'])
    .where('comments.id', '=', commentId)
    .where('answers', 'is', null)
    .executeTakeFirst()
  if (!comment) return fail('missing')
  const id = newId()
  await tx
    .updateTable('comments')
    .set({ state: 'shown', moderatedBy: by, moderatedAt: at })
    .where('id', '=', commentId)
    .where('state', '!=', 'shown')
    .execute()
  await tx
    .insertInto('comments')
    .values({
      id,
      postId: comment.postId,
      answers: commentId,
      accountId: by,
      fanId: null,
      mail: null,
      confirmedAt: at,
      language: comment.language,
      name: comment.name,
      text,
      state: 'shown',
      at,
      moderatedBy: null,
      moderatedAt: null,
    })
    .execute()
  return ok({ id })
}
