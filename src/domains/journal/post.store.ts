import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { newId } from '../../platform/ids.ts'
import { addJob } from '../../platform/jobs/index.ts'
import { recordGift } from '../exchange/index.ts'
import { type Sender, senderColumns, senderId, slugify } from '../identity/index.ts'
import { freePostSlug } from './slug.rules.ts'

/** The post, held until the transaction ends: what is decided on it stays true. */
export const lockPost = (tx: Tx, id: string) =>
  tx.selectFrom('posts').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export type PostRow = NonNullable<Awaited<ReturnType<typeof lockPost>>>

export type NewPost = Sender & {
  title: string
  body?: string
  /** That of whose journal it is unless told. */
  language?: Lang
  createdBy?: string | null
}

/** A draft, with an address of its own. */
export async function insertPost(tx: Tx, post: NewPost): Promise<{ id: string; slug: string }> {
  const id = newId()
  const slug = await givePostSlug(tx, { of: post, title: post.title })
  const { language } = await tx
    .selectFrom('senders')
    .select('language')
    .where('id', '=', senderId(post))
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('posts')
    .values({
      id,
      slug,
      ...senderColumns(post),
      title: post.title,
      body: post.body ?? '',
      language: post.language ?? language,
      coverImageId: null,
      publishAt: null,
      publishZone: null,
      publishedAt: null,
      secretToken: null,
      createdBy: post.createdBy ?? null,
      removedAt: null,
    })
    .execute()
  return { id, slug }
}

type Self = { id: string; slug: string; keep: boolean }

/**
 * A free address for a post in this journal, given now and one at a time. `self` may take back an address that it had; with `keep` the one
 * that it has leads on from then on.
 */
export async function givePostSlug(
  tx: Tx,
  { of, title, self }: { of: Sender; title: string; self?: Self },
): Promise<string> {
  const id = senderId(of)
  await sql`select pg_advisory_xact_lock(hashtextextended(${`post-slugs:${id}`}, 0))`.execute(tx)
  const base = slugify(title, 'untitled')
  const own = self?.id ?? null
  const { rows } = await sql<{ slug: string }>`
    select slug from posts where sender_id = ${id} and starts_with(slug, ${base}) and id is distinct from ${own}::uuid
    union select slug from post_slugs
      where sender_id = ${id} and starts_with(slug, ${base}) and post_id is distinct from ${own}::uuid`.execute(tx)
  const slug = freePostSlug(base, new Set(rows.map((row) => row.slug)))
  if (self && self.slug !== slug) {
    if (self.keep)
      await tx
        .insertInto('postSlugs')
        .values({ ...senderColumns(of), slug: self.slug, postId: self.id })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    await tx.deleteFrom('postSlugs').where('senderId', '=', id).where('slug', '=', slug).execute()
  }
  return slug
}

/**
 * Makes a post public. The first time it is a gift, dated when it was given, and others are told. Answers with the moment of that first
 * publication.
 */
export async function becomePublic(tx: Tx, post: PostRow, at: Date): Promise<Date> {
  const publishedAt = post.publishedAt ?? at
  await tx
    .updateTable('posts')
    .set({
      visibility: 'public',
      forMembers: false,
      publishAt: null,
      publishedAt,
      version: sql`version + 1`,
      changedAt: sql`now()`,
    })
    .where('id', '=', post.id)
    .execute()
  if (!post.publishedAt) {
    await recordGift(tx, { artistId: post.senderId, kind: 'post', subject: `post:${post.id}`, at })
    await addJob(tx, 'journal.published', { postId: post.id })
  }
  return publishedAt
}
