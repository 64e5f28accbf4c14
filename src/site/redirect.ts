import type { Context } from 'hono'

/** Leads on for good to another path of this site, keeping what the address asked besides. */
export function withSameQuery(c: Context, path: string): Response {
  return c.redirect(ownPath(path) + new URL(c.req.url).search, 301)
}

/** `/a/b//` -> `/a/b`. By hand: a pattern that ends in `+$` starts again at each slash of a long row, which takes a second. */
export function withoutEndSlashes(path: string): string {
  let end = path.length
  while (path[end - 1] === '/') end--
  return path.slice(0, end)
}

/** A path of ours and nothing else: `//elsewhere.example` would be another site's address. */
export const ownPath = (path: string): string => `/${path.replace(/^[/\\]+/, '')}`
