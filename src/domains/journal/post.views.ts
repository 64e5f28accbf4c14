import { type RawBuilder, sql } from 'kysely'
import { type Db, prepared, type Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import type { Sender, ThemeChoice } from '../identity/index.ts'
import {
  type Cover,
  type GivenTo,
  type Looking,
  linksOpen,
  listedFor,
  type Membership,
  membershipFor,
  planKeys,
  type Visibility,
  visibilityAt,
} from '../music/index.ts'
import { postPath } from './paths.rules.ts'

/** Whose journal it is. */
export type Writer = { id: string; sender: Sender; slug: string; name: string; language: Lang; theme: ThemeChoice }

export type Post = {
  id: string
  slug: string
  /** Path of its page, encoded: `/{artist or label}/journal/{post}`. */
  path: string
  writer: Writer
  title: string
  /** Markdown; `postHtml` draws it. */
  body: string
  language: Lang
  cover: Cover | null
  coverAlt: string
  /** At the moment that was asked about. */
  visibility: Visibility
  publishAt: Date | null
  publishZone: string | null
  /** When it was first given: of a scheduled one whose minute has come, that minute. */
  publishedAt: Date | null
  /** Whose members read it, while not everybody does; null where none do. */
  givenTo: GivenTo | null
  membersAt: Date | null
  membersListed: boolean
  /** What everybody reads of one that is for members. */
  teaser: string
  commentsOpen: boolean
  createdAt: Date
  changedAt: Date
  /** Grows with every change. */
  version: number
}

type Row = Omit<Post, 'path'> & { secretToken: string | null }

/** The address of a page, when the asked one is an earlier one. */
export type PostMoved = { moved: { slug: string; postSlug: string } }

/** Whose members read a post `p` as long as not everybody does; null where none do. */
export const GIVEN_TO = sql`(case when p.for_members and p.visibility in ('members', 'scheduled')
  then json_build_object('artistId', p.artist_id, 'plans', p.member_plans) end)`

const postQuery = (where: RawBuilder<unknown>) => () =>
  sql<Row>`
    select p.id, p.slug, p.title, p.body, p.language, p.cover_alt, p.visibility, p.publish_at, p.publish_zone, p.published_at,
      p.secret_token, ${GIVEN_TO} as given_to, p.members_at, p.members_listed, p.teaser, p.comments_open, p.created_at, p.changed_at, p.version,
      json_build_object('id', w.id, 'slug', w.slug, 'name', w.name, 'language', w.language, 'theme', w.theme,
        'sender', json_strip_nulls(json_build_object('artistId', w.artist_id, 'labelId', w.label_id))) as writer,
      (select json_build_object('id', i.id, 'sha256', i.sha256, 'width', i.width, 'height', i.height, 'widths', i.widths,
        'palette', i.palette) from images i where i.id = p.cover_image_id) as cover
    from posts p join senders w on w.id = p.sender_id
    where p.removed_at is null and ${where}`

const IS_PUBLIC = sql`(p.visibility = 'public' or (p.visibility = 'scheduled' and p.publish_at <= $2))`
const GIVEN = sql`coalesce(p.published_at, p.publish_at)`
/** When whoever reads it was given it: one that is for members stands where they got it until it is everybody's. */
const IN_ORDER = sql`case when ${IS_PUBLIC} then ${GIVEN} else coalesce(p.published_at, p.members_at, p.created_at) end`

const find = {
  byId: prepared(postQuery(sql`p.id = $1`)),
  byAddress: prepared(
    postQuery(sql`
      p.id = (select coalesce(
        (select x.id from posts x where x.sender_id = coalesce(s.artist_id, s.label_id) and x.slug = $2),
        (select o.post_id from post_slugs o where o.sender_id = coalesce(s.artist_id, s.label_id) and o.slug = $2))
        from slugs s where s.slug = $1)`),
  ),
  newest: prepared(
    postQuery(sql`p.sender_id = any($1::uuid[]) and ${IS_PUBLIC}
      and ($3::timestamptz is null or (${GIVEN}, p.id) < ($3, $4::uuid))
      order by ${GIVEN} desc, p.id desc limit $5`),
  ),
  inJournal: prepared(
    postQuery(sql`p.sender_id = $1 and (${IS_PUBLIC} or ${listedFor('p', sql`$6`)})
      and ($3::timestamptz is null or (${IN_ORDER}, p.id) < ($3, $4::uuid))
      order by ${IN_ORDER} desc, p.id desc limit $5`),
  ),
  newer: prepared(
    postQuery(
      sql`p.sender_id = $1 and ${IS_PUBLIC} and (${GIVEN}, p.id) > ($3, $4::uuid) order by ${GIVEN}, p.id limit 1`,
    ),
  ),
  older: prepared(
    postQuery(sql`p.sender_id = $1 and ${IS_PUBLIC} and (${GIVEN}, p.id) < ($3, $4::uuid)
      order by ${GIVEN} desc, p.id desc limit 1`),
  ),
}

/** The post at this address as this visitor may see it; where it went; or null. */
export async function postPage(
  db: Db | Tx,
  { slug, postSlug, ...looking }: { slug: string; postSlug: string } & Looking,
): Promise<Post | PostMoved | null> {
  const [row] = await find.byAddress(db, slug.normalize('NFC'), postSlug.normalize('NFC'))
  if (!row || !seen(row, looking)) return null
  if (row.writer.slug !== slug || row.slug !== postSlug) return { moved: { slug: row.writer.slug, postSlug: row.slug } }
  return postOf(row, looking.now)
}

/** The same by its id. */
export async function postById(db: Db | Tx, id: string, looking: Looking): Promise<Post | null> {
  const [row] = await find.byId(db, id)
  return row && seen(row, looking) ? postOf(row, looking.now) : null
}

/** A page of posts: those given before this one of a page that was read before. */
export type PageOfPosts = { limit: number; before?: { publishedAt: Date; id: string } | null; now: Date }

/** What everyone may read in a journal, or in several, newest first. */
export async function publicPosts(
  db: Db | Tx,
  senderId: string | string[],
  { limit, before = null, now }: PageOfPosts,
): Promise<(Post & { publishedAt: Date })[]> {
  const ids = typeof senderId === 'string' ? [senderId] : senderId
  const rows = await find.newest(db, ids, now, before?.publishedAt ?? null, before?.id ?? null, limit)
  return rows.map((row) => postOf(row, now) as Post & { publishedAt: Date })
}

/** A post of a journal as this reader may know it: whole, or that it exists. */
export type JournalItem = { post: Post; at: Date } | { teaser: Teaser; at: Date }

/**
 * A page of a journal, newest first: what everybody reads, and what is for members, whole for those whom it is given to, as a teaser for others
 * where the artist wants it seen. `of` is an artist's or a label's id.
 */
export async function journalItems(
  db: Db | Tx,
  of: string,
  { limit, before = null, now, memberships }: JournalPage,
): Promise<JournalItem[]> {
  const rows = await find.inJournal(db, of, now, before?.at ?? null, before?.id ?? null, limit, planKeys(memberships))
  return rows.map((row) => {
    const post = postOf(row, now)
    const at = givenAt(post)
    return seen(row, { now, memberships: memberships ?? [] }) ? { post, at } : { teaser: teaserOf(post), at }
  })
}

export type JournalPage = {
  limit: number
  before?: { at: Date; id: string } | null
  now: Date
  memberships?: readonly Membership[]
}

/** Where a page of the journal goes on after this post; null when it stands in none that this reader sees. */
export async function placeInJournal(
  db: Db | Tx,
  id: string,
  of: string,
  { now, memberships }: Pick<JournalPage, 'now' | 'memberships'>,
): Promise<{ at: Date; id: string } | null> {
  const [row] = await find.byId(db, id)
  if (row?.writer.id !== of) return null
  const isThere = seen(row, { now, memberships: memberships ?? [] }) || (row.givenTo !== null && row.membersListed)
  return isThere ? { id, at: givenAt(postOf(row, now)) } : null
}

/** What is told to everybody of a post for members. It holds none of its words. */
export type Teaser = Pick<
  Post,
  'id' | 'slug' | 'path' | 'writer' | 'title' | 'language' | 'cover' | 'coverAlt' | 'teaser' | 'publishZone'
> & { plans: readonly string[]; givenAt: Date; publicAt: Date | null }

/** What everybody may know of the post at this address; null where there is nothing to know. */
export async function postTeaser(
  db: Db | Tx,
  { slug, postSlug }: { slug: string; postSlug: string },
): Promise<Teaser | null> {
  const [row] = await find.byAddress(db, slug.normalize('NFC'), postSlug.normalize('NFC'))
  if (!row?.givenTo || !row.membersListed || row.writer.slug !== slug || row.slug !== postSlug) return null
  return teaserOf(postOf(row, new Date(0)))
}

const givenAt = ({ publishedAt, membersAt, createdAt }: Post): Date => publishedAt ?? membersAt ?? createdAt

function teaserOf(post: Post): Teaser {
  const { id, slug, path, writer, title, language, cover, coverAlt, teaser, publishZone, givenTo, publishAt } = post
  return {
    ...{ id, slug, path, writer, title, language, cover, coverAlt, teaser, publishZone },
    ...{ plans: givenTo?.plans ?? [], givenAt: givenAt(post), publicAt: publishAt },
  }
}

/** The public posts right after and right before this one, by when they were given. */
export async function neighbours(
  db: Db | Tx,
  post: Post,
  now: Date,
): Promise<{ newer: Post | null; older: Post | null }> {
  if (!post.publishedAt) return { newer: null, older: null }
  const of = [post.writer.id, now, post.publishedAt, post.id]
  const [newer, older] = await Promise.all([find.newer(db, ...of), find.older(db, ...of)])
  return {
    newer: newer[0] ? postOf(newer[0], now) : null,
    older: older[0] ? postOf(older[0], now) : null,
  }
}

/** When the next scheduled post opens by itself; null when none is waiting. */
export async function nextPost(db: Db | Tx, now: Date): Promise<Date | null> {
  const next = await db
    .selectFrom('posts')
    .select(({ fn }) => fn.min('publishAt').as('at'))
    .where('visibility', '=', 'scheduled')
    .where('publishAt', '>', now)
    .executeTakeFirst()
  return next?.at ?? null
}

/** As for releases: a secret link opens what is unlisted or scheduled, a draft is for those who work on it. */
function seen(row: Row, { now, token = null, preview, memberships }: Looking): boolean {
  if (preview) return true
  const visibility = visibilityAt(row, now)
  if (visibility === 'public') return true
  if (visibility === 'draft') return false
  const isHeld = token !== null && linksOpen(visibility) && row.secretToken === token
  return isHeld || !!membershipFor(row.givenTo, memberships)
}

function postOf({ secretToken, ...row }: Row, now: Date): Post {
  const visibility = visibilityAt(row, now)
  return {
    ...row,
    path: postPath(row.writer.slug, row.slug),
    visibility,
    publishedAt: row.publishedAt ?? (visibility === 'public' ? row.publishAt : null),
  }
}
