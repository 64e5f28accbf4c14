import { type Context, Hono } from 'hono'
import {
  type Artist,
  artistBySlug,
  can,
  isReserved,
  type Label,
  labelRoster,
  type ThemeChoice,
  type WebEnv,
} from '../domains/identity/index.ts'
import { journalPath } from '../domains/journal/index.ts'
import { type Membership, memberReleases } from '../domains/music/index.ts'
import { openOperations } from '../domains/operations/index.ts'
import { pressPage } from '../domains/press/index.ts'
import { membershipsHere, publicProducts } from '../domains/shop/index.ts'
import { forOneReader, type Moment, open } from '../platform/http/index.ts'
import { formats, type Lang } from '../platform/i18n/index.ts'
import { artistView, imageById, latestQueue, manifestPath, releasesOf, releasesOfLabel, roster } from './artist.view.ts'
import { reachableBy } from './fans.tsx'
import { feedsOf } from './feeds.ts'
import { around, placeOf } from './frame.ts'
import { itemCard, latestPosts } from './journal/view.tsx'
import { ArtistPage } from './pages/artist.tsx'
import { HomePage, type HomeView } from './pages/home.tsx'
import { withSameQuery } from './redirect.ts'
import { cardView, prose } from './release.view.ts'
import { htmlOf, type Site } from './site.ts'
import { sleeveOf, themeOf } from './sleeve.ts'
import { artistSocial, plainSocial } from './social.ts'
import { readThemeChoice } from './theme/choice.rules.ts'
import { type Visit, visitOf } from './visit.ts'
import { served } from './words.ts'

/** Four names are said, of more the first three and how many others there are: nobody is left out unsaid. */
function namesOf(artists: { name: string }[], lang: Lang): string {
  const names = artists.map(({ name }) => name)
  if (names.length <= 4) return formats(lang).list(names)
  return served(lang)('names_and_others', { names: names.slice(0, 3).join(', '), count: names.length - 3 })
}

/** `/` and `/{artist or label}`. */
export function homeRoutes(site: Site): Hono<WebEnv> {
  const { platform, pages } = site
  const { db } = platform

  async function ofArtist(
    artist: Artist,
    visit: Visit,
    memberships: readonly Membership[],
    choice: ThemeChoice = artist.theme,
  ) {
    const cards = await pages.remember(`cards ${artist.id}`, () => releasesOf(platform, artist.id))
    const portrait = await pages.remember(`portrait ${artist.id}`, () => imageById(platform, artist.portraitImageId))
    const posts = await pages.remember(`posts ${artist.id}`, () => latestPosts(platform, artist.id, 3))
    const forMembers = memberships.length
      ? await memberReleases(db, artist.id, platform.now(), memberships)
      : await pages.remember(`members ${artist.id}`, () => memberReleases(db, artist.id, platform.now()))
    const offers = await pages.remember(`offers ${artist.id}`, () => publicProducts(db, artist.id, platform.now()))
    const operations = await pages.remember(`operations ${artist.id}`, () => openOperations(db, artist.id))
    const { isPublic: press } = await pages.remember(`press ${artist.id}`, () => pressPage(db, artist.id))
    const texts = (await reachableBy(site)({ artistId: artist.id })).includes('sms')
    const newest = cards[0]
    const face = portrait ? ({ kind: 'picture', cover: portrait } as const) : newest ? sleeveOf(newest) : null
    const sleeve = newest ? sleeveOf(newest) : face
    return {
      artist: artistView(artist, { portrait, cards, forMembers, posts, offers, operations, press, texts }, visit),
      queue: await latestQueue(platform, newest, visit),
      theme: themeOf(sleeve, choice),
      sleeve,
      face,
      albums: cards.map(({ title, path }) => ({ name: title, path })),
    }
  }

  async function artistHtml(
    artist: Artist,
    visit: Visit,
    memberships: readonly Membership[],
    choice?: ThemeChoice,
  ): Promise<string> {
    const found = await ofArtist(artist, visit, memberships, choice)
    const path = `/${encodeURIComponent(artist.slug)}`
    return htmlOf(
      <ArtistPage
        {...(await around(site, visit, {
          sleeve: found.sleeve,
          theme: found.theme,
          manifest: manifestPath(artist.slug),
          feeds: feedsOf({ of: artist, lang: visit.page.lang }),
        }))}
        artist={found.artist}
        queue={found.queue}
        social={artistSocial(visit, { artist, sleeve: found.face, albums: found.albums, canonical: visit.full(path) })}
      />,
    )
  }

  async function homeHtml(visit: Visit, memberships: readonly Membership[]): Promise<string> {
    const place = await placeOf(site)
    const { lang } = visit.page
    if (place.only) {
      const { artist, queue, theme, sleeve, face, albums } = await ofArtist(place.only, visit, memberships)
      return htmlOf(
        <HomePage
          {...(await around(site, visit, { sleeve, theme, feeds: feedsOf({ of: place.only, lang }) }))}
          home={{ kind: 'artist', artist, queue }}
          social={artistSocial(visit, { artist: place.only, sleeve: face, albums, canonical: visit.full('/') })}
        />,
      )
    }
    const known = new Set(place.latest.map(({ artistId }) => artistId))
    const artists = place.artists.filter(({ id }) => known.has(id))
    const label = place.labels.length === 1 ? place.labels[0] : undefined
    const names = namesOf(artists, lang)
    const home: HomeView = place.latest.length
      ? {
          kind: 'label',
          queue: await latestQueue(platform, place.latest[0], visit),
          label: {
            id: label?.id ?? '',
            name: place.name ?? names,
            about: prose(label?.description ?? '', label?.language ?? lang),
            artists: roster(artists, place.latest, visit),
            ...(label && {
              follow: {
                name: label.name,
                slug: label.slug,
                texts: (await reachableBy(site)({ labelId: label.id })).includes('sms'),
              },
              journal: await journalOf(label, visit),
            }),
            releases: place.latest.map((card) => cardView(card, visit)),
          },
        }
      : { kind: 'empty' }
    const line = artists.length ? served(lang)('card_roster', { names }) : served(lang)('card_empty')
    return htmlOf(
      <HomePage
        {...(await around(site, visit, label && { feeds: feedsOf({ of: label, lang }) }))}
        home={home}
        social={plainSocial(visit, '/', line, place.sleeve)}
      />,
    )
  }

  /** The newest that a label wrote. */
  async function journalOf({ id, slug }: Label, visit: Visit) {
    const posts = await pages.remember(`posts ${id}`, () => latestPosts(platform, id, 3))
    return { href: visit.to(journalPath(slug)), posts: posts.map((post) => itemCard(post, visit)) }
  }

  async function labelHtml(label: Label, visit: Visit): Promise<string> {
    const { lang } = visit.page
    const artists = await labelRoster(db, label.id)
    const cards = await pages.remember(`cards ${label.id}`, () => releasesOfLabel(platform, label.id))
    const newest = cards[0]
    const sleeve = newest ? sleeveOf(newest) : null
    const image = await imageById(platform, label.imageId)
    const texts = (await reachableBy(site)({ labelId: label.id })).includes('sms')
    const path = `/${encodeURIComponent(label.slug)}`
    const line = artists.length ? served(lang)('card_roster', { names: namesOf(artists, lang) }) : label.name
    const face = image ? ({ kind: 'picture', cover: image } as const) : sleeve
    const frame = await around(site, visit, {
      sleeve: face,
      theme: themeOf(sleeve),
      feeds: feedsOf({ of: label, lang }),
    })
    return htmlOf(
      <HomePage
        {...frame}
        site={{ ...frame.site, name: label.name }}
        home={{
          kind: 'label',
          queue: await latestQueue(platform, newest, visit),
          label: {
            id: label.id,
            name: label.name,
            about: prose(label.description, label.language),
            artists: roster(artists, cards, visit),
            follow: { name: label.name, slug: label.slug, texts },
            journal: await journalOf(label, visit),
            releases: cards.map((card) => cardView(card, visit)),
          },
        }}
        social={plainSocial(visit, path, line, face)}
      />,
    )
  }

  const serve = (c: Context<WebEnv>, since: Moment, visit: Visit, html: () => Promise<string>) =>
    pages.serve(c, since, async () => ({
      html: await html(),
      headers: { 'Content-Language': visit.page.lang },
    }))

  return new Hono<WebEnv>()
    .get('/', open, async (c) => {
      const visit = visitOf(c)
      const since = pages.moment()
      const memberships = await letIn(c)
      return serve(c, since, visit, () => homeHtml(visit, memberships))
    })
    .get('/:artist', open, async (c) => {
      const slug = c.req.param('artist')
      if (isReserved(slug)) return c.notFound()
      const since = pages.moment()
      const found = await artistBySlug(db, slug)
      if (!found) return c.notFound()
      if (found.kind === 'moved') return withSameQuery(c, `/${encodeURIComponent(found.slug)}`)
      const visit = visitOf(c)
      if (found.kind === 'label') return serve(c, since, visit, () => labelHtml(found.label, visit))
      const memberships = await letIn(c)
      const choice = tried(c, found.artist.id)
      if (choice) forOneReader(c)
      return serve(c, since, visit, () => artistHtml(found.artist, visit, memberships, choice ?? undefined))
    })

  /** As whose member this browser was let in: what it is answered with is nobody else's. */
  async function letIn(c: Context<WebEnv>): Promise<Membership[]> {
    const memberships = await membershipsHere(c, platform)
    if (memberships.length) forOneReader(c)
    return memberships
  }

  /** The look that who may edit this artist is trying out: `?preview=1&pairing=&scheme=&accent=`. */
  function tried(c: Context<WebEnv>, artistId: string): ThemeChoice | null {
    if (c.req.query('preview') !== '1' || !can(c.get('actor'), 'artist.edit', { kind: 'artist', artistId })) return null
    return readThemeChoice(c.req.query())
  }
}
