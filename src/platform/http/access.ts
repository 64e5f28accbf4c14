import type { MiddlewareHandler } from 'hono'

const ACCESS = Symbol.for('ritornello.access')
type Marked = { [ACCESS]?: string }

/**
 * Says of a middleware that it decides who may pass, so that a test can walk all routes and find one that nobody guards.
 * The description is what the test compares, for example `public` or `release.edit`.
 */
export function deciding<M extends MiddlewareHandler>(description: string, middleware: M): M {
  ;(middleware as Marked)[ACCESS] = description
  return middleware
}

/** What decides on this handler, or undefined when it is no gate. */
export const accessOf = (handler: unknown): string | undefined => (handler as Marked)[ACCESS]

/** The gate of a route that anybody may use. The list of such routes is kept, and compared, in `src/testing/routes.test.ts`. */
export const open: MiddlewareHandler = deciding('public', (_c, next) => next())
