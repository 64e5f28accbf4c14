import { type Context, Hono } from 'hono'
import { open, send } from '../../platform/http/index.ts'
import { isLang } from '../../platform/i18n/index.ts'
import { isId } from '../../platform/ids.ts'
import { IMAGE_TYPES, type ImageExtension, renditionKey } from '../../platform/images/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { makePass, memberOfWay, memberWay, PASS_PARAMETER, readPass } from '../audio/index.ts'
import { can, senderThing, type WebEnv } from '../identity/index.ts'
import { type Members, type Membership, SECRET_PARAMETER } from '../music/index.ts'
import { type Post, postById } from './post.views.ts'
import { type Video, videosOf } from './videos.views.ts'

const postItem = (postId: string): string => `post:${postId}`

/** What opens pictures and films of a post to one member, for some hours unless told, as long as they are one. */
export const memberQuery = (
  { signer, now }: Pick<Platform, 'signer' | 'now'>,
  postId: string,
  { ref }: Membership,
  seconds?: number,
): string =>
  `?${new URLSearchParams({ [PASS_PARAMETER]: makePass(signer, postItem(postId), memberWay(ref), now(), seconds) })}`

/** Films, their captions and posters, to whoever may read the post that they stand in; and its pictures, where that is not everybody. */
export function postMedia(
  platform: Pick<Platform, 'db' | 'storage' | 'config' | 'now' | 'signer'>,
  members: Members,
): Hono<WebEnv> {
  const { db, storage, config, now, signer } = platform

  async function find(c: Context<WebEnv>): Promise<{ video: Video; post: Post } | null> {
    const id = c.req.param('id')
    if (!isId(id)) return null
    const row = await db.selectFrom('postVideos').select('postId').where('id', '=', id).executeTakeFirst()
    if (!row) return null
    const post = await readable(c, row.postId)
    const video = post && (await videosOf(db, [row.postId])).get(id)
    return post && video ? { video, post } : null
  }

  /** By what everybody may read, a secret link, the pass of a member, or as who writes it. */
  async function readable(c: Context<WebEnv>, postId: string): Promise<Post | null> {
    const token = (c.req.query(SECRET_PARAMETER) ?? '').slice(0, 100) || null
    const pass = readPass(signer, postItem(postId), c.req.query(PASS_PARAMETER), now())
    const ref = pass && memberOfWay(pass.way)
    const membership = ref ? await members.byRef(ref) : null
    return (
      (await postById(db, postId, { now: now(), token, memberships: membership ? [membership] : [] })) ??
      (await ownPost(c, postId))
    )
  }

  async function sendPicture(c: Context<WebEnv>, sha: string, file: string): Promise<Response> {
    const [width = '', extension = ''] = file.split('.')
    const key = renditionKey(sha, Number(width), extension as ImageExtension)
    const found = await storage.stat(key)
    if (!found) return c.notFound()
    const type = IMAGE_TYPES[extension as ImageExtension]
    const sending = { pieces: [{ key, size: found.size }], type, etag: `"${file}"`, cache: 'private' as const }
    return send(c, storage, sending, config.accelPrefix)
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
    .get('/media/video/:id/poster/:file{[1-9][0-9]{0,4}\\.jpg}', open, async (c) => {
      const poster = (await find(c))?.video.poster
      return poster ? sendPicture(c, poster.sha256, c.req.param('file')) : c.notFound()
    })
    .get('/media/post/:picture/:file{[1-9][0-9]{0,4}\\.(?:avif|webp|jpg)}', open, async (c) => {
      const id = c.req.param('picture')
      const row = isId(id)
        ? await db
            .selectFrom('postPictures')
            .innerJoin('images', 'images.id', 'postPictures.imageId')
            .select(['postPictures.postId', 'images.sha256'])
            .where('postPictures.id', '=', id)
            .executeTakeFirst()
        : undefined
      return row && (await readable(c, row.postId)) ? sendPicture(c, row.sha256, c.req.param('file')) : c.notFound()
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
