import type { Context, MiddlewareHandler } from 'hono'
import { deciding } from '../../platform/http/index.ts'
import type { Page } from '../../ui/page.ts'
import type { Desk } from './actor.views.ts'
import { type Action, type Actor, can, type Thing } from './rights.rules.ts'

/** What every request carries through the routes. */
export type WebEnv = {
  Variables: {
    actor: Actor | null
    desk: Desk
    /** Whether BASE_URL is https: what cookies may ask for. */
    https: boolean
    page: Page
    /** The client's address, for limits only: never stored. */
    address: string
    /** How many wait for an answer at this desk; set for pages of the studio. */
    inboxWaiting?: number
    /** How many senders of text messages belong to nobody; set for the host's pages of the studio. */
    strayTexts?: number
    /** Whether this desk has books; set for pages of the studio. */
    booksInUse?: boolean
    /** How many tasks of this person are due at this desk, and whether it has any; set for pages of the studio. */
    tasks?: { due: number; some: boolean }
  }
}

type ThingOf = (c: Context<WebEnv>) => Thing | null | Promise<Thing | null>

/**
 * Lets a request pass when its actor may do `action` to the thing that `thingOf` finds. Nobody signed in: to the sign-in page, and
 * back here after. A thing that is not there, or that this actor may not touch: 404, since its existence is nobody's business.
 */
export function guard(action: Action, thingOf: Thing | ThingOf): MiddlewareHandler<WebEnv> {
  return deciding(action, async (c, next) => {
    const actor = c.get('actor')
    if (!actor) {
      if (c.req.method !== 'GET') return c.text('Sign in first.', 401)
      return c.redirect(`/studio/sign-in?next=${encodeURIComponent(c.get('page').path)}`)
    }
    const thing = typeof thingOf === 'function' ? await thingOf(c) : thingOf
    if (!thing || !can(actor, action, thing)) return c.notFound()
    await next()
  })
}

/** The actor of a guarded route. */
export function actorOf(c: Context<WebEnv>): Actor {
  const actor = c.get('actor')
  if (!actor) throw new Error('This route is not guarded')
  return actor
}
