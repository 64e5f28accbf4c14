import { type Context, Hono } from 'hono'
import { describe } from '../domains/exchange/index.ts'
import type { WebEnv } from '../domains/identity/index.ts'
import { type PublicRelease, type PublicTrack, releaseById, releasePath } from '../domains/music/index.ts'
import { open } from '../platform/http/index.ts'
import { isId } from '../platform/ids.ts'
import { Document } from '../ui/document.tsx'
import { placeOf } from './frame.ts'
import { EmbedPage } from './pages/embed.tsx'
import { releaseView, type Shown, show, trackHref } from './release.view.ts'
import { htmlOf, type Site } from './site.ts'
import { themeOf } from './sleeve.ts'
import { type Visit, visitOf } from './visit.ts'
import { served } from './words.ts'

/**
 * `/embed/release/{id}` and `/embed/track/{id}`: the player inside other people's pages. These addresses hold ids and never change.
 * `?theme=light` or `dark` goes with the page around it; anything else in the address is let be.
 */
export function embedRoutes(site: Site): Hono<WebEnv> {
  const { platform, pages } = site
  const { db, now } = platform

  async function find(kind: string, id: string): Promise<{ release: PublicRelease; track: PublicTrack | null } | null> {
    if (!isId(id)) return null
    if (kind === 'release') {
      const release = await releaseById(db, id, { now: now() })
      return release && { release, track: null }
    }
    const facts = (await describe(db, site.subjects, [`track:${id}`])).get(`track:${id}`)
    const release = facts && (await releaseById(db, facts.givenAs.slice('release:'.length), { now: now() }))
    const track = release?.tracks.find((one) => one.id === id)
    return release && track ? { release, track } : null
  }

  return new Hono<WebEnv>().get('/embed/:kind{release|track}/:id', open, async (c) => {
    const since = pages.moment()
    const { kind, id } = c.req.param()
    const found = await find(kind, id)
    const visit = framed(visitOf(c), c)
    if (!found) return pages.once(c, { html: await goneHtml(site, visit) }, 404)
    const shown = await show(platform, found.release, { kind: 'public' }, visit)
    return pages.serve(c, since, async () => ({
      html: await embedHtml(shown, found.track, c.req.query('theme')),
      headers: { 'Content-Language': visit.page.lang },
    }))
  })
}

/** In a frame there is nobody to greet: the page is the same whoever is signed in. */
const framed = (visit: Visit, c: Context<WebEnv>): Visit => ({
  ...visit,
  page: { ...visit.page, path: c.req.path, url: visit.page.base + c.req.path, actor: null },
})

async function embedHtml(shown: Shown, track: PublicTrack | null, scheme: string | undefined): Promise<string> {
  const { release, visit, heard, sleeve } = shown
  const view = releaseView(shown, [])
  const theme = themeOf(sleeve, {
    ...release.artist.theme,
    ...((scheme === 'light' || scheme === 'dark') && { scheme }),
  })
  const place = track ? heard.places.get(track.id) : undefined
  const queue = track ? (place === undefined ? [] : heard.queue.slice(place, place + 1)) : heard.queue
  const line = track && view.tracks.find(({ id }) => id === track.id)
  const href = track ? trackHref(shown, track) : shown.linkTo(releasePath(release.artist.slug, release.slug))
  return htmlOf(
    <EmbedPage
      page={visit.page}
      theme={theme}
      of={{
        id: release.id,
        title: line ? line.title : release.title,
        artists: line?.artists.length ? line.artists : view.artists,
        picture: view.picture,
        href,
        tracks: line ? [{ ...line, queueIndex: queue.length ? 0 : null }] : view.tracks,
      }}
      queue={queue}
      subject={track ? `track:${track.id}` : `release:${release.id}`}
      canonical={visit.full(new URL(href, visit.page.base).pathname)}
    />,
  )
}

/** What stands in other people's pages once the music is gone: one sentence, and the way here. */
async function goneHtml(site: Site, { page, to }: Visit): Promise<string> {
  const t = served(page.lang)
  const { theme, name } = await placeOf(site)
  return htmlOf(
    <Document page={page} kind="embed" title={name ?? t('embed_gone')} theme={theme} styles={['site.css']} noindex>
      <main id="page">
        <p class="aside">
          {t('embed_gone')}{' '}
          <a href={page.base + to('/')} target="_blank" rel="noopener">
            {name ?? t('embed_site')}
          </a>
        </p>
      </main>
    </Document>,
  )
}
