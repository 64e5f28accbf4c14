import type { Context, ErrorHandler, NotFoundHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { isGone, isReserved, type WebEnv } from '../domains/identity/index.ts'
import { newToken } from '../platform/ids.ts'
import { around, bareAround } from './frame.ts'
import { GonePage, NotFoundPage, ProblemPage } from './pages/plain.tsx'
import type { SitePage } from './pages/types.ts'
import { ownPath, withoutEndSlashes } from './redirect.ts'
import { htmlOf, type Site } from './site.ts'
import { visitOf } from './visit.ts'
import { withoutToken } from './without-token.rules.ts'

/** Browsers that open a page say that they take HTML; pictures, players, scripts and programs do not. */
const wantsPage = (c: Context<WebEnv>) => (c.req.header('accept') ?? '').includes('text/html') && Boolean(c.get('page'))

/** 404, or 410 for what was somebody's who is gone: a page for people, a line for programs. A path that ends in a slash is another way of writing ours. */
export const notFound =
  (site: Site): NotFoundHandler<WebEnv> =>
  async (c) => {
    // As it was sent: what Hono calls the path is decoded, and may hold what no header takes.
    const { pathname, search } = new URL(c.req.url)
    if (c.req.method === 'GET' && pathname.length > 1 && pathname.endsWith('/'))
      return c.redirect(ownPath(withoutEndSlashes(pathname)) + search, 301)
    c.header('Cache-Control', 'private, no-cache')
    if (await wasHere(site, pathname)) {
      if (!wantsPage(c)) return c.text('This was deleted.', 410)
      const html = await htmlOf(<GonePage {...(await framed(site, c))} />)
      return site.pages.once(c, { html, headers: languageOf(c) }, 410)
    }
    if (!wantsPage(c)) return c.text('There is nothing here.', 404)
    const html = await htmlOf(<NotFoundPage {...(await framed(site, c))} />)
    return site.pages.once(c, { html, headers: languageOf(c) }, 404)
  }

/** Whether this was under the address of somebody who was deleted. */
async function wasHere({ platform }: Site, pathname: string): Promise<boolean> {
  const segments = pathname.split('/').slice(1).map(decoded)
  const [first = '', second = ''] = segments
  const slug = first === 'follow' || first === 'write' ? second : first
  return !isReserved(slug) && (await isGone(platform.db, slug))
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** 500: said in the visitor's language, with what the log knows it by. */
export const onError =
  (site: Site): ErrorHandler<WebEnv> =>
  async (error, c) => {
    if (error instanceof HTTPException && error.status < 500) return error.getResponse()
    const id = newToken(6)
    site.platform.log.error({ err: error, path: withoutToken(c.req.path), id }, 'request failed')
    c.header('Cache-Control', 'private, no-store')
    if (!wantsPage(c)) return c.text(`Something went wrong here. It was noted as ${id}.`, 500)
    try {
      const html = await htmlOf(<ProblemPage {...(await framed(site, c))} id={id} />)
      return site.pages.once(c, { html, headers: languageOf(c) }, 500)
    } catch {
      return c.text(`Something went wrong here. It was noted as ${id}.`, 500)
    }
  }

const languageOf = (c: Context<WebEnv>) => ({ 'Content-Language': c.get('page').lang })

/** What went wrong may be what the frame is read from. */
const framed = (site: Site, c: Context<WebEnv>): Promise<SitePage> => {
  const visit = visitOf(c)
  return around(site, visit).catch(() => bareAround(visit))
}
