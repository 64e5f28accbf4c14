import { Hono } from 'hono'
import type { Platform } from '../../platform/platform.ts'
import type { OfferSource, Subjects } from '../exchange/index.ts'
import type { WebEnv } from '../identity/index.ts'
import { linkRoutes } from './announce/links.routes.ts'
import { announceRoutes } from './announce/studio.routes.tsx'
import { channelRoutes } from './channels/channels.routes.tsx'
import { moreStudio } from './more/routes.tsx'
import { pushRoutes } from './push/push.routes.ts'

/** The pages of this domain, and the links of its messages. */
export const reachRoutes = (platform: Platform, known: { subjects: Subjects; offers: OfferSource }): Hono<WebEnv> =>
  new Hono<WebEnv>()
    .route('/', linkRoutes(platform, known.subjects))
    .route('/', announceRoutes(platform, known))
    .route('/', channelRoutes(platform, known.subjects))
    .route('/', moreStudio(platform))
    .route('/', pushRoutes(platform))
