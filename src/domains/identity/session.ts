import type { MiddlewareHandler } from 'hono'
import type { Platform } from '../../platform/platform.ts'
import type { WebEnv } from './guard.ts'

/** Finds who asks, from the session cookie. */
export function withActor(_platform: Pick<Platform, 'db' | 'now'>): MiddlewareHandler<WebEnv> {
  return async (c, next) => {
    c.set('actor', null)
    await next()
  }
}
