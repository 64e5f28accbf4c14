import type { Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { newId } from '../../platform/ids.ts'
import { addJob } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { recordReturn } from '../exchange/index.ts'
import { proveAddress, readAddress } from '../fans/index.ts'
import { firstState, readingOf } from './comment.rules.ts'
import type { CommentState } from './tables.ts'

type Deps = Pick<Platform, 'db' | 'signer' | 'now'>

/** A fan who is known by what their browser holds since they confirmed once. */
export type KnownAuthor = { fanId: string; personId: string }

export type NewComment = {
  postId: string
  name: string
  text: string
  language: Lang
  /** An address that they say is theirs, as `readAddress` wrote it; the question goes there. */
  mail: string | null
  author: KnownAuthor | null
}

/** `closed`: no such post, or no comments under it (any more). The same text from the same name a moment ago is the same comment. */
export async function addComment(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  comment: NewComment,
): Promise<Result<{ id: string; state: CommentState }, 'closed'>> {
  return db.transaction().execute(async (tx) => {
    const post = await tx
      .selectFrom('posts')
      .select(['senderId', 'commentsOpen', 'removedAt'])
      .where('id', '=', comment.postId)
      .forUpdate()
      .executeTakeFirst()
    if (!post?.commentsOpen || post.removedAt) return fail('closed')
    const { postId, name, text, language, mail, author } = comment
    const at = now()
    const same = await tx
      .selectFrom('comments')
      .select(['id', 'state'])
      .where('postId', '=', postId)
      .where('name', '=', name)
      .where('text', '=', text)
      .where('at', '>', new Date(at.getTime() - TWICE_MS))
      .executeTakeFirst()
    if (same) return ok(same)
    const wasShown = author ? await shownBefore(tx, author.fanId, post.senderId) : false
    const state = firstState(readingOf({ name, text }), { isConfirmed: author !== null, wasShown })
    const id = newId(at.getTime())
    await tx
      .insertInto('comments')
      .values({
        id,
        postId,
        name,
        text,
        language,
        state,
        at,
        fanId: author?.fanId ?? null,
        confirmedAt: author ? at : null,
        mail: author ? null : mail,
        answers: null,
        accountId: null,
        moderatedBy: null,
        moderatedAt: null,
      })
      .execute()
    if (author) await cameBack(tx, { id, postId, at, senderId: post.senderId, personId: author.personId })
    else if (mail && state !== 'spam') await addJob(tx, 'journal.ask-author', { commentId: id })
    if (state !== 'spam') await addJob(tx, 'journal.commented', { commentId: id })
    return ok({ id, state })
  })
}

const TWICE_MS = 10 * 60_000

/** Whoever opened the mail says that the comment is theirs: its author is a fan from then on, and it counts as something that came back. */
export async function confirmComment(
  { db, signer, now }: Deps,
  commentId: string,
): Promise<Result<{ state: CommentState; addressId: string | null }, 'gone'>> {
  return db.transaction().execute(async (tx) => {
    const comment = await tx
      .selectFrom('comments')
      .selectAll()
      .where('id', '=', commentId)
      .forUpdate()
      .executeTakeFirst()
    if (!comment) return fail('gone')
    if (comment.confirmedAt) return ok({ state: comment.state, addressId: null })
    const read = comment.mail ? readAddress('mail', comment.mail) : null
    if (!read?.ok) return fail('gone')
    const post = await tx
      .selectFrom('posts')
      .select('senderId')
      .where('id', '=', comment.postId)
      .executeTakeFirstOrThrow()
    const { fanId, personId, addressId } = await proveAddress(tx, { signer, now }, read.value, {
      name: comment.name,
      language: comment.language,
    })
    const wasShown = await shownBefore(tx, fanId, post.senderId)
    // What somebody decided in the studio meanwhile stays decided.
    const state = comment.moderatedAt ? comment.state : firstState(readingOf(comment), { isConfirmed: true, wasShown })
    await tx
      .updateTable('comments')
      .set({ fanId, mail: null, confirmedAt: now(), state })
      .where('id', '=', commentId)
      .execute()
    const { postId, at } = comment
    await cameBack(tx, { id: commentId, postId, at, senderId: post.senderId, personId })
    await addJob(tx, 'journal.commented', { commentId })
    return ok({ state, addressId })
  })
}

type Back = { id: string; postId: string; senderId: string; personId: string; at: Date }

const cameBack = (tx: Tx, { id, postId, senderId, personId, at }: Back) =>
  recordReturn(tx, {
    artistId: senderId,
    key: `comment:${id}`,
    kind: 'comment',
    subject: `post:${postId}`,
    givenAs: `post:${postId}`,
    personId,
    at,
  })

async function shownBefore(tx: Tx, fanId: string, senderId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('comments')
    .innerJoin('posts', 'posts.id', 'comments.postId')
    .select('comments.id')
    .where('fanId', '=', fanId)
    .where('senderId', '=', senderId)
    .where('state', '=', 'shown')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
