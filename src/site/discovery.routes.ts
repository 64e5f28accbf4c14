import { type Context, Hono } from 'hono'
import { artistBySlug, type WebEnv } from '../domains/identity/index.ts'
import { countPublicPostPages, publicPostPages } from '../domains/journal/index.ts'
import { countPublicPages, publicPages } from '../domains/music/index.ts'
import { countShopPages, publicShopPages } from '../domains/shop/index.ts'
import { open } from '../platform/http/index.ts'
import { LANGUAGES } from '../platform/i18n/index.ts'
import { toHex } from '../ui/colour/convert.ts'
import type { Theme } from '../ui/colour/theme.types.ts'
import { releasesOf } from './artist.view.ts'
import { placeOf } from './frame.ts'
import type { Site } from './site.ts'
import { iconPath, type Sleeve, sleeveOf, themeOf } from './sleeve.ts'

/** A sitemap holds at most 50,000 addresses and 50 MB (sitemaps.org); with its languages each of ours is about 400 bytes. */
const PER_PAGE = 5_000
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
const SITEMAP = 'http://www.sitemaps.org/schemas/sitemap/0.9'

/** What programs ask a site for: `robots.txt`, `sitemap.xml`, manifests. */
export function discoveryRoutes(site: Site): Hono<WebEnv> {
  const { platform, pages } = site
  const { db, now, config } = platform
  const base = config.baseUrl

  const xml = (c: Context, body: string) => {
    c.header('Content-Type', 'application/xml; charset=utf-8')
    c.header('Cache-Control', 'public, max-age=600')
    return c.body(HEAD + body)
  }

  async function placesXml(): Promise<string> {
    const { only, artists, labels } = await placeOf(site)
    const owners = only ? [only.slug] : [...artists, ...labels].map(({ slug }) => slug)
    return ['/', ...owners.map((slug) => `/${encodeURIComponent(slug)}`)].map((path) => entry(base + path)).join('')
  }

  async function musicXml(page: number): Promise<string> {
    const found = await publicPages(db, now(), { offset: (page - 1) * PER_PAGE, limit: PER_PAGE })
    return found.map(({ path, updatedAt }) => entry(base + path, updatedAt)).join('')
  }

  async function postsXml(page: number): Promise<string> {
    const found = await publicPostPages(db, now(), { offset: (page - 1) * PER_PAGE, limit: PER_PAGE })
    return found.map(({ path, updatedAt }) => entry(base + path, updatedAt)).join('')
  }

  async function shopXml(page: number): Promise<string> {
    const found = await publicShopPages(db, { offset: (page - 1) * PER_PAGE, limit: PER_PAGE })
    return found.map(({ path, updatedAt }) => entry(base + path, updatedAt)).join('')
  }

  return new Hono<WebEnv>()
    .get('/robots.txt', open, (c) =>
      c.text(
        'User-agent: *\nDisallow: /studio\nDisallow: /take/\nDisallow: /search\nDisallow: /visitor\nDisallow: /media/release/\nDisallow: /media/track/\n' +
          `\nSitemap: ${base}/sitemap.xml\n`,
      ),
    )
    .get('/sitemap.xml', open, async (c) => {
      const [asked, posts, goods] = ['page', 'posts', 'shop'].map((part) => c.req.query(part))
      if ((asked ?? posts ?? goods) === undefined) {
        const [music, journal, offered] = await Promise.all([
          pages.remember('public pages', () => countPublicPages(db, now())),
          pages.remember('public posts', () => countPublicPostPages(db, now())),
          pages.remember('public shops', () => countShopPages(db)),
        ])
        const list = [...partsOf('page', Math.max(1, music)), ...partsOf('posts', journal), ...partsOf('shop', offered)]
        return xml(c, `<sitemapindex xmlns="${SITEMAP}">${list.join('')}</sitemapindex>`)
      }
      const page = Number(asked ?? posts ?? goods)
      if (!Number.isInteger(page) || page < 1 || page > 100_000) return c.notFound()
      const body =
        asked !== undefined
          ? (page === 1 ? await placesXml() : '') + (await musicXml(page))
          : await (posts === undefined ? shopXml(page) : postsXml(page))
      if (!body) return c.notFound()
      return xml(c, `<urlset xmlns="${SITEMAP}" xmlns:xhtml="http://www.w3.org/1999/xhtml">${body}</urlset>`)
    })
    .get('/manifest.webmanifest', open, async (c) => {
      const { name, sleeve, theme } = await placeOf(site)
      return manifest(c, { name: name ?? new URL(base).hostname, path: '/', sleeve, theme })
    })
    .get('/:artist/manifest.webmanifest', open, async (c) => {
      const found = await artistBySlug(db, c.req.param('artist'))
      if (found?.kind !== 'artist') return c.notFound()
      const { artist } = found
      const cards = await pages.remember(`cards ${artist.id}`, () => releasesOf(platform, artist.id))
      const newest = cards[0]
      const sleeve = newest ? sleeveOf(newest) : null
      const theme = themeOf(sleeve, artist.theme)
      return manifest(c, { name: artist.name, path: `/${encodeURIComponent(artist.slug)}`, sleeve, theme })
    })

  /** The parts of the sitemap that hold so many pages. */
  function partsOf(name: 'page' | 'posts' | 'shop', count: number): string[] {
    const parts = Array.from({ length: Math.ceil(count / PER_PAGE) }, (_, i) => i + 1)
    return parts.map((n) => `<sitemap><loc>${base}/sitemap.xml?${name}=${n}</loc></sitemap>`)
  }

  /** One address and its languages (https://developers.google.com/search/docs/specialty/international/localized-versions#sitemap). */
  function entry(href: string, at?: Date): string {
    const others = LANGUAGES.map(
      (lang) => `<xhtml:link rel="alternate" hreflang="${lang}" href="${escaped(`${href}?lang=${lang}`)}"/>`,
    ).join('')
    const modified = at ? `<lastmod>${at.toISOString().slice(0, 19)}Z</lastmod>` : ''
    return `<url><loc>${escaped(href)}</loc>${modified}${others}</url>`
  }
}

type Named = { name: string; path: string; sleeve: Sleeve | null; theme: Theme }

/** https://www.w3.org/TR/appmanifest/ */
function manifest(c: Context, { name, path, sleeve, theme }: Named): Response {
  const scheme = theme.scheme === 'dark' ? theme.dark : theme.light
  c.header('Content-Type', 'application/manifest+json; charset=utf-8')
  c.header('Cache-Control', 'public, max-age=600')
  return c.body(
    JSON.stringify({
      id: path,
      name,
      short_name: name,
      start_url: path,
      scope: '/',
      display: 'minimal-ui',
      background_color: toHex(scheme.ground),
      theme_color: toHex(scheme.ground),
      icons: [192, 512].map((size) => ({
        src: sleeve ? iconPath(sleeve, size) : `/media/icon/house/${size}.png`,
        sizes: `${size}x${size}`,
        type: 'image/png',
      })),
    }),
  )
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }
const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign)
