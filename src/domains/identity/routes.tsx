import { Hono } from 'hono'
import type { Platform } from '../../platform/platform.ts'
import { accountRoutes } from './account/routes.tsx'
import { artistRoutes } from './artists/routes.tsx'
import { passkeyRoutes } from './entrance/passkey.routes.ts'
import { entranceRoutes } from './entrance/routes.tsx'
import type { WebEnv } from './guard.ts'
import { peopleRoutes } from './people/routes.tsx'

/** Everything of identity that answers to a browser. */
export function identityRoutes(platform: Platform): Hono<WebEnv> {
  const app = new Hono<WebEnv>()
  // What stands in the studio is for whoever is signed in now, not for who presses Back after them.
  app.use('/studio/*', async (c, next) => {
    await next()
    if (!c.res.headers.has('cache-control')) c.header('Cache-Control', 'private, no-store')
  })
  app.route('/', entranceRoutes(platform))
  app.route('/', passkeyRoutes(platform))
  app.route('/', accountRoutes(platform))
  app.route('/', artistRoutes(platform))
  app.route('/', peopleRoutes(platform))
  return app
}
