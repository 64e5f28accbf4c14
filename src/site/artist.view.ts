import { type Artist, labelRoster } from '../domains/identity/index.ts'
import { type JournalItem, journalPath } from '../domains/journal/index.ts'
import {
  artistReleases,
  type Cover,
  labelReleases,
  pictureOf,
  type ReleaseCard,
  releaseById,
} from '../domains/music/index.ts'
import { type OpenOperation, operationPath } from '../domains/operations/index.ts'
import { pressPath } from '../domains/press/index.ts'
import type { PublicProduct } from '../domains/shop/index.ts'
import type { Platform } from '../platform/platform.ts'
import { itemCard } from './journal/view.tsx'
import type { ArtistView } from './pages/artist.tsx'
import type { ArtistCard, Queue } from './pages/types.ts'
import { cardView, prose, show } from './release.view.ts'
import { sleeveOf, still } from './sleeve.ts'
import type { Visit } from './visit.ts'
import { served } from './words.ts'

type Deps = Pick<Platform, 'db' | 'signer' | 'now'>

/** What an artist brought out here, newest first; what they only appear on after their own. */
export async function releasesOf({ db, now }: Deps, artistId: string): Promise<ReleaseCard[]> {
  const cards = await artistReleases(db, artistId, now())
  return [...cards.filter(({ isOwn }) => isOwn), ...cards.filter(({ isOwn }) => !isOwn)]
}

/** What the artists of a label brought out here, newest first. */
export async function releasesOfLabel(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  labelId: string,
): Promise<ReleaseCard[]> {
  const artists = await labelRoster(db, labelId)
  return labelReleases(db, { id: labelId, artistIds: artists.map(({ id }) => id) }, now())
}

export const manifestPath = (slug: string): string => `/${encodeURIComponent(slug)}/manifest.webmanifest`

type Of = {
  portrait: Cover | null
  cards: ReleaseCard[]
  posts: JournalItem[]
  /** Releases for members, those that everybody may know of among them. */
  forMembers: ReleaseCard[]
  offers: PublicProduct[]
  operations: OpenOperation[]
  /** The page for professionals is everybody's. */
  press: boolean
  texts: boolean
}

export const artistView = (
  artist: Artist,
  { portrait, cards, forMembers, posts, offers, operations, press, texts }: Of,
  visit: Visit,
): ArtistView => ({
  id: artist.id,
  name: artist.name,
  places: artist.places,
  portrait: portrait && pictureOf(portrait, served(visit.page.lang)('portrait_of', { name: artist.name })),
  biography: prose(artist.biography, artist.language),
  links: webLinks(artist.links),
  releases: cards.map((card) => cardView(card, visit)),
  offers,
  operations: operations.map(({ title, path }) => ({ title, href: visit.to(operationPath(...path)) })),
  press: press ? visit.to(pressPath(artist.slug)) : null,
  follow: { name: artist.name, slug: artist.slug, texts },
  journal: { href: visit.to(journalPath(artist.slug)), posts: posts.map((post) => itemCard(post, visit)) },
  forMembers: forMembers.map((card) => cardView(card, visit)),
})

/** Addresses of the web alone: whatever a link holds, nothing in it runs. */
export const webLinks = (links: { title: string; url: string }[]): { label: string; href: string }[] =>
  links.flatMap(({ title, url }) => {
    if (!URL.canParse(url) || !/^(https?|mailto):$/.test(new URL(url).protocol)) return []
    return [{ label: title || new URL(url).hostname || url, href: url }]
  })

export async function imageById({ db }: Deps, id: string | null): Promise<Cover | null> {
  if (!id) return null
  const row = await db
    .selectFrom('images')
    .select(['id', 'sha256', 'width', 'height', 'widths', 'palette'])
    .where('id', '=', id)
    .executeTakeFirst()
  return (row as Cover | undefined) ?? null
}

/** The newest release's tracks, for the one round control of a page that shows several. */
export async function latestQueue(deps: Deps, card: ReleaseCard | undefined, visit: Visit): Promise<Queue> {
  const release = card && (await releaseById(deps.db, card.id, { now: deps.now() }))
  return release ? (await show(deps, release, { kind: 'public' }, visit)).heard.queue : []
}

/** Artists as a roster shows them, with the sleeve of their newest release. */
export function roster(
  artists: { name: string; slug: string; places?: string[]; id: string }[],
  cards: ReleaseCard[],
  visit: Visit,
): ArtistCard[] {
  return artists.map(({ id, name, slug, places = [] }) => {
    const newest = cards.find((card) => card.artistId === id)
    return {
      name,
      href: visit.to(`/${encodeURIComponent(slug)}`),
      line: places[0] ?? null,
      picture: newest ? thumbnail(newest) : null,
    }
  })
}

/** A picture, or the cover that is drawn from the title, as one small file. */
function thumbnail(card: ReleaseCard) {
  if (card.cover) return pictureOf(card.cover, '')
  const { src, width, height } = still(sleeveOf(card), 320)
  return { src, width, height, alt: '', sources: [] }
}
