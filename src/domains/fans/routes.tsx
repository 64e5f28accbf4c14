import { Hono } from 'hono'
import type { Platform } from '../../platform/platform.ts'
import type { Subjects } from '../exchange/index.ts'
import type { WebEnv } from '../identity/index.ts'
import { type Doors, doorRoutes } from './doors/door.routes.tsx'
import { doorStudio } from './doors/studio.routes.tsx'
import type { FansFrame } from './frame.ts'
import { joiningRoutes } from './joining.routes.tsx'
import { listRoutes } from './lists/routes.tsx'
import type { OtherMail } from './other-mail.ts'
import type { Notices } from './pages/preferences.tsx'
import type { PersonalData } from './personal-data.ts'
import { preferencesRoutes } from './preferences.routes.tsx'
import { stayingStudio } from './staying/routes.tsx'
import { fansStudio } from './studio/routes.tsx'

export type FansSite = Doors & {
  frame: FansFrame
  registry: PersonalData[]
  others: OtherMail[]
  subjects: Subjects
  notices: Notices
}

/** Every page of this domain. */
export const fansRoutes = (
  platform: Platform,
  { frame, registry, others, subjects, notices, ...doors }: FansSite,
): Hono<WebEnv> =>
  new Hono<WebEnv>()
    .route('/', joiningRoutes(platform, frame, subjects, doors.reachable))
    .route('/', doorRoutes(platform, doors))
    .route('/', doorStudio(platform, doors))
    .route('/', listRoutes(platform))
    .route('/', fansStudio(platform, registry, subjects))
    .route('/', stayingStudio(platform))
    .route('/', preferencesRoutes(platform, { frame, registry, others, notices, subjects, offers: doors.offers }))
