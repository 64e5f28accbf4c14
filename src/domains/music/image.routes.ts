import { Readable } from 'node:stream'
import { Hono } from 'hono'
import { open } from '../../platform/http/index.ts'
import { IMAGE_TYPES, type ImageExtension, renditionKey } from '../../platform/images/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { FileMissing } from '../../platform/storage/index.ts'
import type { WebEnv } from '../identity/index.ts'

/** Serves renditions of pictures. An address holds the picture's hash, so what it answers never changes. */
export function imageRoutes({ storage }: Pick<Platform, 'storage'>): Hono<WebEnv> {
  return new Hono<WebEnv>().get(
    '/media/image/:sha{[0-9a-f]{64}}/:file{[1-9][0-9]{0,4}\\.(?:avif|webp|jpg)}',
    open,
    async (c) => {
      const { sha, file } = c.req.param()
      const [width = '', extension = ''] = file.split('.')
      const etag = `"${sha.slice(0, 24)}-${file}"`
      const key = renditionKey(sha, Number(width), extension as ImageExtension)
      const found = await storage.stat(key)
      if (!found) return c.notFound()
      c.header('Cache-Control', 'public, max-age=31536000, immutable')
      c.header('ETag', etag)
      if (c.req.header('if-none-match') === etag) return c.body(null, 304)
      c.header('Content-Type', IMAGE_TYPES[extension as ImageExtension])
      c.header('Content-Length', String(found.size))
      if (c.req.method === 'HEAD') return c.body(null)
      try {
        return c.body(Readable.toWeb(await storage.open(key)) as ReadableStream)
      } catch (error) {
        // Removed between the two looks.
        if (error instanceof FileMissing) return c.notFound()
        throw error
      }
    },
  )
}
