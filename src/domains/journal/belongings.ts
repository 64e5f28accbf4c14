import { sql } from 'kysely'
import { csvTable } from '../../platform/csv.ts'
import type { Db, Tx } from '../../platform/database/index.ts'
import { originalKey } from '../../platform/images/index.ts'
import { type Belongings, inLots, intoSight, type Leftover, outOfSight } from '../identity/index.ts'
import { words } from './words.ts'

const LOT = 50

type PostRow = {
  id: string
  slug: string
  title: string
  body: string
  language: string
  visibility: string
  publishAt: Date | null
  publishedAt: Date | null
  membersAt: Date | null
  forMembers: boolean
  teaser: string
  createdAt: Date
  changedAt: Date
  removedAt: Date | null
  commentsOpen: boolean
  cover: string | null
  coverAlt: string
  pictures: { id: string; sha256: string }[]
  films: { id: string; title: string; fileName: string; key: string; captions: { language: string; vtt: string }[] }[]
}

async function* postsOf(db: Db | Tx, senderId: string): AsyncGenerator<PostRow> {
  for (let after: string | null = null; ; ) {
    const { rows }: { rows: PostRow[] } = await sql<PostRow>`
      select p.id, p.slug, p.title, p.body, p.language, p.visibility, p.publish_at as "publishAt", p.published_at as "publishedAt",
        p.members_at as "membersAt", p.for_members as "forMembers", p.teaser, p.created_at as "createdAt", p.changed_at as "changedAt", p.removed_at as "removedAt", p.comments_open as "commentsOpen",
        (select i.sha256 from images i where i.id = p.cover_image_id) as cover, p.cover_alt as "coverAlt",
        (select coalesce(json_agg(json_build_object('id', x.id, 'sha256', i.sha256)), '[]') from post_pictures x join images i on i.id = x.image_id
          where x.post_id = p.id) as pictures,
        (select coalesce(json_agg(json_build_object('id', v.id, 'title', v.title, 'fileName', v.file_name, 'key', v.original_storage_key, 'captions',
            (select coalesce(json_agg(json_build_object('language', c.language, 'vtt', c.vtt)), '[]') from video_captions c where c.video_id = v.id))), '[]')
          from post_videos v where v.post_id = p.id and v.removed_at is null) as films
      from posts p where p.sender_id = ${senderId} and (${after}::uuid is null or p.id > ${after}::uuid) order by p.id limit ${LOT}`.execute(
      db,
    )
    yield* rows
    after = rows.at(-1)?.id ?? null
    if (rows.length < LOT) return
  }
}

type CommentRow = {
  id: string
  post: string
  at: Date
  answers: string | null
  name: string
  text: string
  state: string
  byTheWriter: boolean
}

async function* commentsOf(db: Db | Tx, senderId: string): AsyncGenerator<CommentRow[]> {
  for (let after: string | null = null; ; ) {
    const { rows }: { rows: CommentRow[] } = await sql<CommentRow>`
      select c.id, p.slug as post, c.at, c.answers, c.name, c.text, c.state, c.account_id is not null as "byTheWriter"
      from comments c join posts p on p.id = c.post_id
      where p.sender_id = ${senderId} and (${after}::uuid is null or c.id > ${after}::uuid) order by c.id limit 1000`.execute(
      db,
    )
    if (!rows.length) return
    yield rows
    after = rows.at(-1)?.id ?? null
  }
}

/** A value of YAML, as JSON writes it: a subset that every reader takes. */
const frontMatter = (facts: Record<string, unknown>): string =>
  `---\n${Object.entries(facts)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
    .join('')}---\n\n`

const fileName = (name: string): string =>
  name
    .replace(/[^\p{L}\p{N}._ -]/gu, '-')
    .replace(/^\.+/, '')
    .slice(0, 100) || 'file'

/** Posts, with their pictures, films and comments. */
export const journalBelongings: Belongings = {
  tables: ['posts', 'post_slugs'],

  async goes(db, { id }, lang) {
    const { rows } = await sql<{ posts: number; comments: number; films: number }>`
      select count(*)::int as posts, coalesce(sum((select count(*) from comments c where c.post_id = p.id)), 0)::int as comments,
        coalesce(sum((select count(*) from post_videos v where v.post_id = p.id and v.removed_at is null)), 0)::int as films
      from posts p where p.sender_id = ${id} and p.removed_at is null`.execute(db)
    const [{ posts, comments, films } = { posts: 0, comments: 0, films: 0 }] = rows
    return posts ? [words(lang)('goes', { posts, comments, films })] : []
  },

  async *pack(db, { id }, { extensionOf }) {
    for await (const post of postsOf(db, id)) {
      const name = `${(post.publishedAt ?? post.createdAt).toISOString().slice(0, 10)}-${post.slug}`
      const found = new Map<string, string>()
      for (const { id: pictureId, sha256 } of post.pictures) {
        const path = `pictures/${pictureId}${await extensionOf(sha256)}`
        found.set(`picture:${pictureId}`, path)
        yield { path: `journal/${path}`, key: originalKey(sha256) }
      }
      for (const film of post.films) {
        const path = `films/${film.id}-${fileName(film.fileName)}`
        found.set(`video:${film.id}`, path)
        yield { path: `journal/${path}`, key: film.key }
        for (const { language, vtt } of film.captions)
          yield { path: `journal/films/${film.id}.${language}.vtt`, text: vtt }
      }
      const cover = post.cover ? `pictures/${name}-cover${await extensionOf(post.cover)}` : null
      if (cover && post.cover) yield { path: `journal/${cover}`, key: originalKey(post.cover) }
      const body = post.body
        .replace(/picture:[0-9a-f-]{36}/g, (named) => found.get(named) ?? named)
        .replace(/\[\[(video:[0-9a-f-]{36})(?:\|[^\]\n]*)?\]\]/g, (whole, named: string) => {
          const path = found.get(named)
          return path ? `[${path}](<${path}>)` : whole
        })
      const { slug, title, language, visibility, publishAt, publishedAt, createdAt, changedAt, removedAt } = post
      const { forMembers, membersAt, teaser } = post
      const times = { publishAt, publishedAt, forMembers, membersAt, teaser, createdAt, changedAt, removedAt }
      const facts = { id: post.id, title, slug, language, visibility, ...times, cover, coverAlt: post.coverAlt }
      yield { path: `journal/${name}.md`, text: `${frontMatter({ ...facts, comments: post.commentsOpen })}${body}\n` }
    }
    yield {
      path: 'journal/comments.csv',
      text: csvTable(['id', 'post', 'at', 'answers', 'name', 'byTheWriter', 'state', 'text'], commentsOf(db, id)),
    }
  },

  explain: (_, { lang }) => [['journal/', words(lang)('readme')]],

  hide: (tx, owner) => outOfSight(tx, 'posts', owner),
  show: (tx, _, kept) => intoSight(tx, 'posts', kept),

  async remove({ db }, { id }, { leave }) {
    await inLots(db, async (tx) => {
      const { rows: posts } = await sql<{ id: string; cover: string | null }>`
        select id, cover_image_id as cover from posts where sender_id = ${id} order by id limit ${LOT} for update`.execute(
        tx,
      )
      if (!posts.length) return 0
      const ids = posts.map((post) => post.id)
      const { rows: led } = await sql<Leftover>`
        select 'image' as kind, image_id::text as key from post_pictures where post_id = any(${ids}::uuid[])
        union select 'image', poster_image_id::text from post_videos where post_id = any(${ids}::uuid[]) and poster_image_id is not null
        union select 'file', unnest(array_remove(array[original_storage_key, mp4_storage_key, webm_storage_key], null)) from post_videos where post_id = any(${ids}::uuid[])
        union select 'fan', fan_id::text from comments where post_id = any(${ids}::uuid[]) and fan_id is not null`.execute(
        tx,
      )
      await leave(tx, [
        ...led,
        ...posts.flatMap(({ cover }) => (cover ? [{ kind: 'image' as const, key: cover }] : [])),
      ])
      await sql`delete from posts where id = any(${ids}::uuid[])`.execute(tx)
      return ids.length
    })
  },
}
