import { Hono } from 'hono'
import type { Platform } from '../../platform/platform.ts'
import type { OfferSource } from '../exchange/index.ts'
import type { WebEnv } from '../identity/index.ts'
import { type ShopSite, shopPublic } from './public.routes.tsx'
import { shopStudio } from './studio/routes.tsx'

/** Every page of this domain. */
export const shopRoutes = (platform: Platform, { offers, ...site }: ShopSite & { offers: OfferSource }): Hono<WebEnv> =>
  new Hono<WebEnv>().route('/', shopStudio(platform, offers)).route('/', shopPublic(platform, site))
