import { Hono } from 'hono'
import type { Platform } from '../../platform/platform.ts'
import type { WebEnv } from '../identity/index.ts'
import { filesStudio } from './files.routes.tsx'
import { followersPublic } from './followers/public.routes.tsx'
import { followersStudio } from './followers/studio.routes.tsx'
import { type PressSite, publicPress } from './public.routes.tsx'
import { releaseStudio } from './release-studio.routes.tsx'
import { pressStudio } from './studio.routes.tsx'

export type { PressSite } from './public.routes.tsx'

/** Every page of this domain. */
export const pressRoutes = (platform: Platform, site: PressSite): Hono<WebEnv> =>
  new Hono<WebEnv>()
    .route('/', pressStudio(platform))
    .route('/', releaseStudio(platform))
    .route('/', filesStudio(platform))
    .route('/', followersStudio(platform))
    .route('/', followersPublic(platform, site.frame))
    .route('/', publicPress(platform, site))
