import type { Platform } from '../../platform/platform.ts'
import { senderOf } from '../identity/index.ts'
import { addMessage, holdConversation, lockConversation } from './conversation.store.ts'

/**
 * Hears `journal.commented`: a comment is something said, whichever page it was said on. When its author proves who they are afterwards, it moves to the
 * conversation of that fan.
 */
export async function hearComment({ db }: Pick<Platform, 'db'>, { commentId }: { commentId: string }): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const comment = await tx
      .selectFrom('comments')
      .innerJoin('posts', 'posts.id', 'comments.postId')
      .select([
        'comments.id',
        'postId',
        'artistId',
        'labelId',
        'fanId',
        'comments.name',
        'comments.language',
        'comments.text',
      ])
      .select(['comments.at', 'posts.title', 'answers', 'comments.state'])
      .where('comments.id', '=', commentId)
      .forUpdate()
      .executeTakeFirst()
    if (!comment || comment.answers || comment.state === 'spam') return
    const { fanId, name, language, at, text, title, postId } = comment
    const kept = await tx
      .selectFrom('conversationMessages')
      .innerJoin('conversations', 'conversations.id', 'conversationId')
      .select(['conversationMessages.id', 'conversationId', 'fanId'])
      .where('commentId', '=', commentId)
      .executeTakeFirst()
    if (kept && (!fanId || kept.fanId === fanId)) return
    const held = await holdConversation(
      tx,
      senderOf(comment),
      { fanId, sender: `comment:${commentId}`, name, language },
      at,
    )
    if (!kept) {
      await addMessage(tx, held, {
        direction: 'in',
        channel: 'comment',
        subject: title,
        text,
        about: `post:${postId}`,
        commentId,
        at,
      })
      return
    }
    const before = await lockConversation(tx, kept.conversationId)
    await tx
      .updateTable('conversationMessages')
      .set({ conversationId: held.id })
      .where('conversationId', '=', kept.conversationId)
      .execute()
    if (before?.waitingSince && held.state !== 'spam')
      await tx
        .updateTable('conversations')
        .set({
          state: 'open',
          lastAt: held.waitingSince && held.waitingSince > at ? held.waitingSince : at,
          waitingSince:
            held.waitingSince && held.waitingSince < before.waitingSince ? held.waitingSince : before.waitingSince,
        })
        .where('id', '=', held.id)
        .execute()
    await tx.deleteFrom('conversations').where('id', '=', kept.conversationId).execute()
  })
}
