import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import { postPath } from './paths.rules.ts'

const isPublic = (now: Date) =>
  sql`p.removed_at is null and (p.visibility = 'public' or (p.visibility = 'scheduled' and p.publish_at <= ${now}))`

/** The pages of posts that everyone may open, in an order that new ones do not disturb: for sitemaps. */
export async function publicPostPages(
  db: Db | Tx,
  now: Date,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ path: string; updatedAt: Date }[]> {
  const { rows } = await sql<{ writer: string; slug: string; updatedAt: Date }>`
    select w.slug as writer, p.slug, p.changed_at as updated_at from posts p join senders w on w.id = p.sender_id
    where ${isPublic(now)} order by p.id limit ${limit} offset ${offset}`.execute(db)
  return rows.map(({ writer, slug, updatedAt }) => ({ path: postPath(writer, slug), updatedAt }))
}

/** How many of them there are. */
export async function countPublicPostPages(db: Db | Tx, now: Date): Promise<number> {
  const { rows } = await sql<{
    pages: number
  }>`select count(*)::int as pages from posts p where ${isPublic(now)}`.execute(db)
  return rows[0]?.pages ?? 0
}

export type PostHit = { title: string; path: string; writer: string; publishedAt: Date | null }

/** Posts that hold these words in their title, else in their text; accents and case forgiven. Only what everyone may see. */
export async function searchPosts(db: Db | Tx, text: string, now: Date, limit = 10): Promise<PostHit[]> {
  const asked = text.normalize('NFC').replace(/\s+/g, ' ').trim().slice(0, 120)
  // Fewer letters stand in nearly every text.
  if ([...asked].length < 3) return []
  const like = sql`'%' || replace(replace(replace(searchable(${asked}), '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'`
  const { rows } = await sql<Omit<PostHit, 'path'> & { writerSlug: string; slug: string }>`
    select p.title, p.slug, w.name as writer, w.slug as "writerSlug", coalesce(p.published_at, p.publish_at) as "publishedAt"
    from posts p join senders w on w.id = p.sender_id
    where (searchable(p.title) like ${like} or searchable(p.body) like ${like}) and ${isPublic(now)}
    order by searchable(p.title) like ${like} desc, coalesce(p.published_at, p.publish_at) desc, p.id limit ${limit}`.execute(
    db,
  )
  return rows.map(({ writerSlug, slug, ...hit }) => ({ ...hit, path: postPath(writerSlug, slug) }))
}
