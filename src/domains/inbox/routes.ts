import { Hono } from 'hono'
import type { Platform } from '../../platform/platform.ts'
import type { Subjects } from '../exchange/index.ts'
import type { FansFrame } from '../fans/index.ts'
import type { WebEnv } from '../identity/index.ts'
import { conversationRoutes } from './studio/conversation.routes.tsx'
import { listRoutes } from './studio/list.routes.tsx'
import { savedRoutes } from './studio/saved.routes.tsx'
import { strayRoutes } from './studio/stray.routes.tsx'
import { thanksRoutes } from './studio/thanks.routes.tsx'
import { writeRoutes } from './write.routes.tsx'

export function inboxRoutes(
  platform: Platform,
  { frame, subjects }: { frame: FansFrame; subjects: Subjects },
): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .route('/', listRoutes(platform))
    .route('/', savedRoutes(platform))
    .route('/', thanksRoutes(platform))
    .route('/', conversationRoutes(platform, subjects))
    .route('/', strayRoutes(platform))
    .route('/', writeRoutes(platform, frame))
}
