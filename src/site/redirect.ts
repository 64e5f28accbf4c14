import type { Context } from 'hono'

/** Leads on for good to another path of this site, keeping what the address asked besides. */
export function withSameQuery(c: Context, path: string): Response {
  return c.redirect(ownPath(path) + new URL(c.req.url).search, 301)
}

/** A path of ours and nothing else: `//elsewhere.example` would be another site's address. */
export const ownPath = (path: string): string => `/${path.replace(/^[/\\]+/, '')}`
