import { Hono } from 'hono'
import { describe } from '../domains/exchange/index.ts'
import type { WebEnv } from '../domains/identity/index.ts'
import { searchPosts } from '../domains/journal/index.ts'
import { pictureOf, releaseCards, type SearchHit, search } from '../domains/music/index.ts'
import { allow, open } from '../platform/http/index.ts'
import { around } from './frame.ts'
import { ProblemPage } from './pages/plain.tsx'
import { type Found, SearchPage } from './pages/search.tsx'
import { cardView } from './release.view.ts'
import { htmlOf, type Site } from './site.ts'
import { type Visit, visitOf } from './visit.ts'

/** Words are looked for in all names, letter by letter: more than reading a page costs. */
const SEARCHES = { name: 'search', most: 120, windowSeconds: 60 }
const LONGEST = 100

/** `/search?q=` */
export function searchRoutes(site: Site): Hono<WebEnv> {
  const { platform, pages } = site
  return new Hono<WebEnv>().get('/search', open, async (c) => {
    const visit = visitOf(c, ['q'])
    const query = (c.req.query('q') ?? '').replace(/\s+/g, ' ').trim().slice(0, LONGEST)
    const frame = await around(site, visit)
    const headers = { 'Content-Language': visit.page.lang }
    if (query && !(await allow(platform, SEARCHES, c.get('address'))))
      return pages.once(c, { html: await htmlOf(<ProblemPage {...frame} kind="too_many" />), headers }, 429)
    const found = query ? await look(site, query, visit) : null
    return pages.once(c, { html: await htmlOf(<SearchPage {...frame} query={query} found={found} />), headers })
  })
}

async function look({ platform, subjects }: Site, query: string, visit: Visit): Promise<Found> {
  const { db, now } = platform
  const [hits, posts] = await Promise.all([search(db, query, now()), searchPosts(db, query, now())])
  const of = (kind: SearchHit['kind']) => hits.filter((hit) => hit.kind === kind)
  const tracks = of('track')
  const facts = await describe(
    db,
    subjects,
    tracks.map(({ id }) => `track:${id}` as const),
  )
  const releaseOf = (trackId: string) => facts.get(`track:${trackId}`)?.givenAs.slice('release:'.length) ?? ''
  const ids = [...of('release').map(({ id }) => id), ...tracks.map(({ id }) => releaseOf(id))]
  const cards = await releaseCards(db, [...new Set(ids.filter(Boolean))], now())
  return {
    artists: of('artist').map(({ title, path, cover }) => ({
      name: title,
      href: visit.to(path),
      line: null,
      picture: cover && pictureOf(cover, ''),
    })),
    releases: of('release').flatMap(({ id }) => {
      const card = cards.get(id)
      return card ? [cardView(card, visit)] : []
    }),
    tracks: tracks.flatMap(({ id, title, path, artists }) => {
      const card = cards.get(releaseOf(id))
      if (!card) return []
      const names = artists.length ? artists : card.artists
      return [
        {
          title,
          href: visit.to(path),
          artists: names.map(({ name }) => name),
          durationMs: null,
          release: cardView(card, visit),
        },
      ]
    }),
    posts: posts.map(({ title, path, writer, publishedAt }) => ({ title, href: visit.to(path), writer, publishedAt })),
    near: posts.length === 0 && hits.length > 0 && !hits.some(({ title }) => folded(title).includes(folded(query))),
  }
}

const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
