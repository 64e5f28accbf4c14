import { type Context, Hono } from 'hono'
import { etag } from 'hono/etag'
import type { WebEnv } from '../../domains/identity/index.ts'
import { trackPage } from '../../domains/music/index.ts'
import { membershipByFeed } from '../../domains/shop/index.ts'
import { forOneReader, isForBrowser, open, type PageCache } from '../../platform/http/index.ts'
import { isLang } from '../../platform/i18n/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { feedAt, writtenIn } from './content.ts'
import { readPlace } from './gather.ts'
import { memberFeed } from './members.ts'
import { feedCss } from './style.ts'
import { hubRoutes } from './websub/hub.routes.ts'
import { FEED_TYPES, writeFeed } from './write.ts'

/**
 * Feeds of everything that everyone may read: RSS, Atom and JSON Feed of an artist or a label, of their journal and of a series, Podcasting 2.0 of a release, an
 * artist's list and an artist as publisher; words of songs as plain text; the hub.
 */
export function feedRoutes(platform: Platform, pages: PageCache): Hono<WebEnv> {
  const { db, now } = platform

  async function feed(c: Context<WebEnv>): Promise<Response> {
    const since = pages.moment()
    const { pathname } = new URL(c.req.url)
    const found = await pages.remember(`feed ${pathname} ${c.req.query('before') ?? ''}`, () =>
      feedAt(platform, pathname, readPlace(c.req.query('before'))),
    )
    if (!found) return c.notFound()
    if ('moved' in found) return c.redirect(found.moved, 301)
    c.header('Access-Control-Allow-Origin', '*')
    return pages.serve(c, since, async () => ({
      html: found.text,
      headers: {
        // What calls itself a feed a browser shows as source, without its style.
        'Content-Type': isForBrowser(c.req.header('accept')) ? found.type.replace(/\w+\+xml/, 'xml') : found.type,
        'Access-Control-Allow-Origin': '*',
        Vary: 'Accept, Accept-Encoding',
      },
    }))
  }

  return new Hono<WebEnv>()
    .get('/feed.css', open, (c) => {
      const asked = c.req.query('lang')
      c.header('Content-Type', 'text/css; charset=utf-8')
      c.header('Cache-Control', 'public, max-age=3600')
      return c.body(feedCss(isLang(asked) ? asked : c.get('page').lang))
    })
    .get('/member-feed/:file{[A-Za-z0-9_-]{32}\\.xml}', open, etag(), async (c) => {
      const membership = await membershipByFeed(platform, c.req.param('file').slice(0, -4))
      const feed = membership && (await memberFeed(platform, membership, { path: new URL(c.req.url).pathname }))
      if (!feed) return c.notFound()
      forOneReader(c)
      const forBrowser = isForBrowser(c.req.header('accept'))
      c.header('Content-Type', forBrowser ? 'application/xml; charset=utf-8' : FEED_TYPES.rss)
      return c.body(writeFeed(feed, 'rss', writtenIn(feed.language)))
    })
    .get('/:artist/:file{(?:feed\\.(?:xml|atom|json)|music\\.xml|publisher\\.xml)}', open, feed)
    .get('/:artist/journal/:file{feed\\.(?:xml|atom|json)}', open, feed)
    .get('/:artist/take-part/:series/:file{feed\\.(?:xml|atom|json)}', open, feed)
    .get('/:artist/:release/:file{feed\\.xml}', open, feed)
    .get('/:artist/:release/:track/:file{lyrics\\.txt}', open, async (c) => {
      const { artist, release, track } = c.req.param()
      const found = await trackPage(db, {
        artistSlug: artist,
        releaseSlug: release,
        trackSlug: track,
        now: now(),
      })
      if (!found) return c.notFound()
      if ('moved' in found) return c.notFound()
      if (found.release.visibility !== 'public' || !found.track.lyrics) return c.notFound()
      c.header('Cache-Control', 'public, max-age=300')
      c.header('Access-Control-Allow-Origin', '*')
      return c.text(`${found.track.lyrics.trim()}\n`)
    })
    .route('/', hubRoutes(platform))
}
