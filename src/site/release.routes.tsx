import { type Context, Hono } from 'hono'
import { isBot } from '../domains/exchange/index.ts'
import { artistBySlug, isReserved, type WebEnv } from '../domains/identity/index.ts'
import {
  countVisit,
  releasePage,
  releasePath,
  releaseTeaser,
  type TrackPage,
  trackPage,
  trackPath,
  translationsOf,
} from '../domains/music/index.ts'
import { productsAbout } from '../domains/shop/index.ts'
import { forOneReader, type Moment, open } from '../platform/http/index.ts'
import { EMBED_SIZES, embedCode, embedPath } from '../ui/embed-code.ts'
import { manifestPath, releasesOf } from './artist.view.ts'
import { reachableBy } from './fans.tsx'
import { feedsOf } from './feeds.ts'
import { around } from './frame.ts'
import { askPath } from './given.routes.tsx'
import { ReleasePage } from './pages/release.tsx'
import { TeaserPage } from './pages/teaser.tsx'
import { TrackPage as TrackSheet } from './pages/track.tsx'
import { withSameQuery } from './redirect.ts'
import { asks, noticeFor, releaseView, type Shown, show } from './release.view.ts'
import { type Sight, seeing } from './sight.ts'
import { htmlOf, type Site } from './site.ts'
import { themeOf } from './sleeve.ts'
import { releaseSocial, trackSocial } from './social.ts'
import { releaseTeaserView, teaserSocial } from './teaser.view.ts'
import { trackView } from './track.view.ts'
import { type Visit, visitOf } from './visit.ts'

const CARRIED = ['key', 'preview']
const MORE = 6

/** `/{artist}/{release}` and `/{artist}/{release}/{track}`. */
export function releaseRoutes(site: Site): Hono<WebEnv> {
  const { platform, pages } = site
  const { db } = platform

  /** Counts an opened secret link, and says how few may keep the answer. */
  async function admit(c: Context<WebEnv>, sight: Sight, shown: Shown): Promise<void> {
    if (sight.kind === 'public' && shown.release.visibility === 'public') return
    forOneReader(c)
    if (sight.kind === 'key' && c.req.method === 'GET' && !isBot(c.req.raw.headers)) await countVisit(db, sight.token)
  }

  const manifestOf = ({ release }: Shown) => manifestPath(release.artist.slug)

  /** A page that is not everybody's has no feed of its own. */
  const feedsFor = ({ release, sight, visit }: Shown) =>
    feedsOf({
      of: release.artist,
      ...(sight.kind === 'public' && { release }),
      lang: visit.page.lang,
    })

  async function releaseHtml(shown: Shown): Promise<string> {
    const { release, sight, visit } = shown
    const isOpen = sight.kind === 'public'
    const cards = await pages.remember(`cards ${release.artist.id}`, () => releasesOf(platform, release.artist.id))
    const own = cards.filter((card) => card.artistId === release.artist.id && card.id !== release.id).slice(0, MORE)
    const { artist, id } = release
    const texts = (await reachableBy(site)({ artistId: artist.id })).includes('sms')
    const view = {
      ...releaseView(shown, own),
      asked: asks(shown) ? { action: askPath('release', id), name: artist.name, texts } : null,
      offers: await productsAbout(db, [`release:${id}`], platform.now()),
      ...(isOpen && { follow: { name: artist.name, slug: artist.slug, subject: `release:${id}`, texts } }),
    }
    const { tall } = EMBED_SIZES
    const code = { src: visit.full(embedPath('release', release.id)), title: release.title, ...tall }
    return htmlOf(
      <ReleasePage
        {...(await around(site, visit, {
          sleeve: shown.sleeve,
          manifest: manifestOf(shown),
          theme: themeOf(shown.sleeve, release.artist.theme),
          feeds: feedsFor(shown),
        }))}
        release={view}
        queue={shown.heard.queue}
        social={releaseSocial(shown, view)}
        notice={noticeFor(shown)}
        embedCode={isOpen && shown.heard.queue.length ? embedCode(code) : undefined}
      />,
    )
  }

  async function trackHtml(shown: Shown, found: TrackPage, at: number): Promise<string> {
    const { release, visit } = shown
    const { artist } = release
    const asked = asks(shown)
      ? {
          action: askPath('track', found.track.id),
          name: artist.name,
          texts: (await reachableBy(site)({ artistId: artist.id })).includes('sms'),
        }
      : null
    const [offers, translations] = await Promise.all([
      productsAbout(db, [`track:${found.track.id}`, `release:${release.id}`], platform.now()),
      translationsOf(db, found.track.recordingId, at),
    ])
    return htmlOf(
      <TrackSheet
        {...(await around(site, visit, {
          sleeve: shown.sleeve,
          manifest: manifestOf(shown),
          theme: themeOf(shown.sleeve, release.artist.theme),
          feeds: feedsFor(shown),
        }))}
        track={{ ...trackView(shown, found, { ...translations, page: at }), asked, offers }}
        queue={shown.heard.queue}
        queueIndex={shown.heard.places.get(found.track.id) ?? null}
        social={trackSocial(shown, found.track)}
        notice={noticeFor(shown)}
      />,
    )
  }

  return new Hono<WebEnv>()
    .get('/:artist/:release', open, async (c) => {
      const { artist: artistSlug, release: releaseSlug } = c.req.param()
      if (isReserved(artistSlug)) return c.notFound()
      const since = pages.moment()
      const visit = visitOf(c, CARRIED)
      const { found, sight } = await seeing(c, platform, (looking) =>
        releasePage(db, { artistSlug, releaseSlug, ...looking }),
      )
      if (!found) return (await teaserAt(c, since, visit, { artistSlug, releaseSlug })) ?? elsewhere(c, artistSlug)
      if ('moved' in found) return withSameQuery(c, releasePath(found.moved.artistSlug, found.moved.releaseSlug))
      if (found.visibility === 'public' && c.req.query('key')) return withoutKey(c)
      const shown = await show(platform, found, sight, visit)
      await admit(c, sight, shown)
      return pages.serve(c, since, async () => ({
        html: await releaseHtml(shown),
        headers: { 'Content-Language': visit.page.lang },
      }))
    })
    .get('/:artist/:release/:track', open, async (c) => {
      const { artist: artistSlug, release: releaseSlug, track: trackSlug } = c.req.param()
      if (isReserved(artistSlug)) return c.notFound()
      const since = pages.moment()
      const visit = visitOf(c, CARRIED)
      const { found, sight } = await seeing(c, platform, (looking) =>
        trackPage(db, { artistSlug, releaseSlug, trackSlug, ...looking }),
      )
      if (!found) {
        // Which tracks there are is for members: whatever is asked for leads to what everybody may know.
        const teaser = await releaseTeaser(db, { artistSlug, releaseSlug })
        return teaser ? c.redirect(visit.to(teaser.path), 302) : elsewhere(c, artistSlug)
      }
      if ('moved' in found) {
        const { moved } = found
        return withSameQuery(c, trackPath(moved.artistSlug, moved.releaseSlug, moved.trackSlug ?? trackSlug))
      }
      if (found.release.visibility === 'public' && c.req.query('key')) return withoutKey(c)
      const shown = await show(platform, found.release, sight, visit)
      await admit(c, sight, shown)
      return pages.serve(c, since, async () => ({
        html: await trackHtml(shown, found, translationsPage(c.req.query('translations'))),
        headers: { 'Content-Language': visit.page.lang },
      }))
    })

  /** What everybody may know of a release for members. */
  async function teaserAt(
    c: Context<WebEnv>,
    since: Moment,
    visit: Visit,
    asked: { artistSlug: string; releaseSlug: string },
  ): Promise<Response | null> {
    const teaser = await releaseTeaser(db, asked)
    if (!teaser || teaser.path !== releasePath(asked.artistSlug, asked.releaseSlug)) return null
    const sleeve = teaser.cover && ({ kind: 'picture', cover: teaser.cover } as const)
    return pages.serve(c, since, async () => ({
      html: await htmlOf(
        <TeaserPage
          {...(await around(site, visit, {
            sleeve,
            manifest: manifestPath(teaser.artist.slug),
            theme: themeOf(sleeve, teaser.artist.theme),
            feeds: feedsOf({ of: teaser.artist, lang: visit.page.lang }),
          }))}
          teaser={releaseTeaserView(teaser, await site.members.plansOf(teaser.artist.id), visit)}
          social={teaserSocial(visit, teaser)}
        />,
      ),
      headers: { 'Content-Language': visit.page.lang },
    }))
  }

  /** An address typed in another case leads where it means; anything else is not there. */
  async function elsewhere(c: Context<WebEnv>, artistSlug: string): Promise<Response> {
    const there = await artistBySlug(db, artistSlug)
    if (there?.kind !== 'moved') return c.notFound()
    const rest = new URL(c.req.url).pathname.split('/').slice(2).join('/')
    return withSameQuery(c, `/${encodeURIComponent(there.slug)}/${rest}`)
  }

  /** What became public needs no key any more: the address that people pass on should hold none. */
  function withoutKey(c: Context<WebEnv>): Response {
    const url = new URL(c.req.url)
    url.searchParams.delete('key')
    c.header('Cache-Control', 'private, no-store')
    c.header('Referrer-Policy', 'no-referrer')
    return c.redirect(url.pathname + url.search, 302)
  }
}

/** Which page of a track's translations is asked for, from 0. */
const translationsPage = (asked: string | undefined): number => (asked && /^\d{1,3}$/.test(asked) ? Number(asked) : 0)
