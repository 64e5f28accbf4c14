import './tables.ts'
import { sql } from 'kysely'
import { artistBySlug } from '../../domains/identity/index.ts'
import { releasePage } from '../../domains/music/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { type Following, givingFeed, type Place, seriesFeed } from './gather.ts'
import { playlistFeed, publisherFeed, releaseFeedPath, releaseMusicFeed, type Support } from './music.ts'
import { words } from './words.ts'
import { FEED_TYPES, type FeedFormat, type Written, writeFeed } from './write.ts'

type Deps = Pick<Platform, 'db' | 'now' | 'config'>

/** A feed as it is served and distributed. */
export type Content = { text: string; type: string }
/** Its artist, label or release goes by another address now. */
export type Moved = { moved: string }

const FORMATS: Record<string, FeedFormat> = { xml: 'rss', atom: 'atom', json: 'json' }

/** The feed at a path of this place: null when there is none that everyone may read. */
export async function feedAt(deps: Deps, path: string, before: Place | null = null): Promise<Content | Moved | null> {
  const [slug = '', ...rest] = path
    .slice(1)
    .split('/')
    .map((segment) => decoded(segment))
  const file = rest.at(-1) ?? ''
  const [name, extension = ''] = file.split('.')
  const format = FORMATS[extension]
  if (rest.length === 2 && rest[0] !== 'journal' && file === 'feed.xml') return ofRelease(deps, slug, rest[0] ?? '')
  const found = await artistBySlug(deps.db, slug)
  if (found?.kind === 'moved') return { moved: `/${[found.slug, ...rest].map(encodeURIComponent).join('/')}` }
  if (!found) return null
  const written = writtenIn(found.kind === 'artist' ? found.artist.language : found.label.language)
  if (found.kind === 'artist') {
    const { artist } = found
    if (rest.length === 1 && file === 'music.xml') return rss(await playlistFeed(deps, artist, written))
    if (rest.length === 3 && rest[0] === 'take-part' && name === 'feed' && format) {
      const series = await seriesFeed(deps, artist, { slug: rest[1] ?? '', before, path })
      return series && { text: writeFeed(series, format, writtenIn(series.language)), type: FEED_TYPES[format] }
    }
    if (rest.length === 1 && file === 'publisher.xml')
      return rss(await publisherFeed(deps, artist, await supportOf(deps, artist.id), written))
  }
  const following: Following | null =
    name !== 'feed'
      ? null
      : rest.length === 1
        ? 'everything'
        : rest.length === 2 && rest[0] === 'journal'
          ? 'journal'
          : null
  if (!following || !format) return null
  const feed = await givingFeed(deps, found, { following, before, path })
  return { text: writeFeed(feed, format, written), type: FEED_TYPES[format] }
}

async function ofRelease(deps: Deps, artistSlug: string, releaseSlug: string): Promise<Content | Moved | null> {
  const release = await releasePage(deps.db, { artistSlug, releaseSlug, now: deps.now() })
  if (!release) return null
  if ('moved' in release)
    return {
      moved: `/${[release.moved.artistSlug, release.moved.releaseSlug].map(encodeURIComponent).join('/')}/feed.xml`,
    }
  const written = writtenIn(release.artist.language)
  return rss(await releaseMusicFeed(deps, release, await supportOf(deps, release.artist.id), written))
}

const rss = (text: string): Content => ({ text, type: FEED_TYPES.rss })

export const writtenIn = (lang: 'en' | 'fr'): Written => ({
  stylesheet: `/feed.css?lang=${lang}`,
  explanation: words(lang)('explanation'),
})

export async function supportOf({ db }: Pick<Platform, 'db'>, artistId: string): Promise<Support> {
  const row = await db
    .selectFrom('feedSupport')
    .select(['fundingUrl', 'fundingWords', 'lightning'])
    .where('artistId', '=', artistId)
    .executeTakeFirst()
  return row ?? { fundingUrl: null, fundingWords: '', lightning: null }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

const FILES = ['feed.xml', 'feed.atom', 'feed.json']
const everythingOf = (at: string) => FILES.map((file) => `${at}/${file}`)

/** The feeds of a series, given its page. */
export const feedsOfSeries = everythingOf

/** The feeds that show a post: those of whose journal it is. */
export function feedsOfPost(path: string): string[] {
  const at = `/${path.split('/')[1]}`
  return [...everythingOf(at), ...everythingOf(`${at}/journal`)]
}

/** The feeds that show a release: its own, its artist's, and those of the labels that bring it out. */
export async function feedsOfRelease(
  db: Platform['db'],
  { id, path }: { id: string; path: string },
): Promise<string[]> {
  const artist = `/${path.split('/')[1]}`
  const labels = await labelsBringingOut(db, id)
  return [
    ...everythingOf(artist),
    `${artist}/music.xml`,
    `${artist}/publisher.xml`,
    releaseFeedPath(path),
    ...labels.flatMap((slug) => everythingOf(`/${encodeURIComponent(slug)}`)),
  ]
}

/** The labels whose pages show a release: the one that it names, else, when it names none, those that its artist lets speak. */
async function labelsBringingOut(db: Platform['db'], releaseId: string): Promise<string[]> {
  const { rows } = await sql<{ slug: string }>`
    select l.slug from releases r join labels l on l.goes_at is null and (l.id = r.label_id or (r.label_id is null and r.label_name is null
      and exists (select from living_mandates m where m.label_id = l.id and m.artist_id = r.artist_id)))
    where r.id = ${releaseId}`.execute(db)
  return rows.map(({ slug }) => slug)
}
