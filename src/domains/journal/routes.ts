import { Hono } from 'hono'
import type { Platform } from '../../platform/platform.ts'
import type { WebEnv } from '../identity/index.ts'
import { postAccessRoutes } from './studio/access.routes.tsx'
import { commentRoutes } from './studio/comments.routes.tsx'
import { journalListRoutes } from './studio/list.routes.tsx'
import { writeRoutes } from './studio/write.routes.tsx'

/** The journal's part of the studio. */
export const journalRoutes = (platform: Platform): Hono<WebEnv> =>
  new Hono<WebEnv>()
    .route('/', commentRoutes(platform))
    .route('/', journalListRoutes(platform))
    .route('/', writeRoutes(platform))
    .route('/', postAccessRoutes(platform))
