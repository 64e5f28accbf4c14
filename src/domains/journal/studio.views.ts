import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import { lendingTo, type Sender } from '../identity/index.ts'
import { type Cover, type GivenTo, type Visibility, visibilityAt } from '../music/index.ts'
import { GIVEN_TO, type Post, postById } from './post.views.ts'
import { type Video, videosOf } from './videos.views.ts'

export type StudioPostRow = {
  id: string
  title: string
  visibility: Visibility
  publishAt: Date | null
  publishZone: string | null
  publishedAt: Date | null
  givenTo: GivenTo | null
  changedAt: Date
  removedAt: Date | null
  /** Comments that wait for somebody to look at them, and those that are shown. */
  waiting: number
  shown: number
  cover: Cover | null
}

/** All posts of a journal for those who work on them: drafts first, then newest first; those put aside last. */
export async function studioPosts(db: Db | Tx, senderId: string, now: Date): Promise<StudioPostRow[]> {
  const { rows } = await sql<StudioPostRow>`
    select p.id, p.title, p.visibility, p.publish_at, p.publish_zone, p.published_at, ${GIVEN_TO} as given_to,
      p.changed_at, p.removed_at,
      (select count(*)::int from comments c where c.post_id = p.id and c.state = 'waiting') as waiting,
      (select count(*)::int from comments c where c.post_id = p.id and c.state = 'shown') as shown,
      (select json_build_object('id', i.id, 'sha256', i.sha256, 'width', i.width, 'height', i.height, 'widths', i.widths,
        'palette', i.palette) from images i where i.id = p.cover_image_id) as cover
    from posts p
    where p.sender_id = ${senderId}
    order by p.removed_at is not null, p.visibility = 'draft' desc,
      coalesce(p.published_at, p.publish_at, p.created_at) desc, p.id desc
    limit 2000`.execute(db)
  return rows.map((row) => ({ ...row, visibility: visibilityAt(row, now) }))
}

export type StudioPicture = { id: string; alt: string; picture: Cover; isCover: boolean }
export type StudioPost = Post & {
  secretToken: string | null
  pictures: StudioPicture[]
  videos: Video[]
  waiting: number
}

/** A post as those who write it see it, whatever its visibility; null when it is not there, or was put aside. */
export async function studioPost(db: Db | Tx, id: string, now: Date): Promise<StudioPost | null> {
  const post = await postById(db, id, { now, preview: true })
  if (!post) return null
  const row = await db
    .selectFrom('posts')
    .select(['secretToken', 'coverImageId'])
    .where('id', '=', id)
    .executeTakeFirst()
  const { rows } = await sql<{ id: string; alt: string; picture: Cover }>`
    select x.id, x.alt, json_build_object('id', i.id, 'sha256', i.sha256, 'width', i.width, 'height', i.height,
      'widths', i.widths, 'palette', i.palette) as picture
    from post_pictures x join images i on i.id = x.image_id where x.post_id = ${id} order by x.created_at, x.id`.execute(
    db,
  )
  const waiting = await db
    .selectFrom('comments')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .where('postId', '=', id)
    .where('state', '=', 'waiting')
    .executeTakeFirst()
  return {
    ...post,
    secretToken: row?.secretToken ?? null,
    pictures: rows.map((one) => ({ ...one, isCover: one.picture.id === row?.coverImageId })),
    videos: [...(await videosOf(db, [id])).values()],
    waiting: Number(waiting?.n ?? 0),
  }
}

export type Puttable = { id: string; title: string; tracks: { id: string; title: string }[] }

/** What music may be put between words: an artist's own; in a label's journal, that of those who let it speak of their music. */
export async function puttableMusic(db: Db | Tx, sender: Sender): Promise<Puttable[]> {
  const artistIds = 'artistId' in sender ? [sender.artistId] : await lendingTo(db, sender.labelId, 'announce.send')
  const { rows } = await sql<Puttable>`
    select r.id, r.title, (select coalesce(json_agg(json_build_object('id', t.id,
        'title', rec.title || coalesce(' (' || rec.version || ')', '')) order by t.disc, t.position), '[]')
      from tracks t join recordings rec on rec.id = t.recording_id where t.release_id = r.id) as tracks
    from releases r where r.artist_id = any(${artistIds}::uuid[]) and r.removed_at is null
    order by coalesce(r.release_date, to_char(r.created_at, 'YYYY-MM-DD')) desc, r.id desc limit 200`.execute(db)
  return rows
}

/** The time zone in which a moment was chosen last in this journal, or null. */
export async function lastPostZone(db: Db | Tx, senderId: string): Promise<string | null> {
  const row = await db
    .selectFrom('posts')
    .select('publishZone')
    .where('senderId', '=', senderId)
    .where('publishZone', 'is not', null)
    .orderBy('changedAt', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.publishZone ?? null
}
