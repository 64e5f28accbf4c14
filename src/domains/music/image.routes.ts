import { Hono } from 'hono'
import { open, send } from '../../platform/http/index.ts'
import { IMAGE_TYPES, type ImageExtension, renditionKey } from '../../platform/images/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { WebEnv } from '../identity/index.ts'

/** Serves renditions of pictures. An address holds the picture's hash, so what it answers never changes. */
export function imageRoutes({ storage, config }: Pick<Platform, 'storage' | 'config'>): Hono<WebEnv> {
  return new Hono<WebEnv>().get(
    '/media/image/:sha{[0-9a-f]{64}}/:file{[1-9][0-9]{0,4}\\.(?:avif|webp|jpg)}',
    open,
    async (c) => {
      const { sha, file } = c.req.param()
      const [width = '', extension = ''] = file.split('.')
      const key = renditionKey(sha, Number(width), extension as ImageExtension)
      const found = await storage.stat(key)
      if (!found) return c.notFound()
      const sending = {
        pieces: [{ key, size: found.size }],
        type: IMAGE_TYPES[extension as ImageExtension],
        etag: `"${sha.slice(0, 24)}-${file}"`,
        cache: 'immutable' as const,
      }
      return send(c, storage, sending, config.accelPrefix)
    },
  )
}
