import { Metadata } from '@tus/server'
import { type Context, Hono } from 'hono'
import { allow } from '../../../platform/http/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { createReceiver } from '../../audio/index.ts'
import { actorOf, guard, type WebEnv } from '../../identity/index.ts'
import { type AskedFilm, announceVideo, filmsFolder, finishVideo, forgetVideoUpload } from '../video-uploads.ts'
import { words } from '../words.ts'
import { postHref } from './frame.tsx'
import { ID, whosePost } from './things.ts'

const FILMS = { name: 'film-upload', most: 60, windowSeconds: 3600 }
const STATUS = { none: 400, 'too-large': 413, 'no-room': 507 } as const
const SENTENCES = { none: 'error_no_video', 'too-large': 'error_video_large', 'no-room': 'error_video_room' } as const

/** Films on their way in, by the tus protocol: one that broke off goes on where it stopped, also another day. */
export function videoUploadRoutes(platform: Platform): Hono<WebEnv> {
  const { db, paths } = platform
  const may = guard('journal.edit', whosePost(platform))
  const uploads = `/studio/journal/:id{${ID}}/videos/uploads` as const
  const one = `${uploads}/:upload{[\\w-]{32}}` as const
  const { receive } = createReceiver(platform, {
    path: '/studio/journal',
    directory: filmsFolder(paths),
    sizeOf: async (id) =>
      (await db.selectFrom('videoUploads').select('size').where('id', '=', id).executeTakeFirst())?.size,
    forget: (id) => db.deleteFrom('videoUploads').where('id', '=', id).execute(),
  })

  async function own(c: Context<WebEnv>): Promise<string | null> {
    const { id: postId = '', upload = '' } = c.req.param() as Record<string, string>
    const row = await db
      .updateTable('videoUploads')
      .set({ touchedAt: platform.now() })
      .where('id', '=', upload)
      .where('postId', '=', postId)
      .returning('id')
      .executeTakeFirst()
    return row?.id ?? null
  }
  const upload = async (c: Context<WebEnv>): Promise<Response> => {
    const id = await own(c)
    return id ? receive(c.req.raw, id) : c.notFound()
  }

  return (
    new Hono<WebEnv>()
      .post(uploads, may, async (c) => {
        const t = words(c.get('page').lang)
        if (c.req.header('tus-resumable') !== '1.0.0') return receive(c.req.raw, '')
        if (!(await allow(platform, FILMS, actorOf(c).accountId))) return c.text(t('error_films_many'), 429)
        const announced = await announceVideo(platform, c.req.param('id'), askedFilm(c))
        if (!announced.ok) return c.text(t(SENTENCES[announced.error]), STATUS[announced.error])
        return receive(c.req.raw, announced.value)
      })
      .on(['PATCH'], one, may, upload)
      // Hono asks the GET route for HEAD. Nothing else may be got here: these are a stranger's bytes.
      .get(one, may, (c) => (c.req.raw.method === 'HEAD' ? upload(c) : c.notFound()))
      .post(`${one}/done`, may, async (c) => {
        const { id: postId, upload: uploadId } = c.req.param()
        const done = await finishVideo(platform, { postId, uploadId })
        if (!done.ok) return done.error === 'missing' ? c.notFound() : c.text('', 409)
        return c.json({ id: done.value.id }, 201)
      })
      .post(`${one}/forget`, may, async (c) => {
        const id = await own(c)
        if (id) await forgetVideoUpload(platform, id)
        return c.redirect(`${postHref(c.req.param('id'))}?done=video-forgotten#videos`, 303)
      })
  )
}

/** Reads `Upload-Length` and `Upload-Metadata` (`name`, `modified`: milliseconds). */
function askedFilm(c: Context<WebEnv>): AskedFilm {
  const length = c.req.header('upload-length') ?? ''
  const metadata = metadataOf(c.req.header('upload-metadata'))
  return {
    fileName: (metadata['name'] ?? '').split(/[/\\]/).at(-1)?.replaceAll('\0', '').trim().slice(0, 300) ?? '',
    size: /^\d{1,16}$/.test(length) ? Number(length) : Number.NaN,
    modifiedMs: Number(metadata['modified'] ?? Number.NaN),
  }
}

function metadataOf(header: string | undefined): Record<string, string | null> {
  try {
    return Metadata.parse(header)
  } catch {
    return {}
  }
}
