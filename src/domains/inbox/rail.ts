import type { MiddlewareHandler } from 'hono'
import type { Platform } from '../../platform/platform.ts'
import { can, senderId, type WebEnv } from '../identity/index.ts'
import { waitingIn } from './inbox.views.ts'
import { countStray } from './stray.ts'
import { ownerAtDesk } from './studio/frame.ts'

/** How many wait for an answer at this desk and, for the host, whose texts are nobody's: for the rail of every page of the studio. */
export const countWaiting =
  ({ db }: Pick<Platform, 'db'>): MiddlewareHandler<WebEnv> =>
  async (c, next) => {
    const own = c.req.method === 'GET' ? ownerAtDesk(c) : null
    if (own) c.set('inboxWaiting', (await waitingIn(db, [senderId(own)])).count)
    if (c.req.method === 'GET' && can(c.get('actor'), 'site.manage', { kind: 'site' }))
      c.set('strayTexts', await countStray(db))
    await next()
  }
