import { type Context, Hono } from 'hono'
import { open, send } from '../../platform/http/index.ts'
import { isLang } from '../../platform/i18n/index.ts'
import { isId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { can, senderThing, type WebEnv } from '../identity/index.ts'
import { SECRET_PARAMETER } from '../music/index.ts'
import { type Post, postById } from './post.views.ts'
import { type Video, videosOf } from './videos.views.ts'

/** Films and their captions, to whoever may read the post that they stand in. */
export function videoMedia(platform: Pick<Platform, 'db' | 'storage' | 'config' | 'now'>): Hono<WebEnv> {
  const { db, storage, config, now } = platform

  async function find(c: Context<WebEnv>): Promise<{ video: Video; post: Post } | null> {
    const id = c.req.param('id')
    if (!isId(id)) return null
    const row = await db.selectFrom('postVideos').select('postId').where('id', '=', id).executeTakeFirst()
    if (!row) return null
    const token = (c.req.query(SECRET_PARAMETER) ?? '').slice(0, 100) || null
    const post = (await postById(db, row.postId, { now: now(), token })) ?? (await ownPost(c, row.postId))
    const video = post && (await videosOf(db, [row.postId])).get(id)
    return post && video ? { video, post } : null
  }

  async function ownPost(c: Context<WebEnv>, postId: string): Promise<Post | null> {
    const post = await postById(db, postId, { now: now(), preview: true })
    return post && can(c.get('actor'), 'journal.edit', senderThing(post.writer.sender)) ? post : null
  }

  return new Hono<WebEnv>()
    .get('/media/video/:id/:file{film\\.(?:mp4|webm)}', open, async (c) => {
      const found = await find(c)
      const kind = c.req.param('file') === 'film.mp4' ? 'mp4' : 'webm'
      const file = found?.video[kind]
      if (!found || !file) return c.notFound()
      return send(
        c,
        storage,
        {
          pieces: [{ key: file.key, size: Number(file.size) }],
          type: kind === 'mp4' ? 'video/mp4' : 'video/webm',
          etag: `"${file.key.split('/').at(-1)?.slice(0, 24)}-${kind}"`,
          cache: found.post.visibility === 'public' ? 'revalidate' : 'private',
        },
        config.accelPrefix,
      )
    })
    .get('/media/video/:id/:file{(?:en|fr)\\.vtt}', open, async (c) => {
      const found = await find(c)
      const language = c.req.param('file').slice(0, 2)
      if (!found || !isLang(language)) return c.notFound()
      const row = await db
        .selectFrom('videoCaptions')
        .select('vtt')
        .where('videoId', '=', found.video.id)
        .where('language', '=', language)
        .executeTakeFirst()
      if (!row) return c.notFound()
      c.header('Content-Type', 'text/vtt; charset=utf-8')
      c.header('Cache-Control', found.post.visibility === 'public' ? 'no-cache' : 'private, no-cache')
      return c.body(row.vtt)
    })
}
