import { Hono } from 'hono'
import type { Platform } from '../../platform/platform.ts'
import type { OfferSource } from '../exchange/index.ts'
import type { WebEnv } from '../identity/index.ts'
import { missionsStudio } from './missions/studio.routes.tsx'
import { type OperationsSite, publicOperations } from './public/routes.tsx'
import { seriesStudio } from './series/studio/series.routes.tsx'
import { operationsStudio } from './studio/routes.tsx'

/** Every page of this domain. */
export const operationsRoutes = (
  platform: Platform,
  { offers, ...site }: OperationsSite & { offers: OfferSource },
): Hono<WebEnv> =>
  new Hono<WebEnv>()
    .route('/', operationsStudio(platform, offers))
    .route('/', seriesStudio(platform, offers))
    .route('/', missionsStudio(platform, offers, site.subjects))
    .route('/', publicOperations(platform, site))
