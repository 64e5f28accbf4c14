import { Hono } from 'hono'
import type { Platform } from '../../platform/platform.ts'
import type { OfferSource } from '../exchange/index.ts'
import type { WebEnv } from '../identity/index.ts'
import { bandcampStudio } from './bandcamp/bandcamp.routes.tsx'
import { codePublic } from './codes/public.routes.tsx'
import { codesStudio } from './codes/studio.routes.tsx'
import { memberPublic } from './members/public.routes.tsx'
import { membersStudio } from './members/studio.routes.tsx'
import { ossStudio } from './oss/oss.routes.tsx'
import { carrierFileStudio } from './parcels/carrier-file.routes.tsx'
import { parcelsStudio } from './parcels/parcels.routes.tsx'
import { proofsStudio } from './parcels/proofs.routes.tsx'
import { paymentHooks } from './payments/hooks.routes.ts'
import { presentPublic } from './presents/public.routes.tsx'
import { type ShopSite, shopPublic } from './public.routes.tsx'
import { paymentsStudio } from './studio/payments.routes.tsx'
import { picturesStudio } from './studio/pictures.routes.tsx'
import { shopStudio } from './studio/routes.tsx'
import { termsStudio } from './terms/studio.routes.tsx'
import { termsPublic } from './terms/terms.routes.tsx'
import { tillStudio } from './till/till.routes.tsx'

/** Every page of this domain. */
export const shopRoutes = (platform: Platform, { offers, ...site }: ShopSite & { offers: OfferSource }): Hono<WebEnv> =>
  new Hono<WebEnv>()
    .route('/', membersStudio(platform))
    .route('/', shopStudio(platform, offers))
    .route('/', picturesStudio(platform))
    .route('/', paymentsStudio(platform))
    .route('/', termsStudio(platform))
    .route('/', ossStudio(platform))
    .route('/', bandcampStudio(platform))
    .route('/', codesStudio(platform, offers, site.subjects))
    .route('/', codePublic(platform, site))
    .route('/', memberPublic(platform, site))
    .route('/', presentPublic(platform, site))
    .route('/', tillStudio(platform))
    .route('/', carrierFileStudio(platform))
    .route('/', proofsStudio(platform))
    .route('/', parcelsStudio(platform))
    .route('/', shopPublic(platform, site))
    .route('/', termsPublic(platform, site.frame))
    .route('/', paymentHooks(platform))
