import { statfs } from 'node:fs/promises'
import { Metadata } from '@tus/server'
import { type Context, Hono } from 'hono'
import { allow } from '../../../platform/http/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { actorOf, guard, type WebEnv } from '../../identity/index.ts'
import { batchById, openBatch, touchBatch } from './batches.store.ts'
import { batchHref } from './hrefs.ts'
import { type AskedUpload, type Refusal, SPARE_BYTES } from './limits.rules.ts'
import { cleanPath } from './paths.rules.ts'
import { artistOfBatch, artistOfTarget, ID, targetOf } from './things.ts'
import { createReceiver, UPLOADS } from './tus.ts'
import { announceUpload, sayReceived } from './uploads.store.ts'
import { refusalSentence, words } from './words.ts'

const BATCHES = { name: 'upload-batch', most: 60, windowSeconds: 3600 }
const FILES = { name: 'upload-file', most: 3000, windowSeconds: 3600 }

const STATUS: Record<Refusal, 400 | 413 | 507> = {
  path: 400,
  'size-unknown': 400,
  'file-too-large': 413,
  'too-many-files': 413,
  'batch-too-large': 413,
  'no-room': 507,
}

/**
 * Files on their way in, by the tus protocol: each under the batch that it belongs to. `POST /studio/uploads` opens a batch, for the artist
 * at the desk or for what `?release=`, `?track=` or `?artist=` names.
 */
export function uploadRoutes(platform: Platform): Hono<WebEnv> {
  const { db, paths } = platform
  const { receive } = createReceiver(platform, {
    path: UPLOADS,
    directory: paths.uploads,
    sizeOf: async (id) => (await db.selectFrom('uploads').select('size').where('id', '=', id).executeTakeFirst())?.size,
    forget: (id) => db.deleteFrom('uploads').where('id', '=', id).execute(),
  })
  const may = guard('music.edit', artistOfBatch(platform))
  const say = (c: Context<WebEnv>, key: 'too_many_uploads' | 'batch_closed', status: 403 | 429) =>
    c.text(words(c.get('page').lang)(key), status)

  async function answer(c: Context<WebEnv>, uploadId: string): Promise<Response> {
    const response = await receive(c.req.raw, uploadId)
    const offset = response.headers.get('upload-offset')
    if (offset !== null && response.ok) await sayReceived(db, uploadId, Number(offset))
    if (response.status === 500 && (await isFull(paths.uploads)))
      return c.text(refusalSentence(c.get('page').lang, 'no-room'), 507)
    return response
  }

  async function upload(c: Context<WebEnv>): Promise<Response> {
    const { batch: batchId = '', upload: id = '' } = c.req.param() as Record<string, string>
    const row = await db.selectFrom('uploads').select('batchId').where('id', '=', id).executeTakeFirst()
    if (row?.batchId !== batchId) return c.notFound()
    if (c.req.method !== 'HEAD') {
      const batch = await batchById(db, batchId)
      if (batch?.state !== 'receiving') return say(c, 'batch_closed', 403)
      await touchBatch(db, batchId)
    }
    return answer(c, id)
  }

  return (
    new Hono<WebEnv>()
      .post(UPLOADS, guard('music.edit', artistOfTarget(platform)), async (c) => {
        const target = await targetOf(platform, c)
        const { accountId } = actorOf(c)
        if (!target) return c.notFound()
        if (!(await allow(platform, BATCHES, accountId))) return say(c, 'too_many_uploads', 429)
        const { artistId, release, track } = target
        const id = await openBatch(db, {
          accountId,
          artistId,
          releaseId: track ? null : (release?.id ?? null),
          trackId: track?.id ?? null,
        })
        return c.json({ id, endpoint: `${UPLOADS}/${id}`, page: batchHref(id) }, 201)
      })
      .on(['POST'], `${UPLOADS}/:batch{${ID}}`, may, async (c) => {
        const { lang } = c.get('page')
        const batchId = c.req.param('batch')
        // The protocol's own refusals (version, headers) need no row.
        if (c.req.header('tus-resumable') !== '1.0.0') return receive(c.req.raw, '')
        if ((await batchById(db, batchId))?.state !== 'receiving') return say(c, 'batch_closed', 403)
        if (!(await allow(platform, FILES, actorOf(c).accountId))) return say(c, 'too_many_uploads', 429)
        const announced = await announceUpload(platform, batchId, askedUpload(c))
        if (!announced.ok) return c.text(refusalSentence(lang, announced.error), STATUS[announced.error])
        await touchBatch(db, batchId)
        return answer(c, announced.value)
      })
      .on(['PATCH', 'DELETE'], `${UPLOADS}/:batch{${ID}}/:upload{[\\w-]{32}}`, may, upload)
      // Hono asks the GET route for HEAD. Nothing else may be got here: these are a stranger's bytes.
      .get(`${UPLOADS}/:batch{${ID}}/:upload{[\\w-]{32}}`, may, (c) =>
        c.req.raw.method === 'HEAD' ? upload(c) : c.notFound(),
      )
  )
}

/** Reads `Upload-Length` and `Upload-Metadata` (`path`, `modified`: milliseconds). */
function askedUpload(c: Context<WebEnv>): AskedUpload {
  const length = c.req.header('upload-length') ?? ''
  const metadata = metadataOf(c.req.header('upload-metadata'))
  const modified = Number(metadata['modified'] ?? Number.NaN)
  return {
    path: cleanPath(metadata['path'] ?? ''),
    size: /^\d{1,16}$/.test(length) ? Number(length) : Number.NaN,
    modifiedMs: Number.isSafeInteger(modified) ? modified : null,
  }
}

function metadataOf(header: string | undefined): Record<string, string | null> {
  try {
    return Metadata.parse(header)
  } catch {
    return {}
  }
}

async function isFull(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize < SPARE_BYTES / 10
}
