import { Hono } from 'hono'
import type { Platform } from '../../../platform/platform.ts'
import type { WebEnv } from '../../identity/index.ts'
import { incomingPages } from './studio.routes.tsx'
import { uploadRoutes } from './uploads.routes.ts'

/** How music comes in: uploads, what was understood of them, and the press that makes a release of it. */
export const incomingRoutes = (platform: Platform): Hono<WebEnv> =>
  new Hono<WebEnv>().route('/', uploadRoutes(platform)).route('/', incomingPages(platform))
