import type { Context, MiddlewareHandler } from 'hono'

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // Colours and faces of a sleeve are a style element in the head; styles run nothing.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
].join('; ')

/** Security headers on every answer. Pages under `/embed/` may be framed by anybody, all others by ourselves only. */
export function securityHeaders({ https }: { https: boolean }): MiddlewareHandler {
  return async (c, next) => {
    const embeddable = c.req.path.startsWith('/embed/')
    c.header('Content-Security-Policy', `${POLICY}; frame-ancestors ${embeddable ? '*' : "'self'"}`)
    c.header('X-Content-Type-Options', 'nosniff')
    c.header('Referrer-Policy', 'strict-origin-when-cross-origin')
    c.header('Permissions-Policy', 'camera=(), microphone=(), geolocation=()')
    c.header('Cross-Origin-Opener-Policy', 'same-origin')
    if (!embeddable) c.header('X-Frame-Options', 'SAMEORIGIN')
    if (https) c.header('Strict-Transport-Security', 'max-age=31536000')
    await next()
  }
}

/** Of an answer that is one person's: no index keeps it, no cache, and no other site learns its address. */
export function forOneReader(c: Context): void {
  c.header('Cache-Control', 'private, no-store')
  c.header('X-Robots-Tag', 'noindex, nofollow')
  c.header('Referrer-Policy', 'same-origin')
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses a change that another site asks for with our visitor's cookies (CSRF): browsers say where a request comes from, in
 * `Sec-Fetch-Site` and `Origin`. A request with neither and no cookie comes from a program, and carries nobody's rights.
 */
export function sameOriginOnly(allowed: (origin: string, host: string) => boolean): MiddlewareHandler {
  return async (c, next) => {
    if (SAFE.has(c.req.method)) return next()
    const site = c.req.header('sec-fetch-site')
    const origin = c.req.header('origin')
    const fromOurselves = origin
      ? allowed(origin, c.req.header('host') ?? '')
      : site
        ? site === 'same-origin' || site === 'none'
        : !c.req.header('cookie')
    return fromOurselves ? next() : c.text('This request came from another site.', 403)
  }
}
