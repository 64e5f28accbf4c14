import { Hono } from 'hono'
import type { PublicFrame, WebEnv } from '../domains/identity/index.ts'
import { LANGUAGES } from '../platform/i18n/index.ts'
import { alternatesOf } from '../ui/page.ts'
import { bonusRoutes } from './bonus.routes.ts'
import { discoveryRoutes } from './discovery.routes.ts'
import { echoRoutes } from './echo/routes.tsx'
import { embedRoutes } from './embed.routes.tsx'
import { around } from './frame.ts'
import { givenRoutes } from './given.routes.tsx'
import { homeRoutes } from './home.routes.tsx'
import { iconRoutes } from './icon.routes.ts'
import { journalSite } from './journal/routes.tsx'
import { SiteLayout } from './pages/layout.tsx'
import { Headline } from './pages/parts.tsx'
import { releaseRoutes } from './release.routes.tsx'
import { searchRoutes } from './search.routes.tsx'
import { shareRoutes } from './share.routes.tsx'
import { htmlOf, type Site } from './site.ts'
import { takeRoutes } from './take.routes.tsx'
import { themeRoutes } from './theme/routes.tsx'
import { visitOf } from './visit.ts'
import { visitorRoutes } from './visitor.routes.tsx'

/** The public site. Mounted last: its addresses begin with people's names, and take what nobody else has taken. */
export const siteRoutes = (site: Site): Hono<WebEnv> =>
  new Hono<WebEnv>()
    .use(async (c, next) => {
      // Said anew by whatever may be kept longer, or not at all.
      c.header('Cache-Control', 'private, no-cache')
      // No name holds it, and the database takes no text that does.
      if (/%00/.test(c.req.url)) return c.notFound()
      await next()
    })
    .route('/', discoveryRoutes(site))
    .route('/', iconRoutes(site))
    .route('/', bonusRoutes(site))
    .route('/', searchRoutes(site))
    .route('/', visitorRoutes(site))
    .route('/', givenRoutes(site))
    .route('/', shareRoutes(site))
    .route('/', echoRoutes(site))
    .route('/', takeRoutes(site))
    .route('/', embedRoutes(site))
    .route('/', themeRoutes(site))
    .route('/', homeRoutes(site))
    .route('/', journalSite(site))
    .route('/', releaseRoutes(site))

/** What stands around the public pages of other domains: legal notice, privacy, reports. */
export const publicFrame =
  (site: Site): PublicFrame =>
  async ({ c, title, canonical, children }) => {
    const visit = visitOf(c)
    c.header('Content-Language', visit.page.lang)
    c.header('Cache-Control', 'private, no-cache')
    c.header('Vary', 'Accept-Language, Cookie')
    return (await htmlOf(
      <SiteLayout
        {...(await around(site, visit))}
        title={title}
        canonical={canonical}
        alternates={alternatesOf(canonical, LANGUAGES)}
      >
        <article class="sheet">
          <header class="opening">
            <Headline title={title} lang={visit.page.lang} />
          </header>
          <div class="band">{children}</div>
        </article>
      </SiteLayout>,
    )) as Awaited<ReturnType<PublicFrame>>
  }
