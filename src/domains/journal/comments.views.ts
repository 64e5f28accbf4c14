import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { refine } from '../../ui/type.ts'
import { proseHtml } from '../music/index.ts'
import type { KnownAuthor } from './add-comment.ts'
import type { CommentState } from './tables.ts'

export type Comment = {
  id: string
  name: string
  text: string
  language: Lang
  at: Date
  /** What whose journal it is answered. */
  answers: { id: string; name: string; text: string; language: Lang; at: Date }[]
}

/** What is shown under a post, oldest first. */
export async function shownComments(db: Db | Tx, postId: string): Promise<Comment[]> {
  const rows = await db
    .selectFrom('comments')
    .select(['id', 'name', 'text', 'language', 'at', 'answers'])
    .where('postId', '=', postId)
    .where('state', '=', 'shown')
    .orderBy('at')
    .orderBy('id')
    .limit(1000)
    .execute()
  return rows
    .filter((row) => row.answers === null)
    .map(({ answers: _, ...row }) => ({ ...row, answers: rows.filter((other) => other.answers === row.id) }))
}

/** A comment's words as safe HTML: its links help nobody's ranking. */
export const commentHtml = ({ text, language }: Pick<Comment, 'text' | 'language'>): string =>
  proseHtml(refine(text, language)).replaceAll('rel="nofollow noopener"', 'rel="nofollow ugc noopener"')

export type StudioComment = {
  id: string
  postId: string
  postTitle: string
  postPath: [writerSlug: string, postSlug: string]
  name: string
  text: string
  language: Lang
  at: Date
  state: CommentState
  isConfirmed: boolean
  /** An address was given, and nobody said yet that it is theirs. */
  isAsked: boolean
  answers: { id: string; text: string; at: Date }[]
}

/** Comments for those who look after them: of one post, or all that wait in a journal. Those that wait first, newest first. */
export async function studioComments(
  db: Db | Tx,
  of: { postId: string } | { senderId: string },
): Promise<StudioComment[]> {
  const where =
    'postId' in of
      ? sql`c.post_id = ${of.postId}`
      : sql`p.sender_id = ${of.senderId} and c.state = 'waiting' and p.removed_at is null`
  const { rows } = await sql<StudioComment>`
    select c.id, c.post_id, p.title as post_title, json_build_array(w.slug, p.slug) as post_path, c.name, c.text, c.language, c.at, c.state,
      c.confirmed_at is not null as is_confirmed, c.mail is not null as is_asked,
      (select coalesce(json_agg(json_build_object('id', r.id, 'text', r.text, 'at', r.at) order by r.at), '[]')
        from comments r where r.answers = c.id) as answers
    from comments c join posts p on p.id = c.post_id join senders w on w.id = p.sender_id
    where ${where} and c.answers is null
    order by c.state = 'waiting' desc, c.state = 'spam', c.at desc limit 500`.execute(db)
  return rows
}

/** The fan whose address this is, once they proved it. */
export async function authorAt(db: Db | Tx, addressId: string): Promise<(KnownAuthor & { addressKey: string }) | null> {
  const row = await db
    .selectFrom('fanAddresses')
    .innerJoin('fans', 'fans.id', 'fanAddresses.fanId')
    .select(['fans.id as fanId', 'fans.personId', 'fanAddresses.addressKey'])
    .where('fanAddresses.id', '=', addressId)
    .where('fanAddresses.removedAt', 'is', null)
    .where('fanAddresses.verifiedAt', 'is not', null)
    .executeTakeFirst()
  return row ?? null
}

export type AskedComment = {
  name: string
  text: string
  language: Lang
  isConfirmed: boolean
  path: [string, string]
  title: string
}

/** The comment that a mail asks about; null when it is gone, or its question is too old. */
export async function askedComment(db: Db | Tx, id: string): Promise<AskedComment | null> {
  const row = await db
    .selectFrom('comments')
    .innerJoin('posts', 'posts.id', 'comments.postId')
    .innerJoin('senders', 'senders.id', 'posts.senderId')
    .select(['comments.name', 'text', 'comments.language', 'confirmedAt', 'mail'])
    .select(['posts.title', 'posts.slug', 'senders.slug as writerSlug'])
    .where('comments.id', '=', id)
    .executeTakeFirst()
  if (!row || (!row.confirmedAt && !row.mail)) return null
  const { name, text, language, confirmedAt, title, slug, writerSlug } = row
  return { name, text, language, isConfirmed: confirmedAt !== null, path: [writerSlug, slug], title }
}
