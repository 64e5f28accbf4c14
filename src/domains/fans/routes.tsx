import { Hono } from 'hono'
import type { Platform } from '../../platform/platform.ts'
import type { WebEnv } from '../identity/index.ts'
import type { FansFrame, ReachableBy } from './frame.ts'
import { joiningRoutes } from './joining.routes.tsx'
import type { PersonalData } from './personal-data.ts'
import { preferencesRoutes } from './preferences.routes.tsx'

export type FansSite = { frame: FansFrame; reachable: ReachableBy; registry: PersonalData[] }

/** Every page of this domain. */
export const fansRoutes = (platform: Platform, { frame, reachable, registry }: FansSite): Hono<WebEnv> =>
  new Hono<WebEnv>()
    .route('/', joiningRoutes(platform, frame, reachable))
    .route('/', preferencesRoutes(platform, frame, registry))
