import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { newId } from '../../platform/ids.ts'
import { addJob } from '../../platform/jobs/index.ts'
import { recordGift } from '../exchange/index.ts'
import { slugify } from '../identity/index.ts'
import { freePostSlug } from './slug.rules.ts'

/** The post, held until the transaction ends: what is decided on it stays true. */
export const lockPost = (tx: Tx, id: string) =>
  tx.selectFrom('posts').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export type PostRow = NonNullable<Awaited<ReturnType<typeof lockPost>>>

export type NewPost = {
  artistId: string
  title: string
  body?: string
  /** The artist's own unless told. */
  language?: Lang
  createdBy?: string | null
}

/** A draft, with an address of its own. */
export async function insertPost(tx: Tx, post: NewPost): Promise<{ id: string; slug: string }> {
  const id = newId()
  const slug = await givePostSlug(tx, post)
  const artist = await tx
    .selectFrom('artists')
    .select('language')
    .where('id', '=', post.artistId)
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('posts')
    .values({
      id,
      slug,
      artistId: post.artistId,
      title: post.title,
      body: post.body ?? '',
      language: post.language ?? artist.language,
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
 * A free address for a post of this artist, given now and one at a time. `self` may take back an address that it had; with `keep` the one
 * that it has leads on from then on.
 */
export async function givePostSlug(tx: Tx, of: { artistId: string; title: string; self?: Self }): Promise<string> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`post-slugs:${of.artistId}`}, 0))`.execute(tx)
  const base = slugify(of.title, 'untitled')
  const self = of.self?.id ?? null
  const { rows } = await sql<{ slug: string }>`
    select slug from posts where artist_id = ${of.artistId} and starts_with(slug, ${base}) and id is distinct from ${self}::uuid
    union select slug from post_slugs
      where artist_id = ${of.artistId} and starts_with(slug, ${base}) and post_id is distinct from ${self}::uuid`.execute(
    tx,
  )
  const slug = freePostSlug(base, new Set(rows.map((row) => row.slug)))
  if (of.self && of.self.slug !== slug) {
    if (of.self.keep)
      await tx
        .insertInto('postSlugs')
        .values({ artistId: of.artistId, slug: of.self.slug, postId: of.self.id })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    await tx.deleteFrom('postSlugs').where('artistId', '=', of.artistId).where('slug', '=', slug).execute()
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
    .set({ visibility: 'public', publishAt: null, publishedAt, version: sql`version + 1`, changedAt: sql`now()` })
    .where('id', '=', post.id)
    .execute()
  if (!post.publishedAt) {
    await recordGift(tx, { artistId: post.artistId, kind: 'post', subject: `post:${post.id}`, at })
    await addJob(tx, 'journal.published', { postId: post.id })
  }
  return publishedAt
}
