import { type Context, Hono } from 'hono'
import { open, send } from '../../../platform/http/index.ts'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { can, type WebEnv } from '../../identity/index.ts'
import { STREAM_FILES, type StreamKind } from './files.rules.ts'
import { fileAccess, streamOf } from './files.views.ts'

const PURPOSE = 'entry-file'
/** What opens a file to whoever sent it in, before it is shown. */
export const authorsKey = ({ signer }: Pick<Platform, 'signer'>, fileId: string): string => signer.sign(PURPOSE, fileId)

/** Sounds and films of entries: to everybody while the entry is shown, before that to its author and to the artist, and to the artist alone what was taken down. */
export function entryMedia(platform: Pick<Platform, 'db' | 'storage' | 'config' | 'signer'>): Hono<WebEnv> {
  const { db, storage, config, signer } = platform

  async function find(c: Context<WebEnv>) {
    const id = c.req.param('id')
    const file = isId(id) ? await fileAccess(db, id) : undefined
    if (!id || !file) return null
    const isPublic = file.state === 'shown'
    const isAuthors = file.state === 'waiting' && signer.verify(PURPOSE, id, c.req.query('key') ?? '')
    const thing = { kind: 'artist', artistId: file.artistId } as const
    const isArtists = file.confirmedAt !== null && can(c.get('actor'), 'journal.edit', thing)
    return isPublic || isAuthors || isArtists ? { ...file, id, isPublic } : null
  }

  return new Hono<WebEnv>()
    .get('/media/entry/:id/:file{(?:sound\\.(?:webm|m4a)|film\\.(?:webm|mp4))}', open, async (c) => {
      const found = await find(c)
      const name = c.req.param('file')
      const format = (Object.keys(STREAM_FILES) as StreamKind[]).find((one) => STREAM_FILES[one] === name)
      const stream = found && format && (await streamOf(db, found.id, format))
      if (!stream) return c.notFound()
      const { storageKey, size, type } = stream
      const sending = {
        pieces: [{ key: storageKey, size }],
        type: type.split(';')[0] ?? type,
        etag: `"${storageKey.split('/').at(-1)?.slice(0, 24)}-${format}"`,
        cache: found.isPublic ? ('revalidate' as const) : ('private' as const),
      }
      return send(c, storage, sending, config.accelPrefix)
    })
    .get('/media/entry/:id/:file{waveform\\.bin}', open, async (c) => {
      const found = await find(c)
      if (!found?.waveform) return c.notFound()
      const sending = {
        pieces: [found.waveform],
        type: 'application/octet-stream',
        etag: `"${found.id}"`,
        cache: found.isPublic ? ('revalidate' as const) : ('private' as const),
      }
      return send(c, storage, sending)
    })
    .get('/media/entry/:id/:file{captions\\.vtt}', open, async (c) => {
      const found = await find(c)
      if (!found?.captions) return c.notFound()
      c.header('Content-Type', 'text/vtt; charset=utf-8')
      c.header('Cache-Control', found.isPublic ? 'no-cache' : 'private, no-cache')
      return c.body(found.captions)
    })
}
