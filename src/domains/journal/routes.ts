import { Hono } from 'hono'
import type { Platform } from '../../platform/platform.ts'
import type { WebEnv } from '../identity/index.ts'
import { postAccessRoutes } from './studio/access.routes.tsx'
import { commentRoutes } from './studio/comments.routes.tsx'
import { journalListRoutes } from './studio/list.routes.tsx'
import { studioVideoRoutes } from './studio/video.routes.ts'
import { writeRoutes } from './studio/write.routes.tsx'
import { videoMedia } from './video.routes.ts'

/** The journal's part of the studio, and its films. */
export const journalRoutes = (platform: Platform): Hono<WebEnv> =>
  new Hono<WebEnv>()
    .route('/', commentRoutes(platform))
    .route('/', journalListRoutes(platform))
    .route('/', writeRoutes(platform))
    .route('/', studioVideoRoutes(platform))
    .route('/', videoMedia(platform))
    .route('/', postAccessRoutes(platform))
