import { Hono } from 'hono'
import type { Platform } from '../../platform/platform.ts'
import type { WebEnv } from '../identity/index.ts'
import type { Members } from '../music/index.ts'
import { postMedia } from './post-media.routes.ts'
import { postAccessRoutes } from './studio/access.routes.tsx'
import { commentRoutes } from './studio/comments.routes.tsx'
import { journalListRoutes } from './studio/list.routes.tsx'
import { studioVideoRoutes } from './studio/video.routes.ts'
import { writeRoutes } from './studio/write.routes.tsx'

/** The journal's part of the studio, and its films. */
export const journalRoutes = (platform: Platform, members: Members): Hono<WebEnv> =>
  new Hono<WebEnv>()
    .route('/', commentRoutes(platform))
    .route('/', journalListRoutes(platform))
    .route('/', writeRoutes(platform))
    .route('/', studioVideoRoutes(platform))
    .route('/', postMedia(platform, members))
    .route('/', postAccessRoutes(platform, members))
