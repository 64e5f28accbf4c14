import { rm } from 'node:fs/promises'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { receiveFile } from '../../../platform/http/index.ts'
import { isLang } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { guard, type WebEnv } from '../../identity/index.ts'
import { readCaptions } from '../captions.rules.ts'
import { removeVideo, restoreVideo } from '../remove-video.ts'
import { addVideo, filmTitle, MAX_VIDEO_BYTES, retryVideo, setCaptions } from '../videos.ts'
import { postHref } from './frame.tsx'
import { ID, whosePost } from './things.ts'
import { videoUploadRoutes } from './video-upload.routes.ts'

/** Films of a post, and their captions. What is wrong is said by the page that it leads back to (`?wrong=`). */
export function studioVideoRoutes(platform: Platform): Hono<WebEnv> {
  const { db } = platform
  const may = guard('journal.edit', whosePost(platform))
  const path = `/studio/journal/:id{${ID}}/videos`
  const back = (c: Context, query: string) => c.redirect(`${postHref(c.req.param('id') ?? '')}?${query}#videos`, 303)

  return new Hono<WebEnv>()
    .route('/', videoUploadRoutes(platform))
    .post(`${path}/:video{${ID}}/remove`, may, async (c) => {
      const { id: postId, video: videoId } = c.req.param()
      const done = await removeVideo(platform, { postId, videoId })
      return done.ok ? back(c, `removed=${videoId}`) : c.notFound()
    })
    .post(`${path}/:video{${ID}}/restore`, may, async (c) => {
      const { id: postId, video: videoId } = c.req.param()
      const done = await restoreVideo(platform, { postId, videoId })
      return done.ok ? back(c, 'done=video-restored') : c.notFound()
    })
    .post(`${path}/:video{${ID}}/retry`, may, async (c) => {
      const { id: postId, video: videoId } = c.req.param()
      return back(c, (await retryVideo(platform, { postId, videoId })) ? 'done=video-again' : 'done=saved')
    })
    .post(path, may, async (c) => {
      const received = await receiveFile(c.req.raw, platform.paths.work, MAX_VIDEO_BYTES)
      if (!received.ok) return back(c, `wrong=video-${received.error}`)
      const { path: file, name } = received.value
      try {
        const film = { path: file, fileName: name, title: filmTitle(name) }
        const done = await addVideo(platform, { postId: c.req.param('id'), ...film })
        return done.ok ? back(c, 'done=video') : c.notFound()
      } finally {
        await rm(file, { force: true })
      }
    })
    .post(
      `${path}/:video{${ID}}/captions`,
      may,
      bodyLimit({ maxSize: 2_000_000, onError: (c) => back(c, 'wrong=captions') }),
      async (c) => {
        const { id, video } = c.req.param()
        const own = await db
          .selectFrom('postVideos')
          .select('id')
          .where('id', '=', video)
          .where('postId', '=', id)
          .executeTakeFirst()
        if (!own) return c.notFound()
        const body = await c.req.parseBody()
        const file = body['captions']
        const language = body['language']
        if (!isLang(language)) return back(c, 'wrong=captions')
        if (!(file instanceof File) || file.size === 0) {
          await setCaptions(platform, { videoId: video, language, vtt: null })
          return back(c, 'done=captions')
        }
        const vtt = readCaptions(await file.text())
        if (!vtt) return back(c, 'wrong=captions')
        await setCaptions(platform, { videoId: video, language, vtt })
        return back(c, 'done=captions')
      },
    )
}
