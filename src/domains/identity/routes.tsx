import { Hono } from 'hono'
import type { Platform } from '../../platform/platform.ts'
import { accountRoutes } from './account/routes.tsx'
import { artistRoutes } from './artists/routes.tsx'
import { invitationRoutes } from './entrance/invitation.routes.tsx'
import { SignedOutPage } from './entrance/pages.tsx'
import { passkeyRoutes } from './entrance/passkey.routes.ts'
import { entranceRoutes } from './entrance/routes.tsx'
import type { WebEnv } from './guard.ts'
import { askRoutes } from './people/ask.routes.tsx'
import { peopleRoutes } from './people/routes.tsx'
import { hostRoutes } from './place/host.routes.tsx'
import { publicRoutes } from './place/public.routes.tsx'
import { type PublicFrame, plainFrame } from './place/public-frame.tsx'

import type { AllBelongings } from './removal/belongings.ts'
import { removalRoutes } from './removal/routes.tsx'

/** Everything of identity that answers to a browser. `frame` is what stands around its few public pages. */
export function identityRoutes(
  platform: Platform,
  { frame = plainFrame, belongings }: { frame?: PublicFrame; belongings: AllBelongings },
): Hono<WebEnv> {
  const app = new Hono<WebEnv>()
  // What stands in the studio is for whoever is signed in now, not for who presses Back after them.
  app.use('/studio/*', async (c, next) => {
    await next()
    if (c.res.status === 401 && c.req.header('accept')?.includes('text/html'))
      c.res = await c.html(<SignedOutPage c={c} />, 401)
    if (!c.res.headers.has('cache-control')) c.header('Cache-Control', 'private, no-store')
  })
  app.route('/', entranceRoutes(platform))
  app.route('/', invitationRoutes(platform))
  app.route('/', passkeyRoutes(platform))
  app.route('/', accountRoutes(platform))
  app.route('/', artistRoutes(platform))
  app.route('/', peopleRoutes(platform))
  app.route('/', askRoutes(platform))
  app.route('/', removalRoutes(platform, belongings))
  app.route('/', hostRoutes(platform))
  app.route('/', publicRoutes(platform, frame))
  return app
}
