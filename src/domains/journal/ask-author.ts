import type { Platform } from '../../platform/platform.ts'
import { addressHash, readAddress, suppressedAmong } from '../fans/index.ts'
import { siteSettings } from '../identity/index.ts'
import { words } from './words.ts'

/** Where whoever has the address says that a comment is theirs. */
export const confirmCommentPath = ({ signer }: Pick<Platform, 'signer'>, commentId: string): string =>
  `/journal/comments/${commentId}/${signer.sign('journal-comment', commentId)}`

/** Asks by mail whether a comment is theirs whose address was given. An address that is to be left alone is left alone. */
export async function askAuthor(
  platform: Pick<Platform, 'db' | 'signer' | 'mailer' | 'config'>,
  commentId: string,
): Promise<void> {
  const { db, signer, mailer, config } = platform
  const comment = await db
    .selectFrom('comments')
    .innerJoin('posts', 'posts.id', 'comments.postId')
    .innerJoin('senders', 'senders.id', 'posts.senderId')
    .select(['comments.mail', 'comments.language', 'comments.text', 'posts.title', 'senders.name as writer'])
    .where('comments.id', '=', commentId)
    .where('confirmedAt', 'is', null)
    .executeTakeFirst()
  const read = comment?.mail ? readAddress('mail', comment.mail) : null
  if (!comment || !read?.ok) return
  const hash = addressHash(signer, 'mail', read.value.key)
  if ((await suppressedAmong(db, 'mail', [hash])).has(hash)) return
  const t = words(comment.language)
  const place = (await siteSettings(db)).name
  const link = config.baseUrl + confirmCommentPath(platform, commentId)
  await mailer.send({
    to: read.value.address,
    subject: t('ask_subject', { writer: comment.writer }),
    text: t('ask_text', { title: comment.title, writer: comment.writer, link, place }),
  })
}
