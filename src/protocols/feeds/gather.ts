import { enclosuresOf, soundsOf } from '../../domains/audio/index.ts'
import { type Found, labelRoster } from '../../domains/identity/index.ts'
import {
  journalPath,
  loadParts,
  type Post,
  postById,
  postHtml,
  postSummary,
  publicPosts,
} from '../../domains/journal/index.ts'
import {
  artistLine,
  artistReleases,
  type Cover,
  labelReleases,
  type PublicRelease,
  proseHtml,
  releaseById,
  trackPath,
} from '../../domains/music/index.ts'
import { operationPath, seriesGiven } from '../../domains/operations/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { imageUrl } from '../../platform/images/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { drawnCoverPath } from '../../ui/cover/address.ts'
import type { Feed, Item } from './feed.types.ts'
import { words } from './words.ts'

type Deps = Pick<Platform, 'db' | 'now' | 'config'>
/** Whom a feed follows. */
export type Followed = Exclude<Found, { kind: 'moved' }>
/** What of them: everything that they give, or the journal alone. */
export type Following = 'everything' | 'journal'

/** How many a page of a feed holds; older ones are on the next (RFC 5005, section 3). */
export const PER_PAGE = 50

/** The place in a feed after which a page begins: `<milliseconds>.<id>`. */
export type Place = { publishedAt: Date; id: string }

export function readPlace(text: string | undefined): Place | null {
  const [, at, id] = /^(\d{1,15})\.([0-9a-f]{8}-[0-9a-f-]{27})$/.exec(text ?? '') ?? []
  return at && id ? { publishedAt: new Date(Number(at)), id } : null
}

/** One page of what an artist or a label gave, newest first: only what everyone may see. */
export async function givingFeed(
  platform: Deps,
  followed: Followed,
  { following, before, path }: { following: Following; before: Place | null; path: string },
): Promise<Feed> {
  const { db, now, config } = platform
  const base = config.baseUrl
  const { id, name, slug, language } = followed.kind === 'artist' ? followed.artist : followed.label
  const t = words(language)
  const pageUrl = base + (following === 'journal' ? journalPath(slug) : `/${encodeURIComponent(slug)}`)
  const [posts, releases] = await Promise.all([
    publicPosts(db, id, { limit: PER_PAGE + 1, before, now: now() }),
    following === 'everything' ? releasesBefore(await cardsOf(platform, followed), before) : [],
  ])
  const both = [
    ...posts.map((post) => ({ post, publishedAt: post.publishedAt, id: post.id })),
    ...releases.map((release) => ({ release, publishedAt: release.publishedAt, id: release.id })),
  ].sort((a, b) => b.publishedAt.getTime() - a.publishedAt.getTime() || (a.id < b.id ? 1 : -1))
  return {
    ...(await pageOf(platform, both, { language, before, path })),
    id: `urn:uuid:${id}${following === 'journal' ? '#journal' : ''}`,
    title: following === 'journal' ? t('journal_of', { name }) : name,
    description: t(
      following === 'journal'
        ? 'journal_words'
        : followed.kind === 'artist'
          ? 'everything_words'
          : 'everything_words_label',
      { name },
    ),
    author: { name, url: `${base}/${encodeURIComponent(slug)}` },
    pageUrl,
  }
}

/** One page of a series, the last that was given first: what everyone may have of it. */
export async function seriesFeed(
  platform: Deps,
  artist: { id: string; name: string; slug: string },
  { slug, before, path }: { slug: string; before: Place | null; path: string },
): Promise<Feed | null> {
  const { db, now, config } = platform
  const series = await seriesGiven(db, { artistId: artist.id, slug, now: now() })
  if (!series) return null
  const { id, title, words: said, language, given, end } = series
  const wanted = given.filter((one) => isBefore(one, before)).slice(0, PER_PAGE + 1)
  const all = await Promise.all(
    wanted.map(async ({ kind, id: of, publishedAt }): Promise<Shown | null> => {
      if (kind === 'release') return { release: { id: of }, publishedAt, id: of }
      const post = await postById(db, of, { now: now() })
      return post && { post: { ...post, publishedAt }, publishedAt, id: of }
    }),
  )
  const pageUrl = config.baseUrl + operationPath(artist.slug, slug)
  const page = await pageOf(
    platform,
    all.filter((one) => one !== null),
    { language, before, path },
  )
  const last = end && !before ? [endOf({ ...end, id, title, language, author: artist.name, url: pageUrl })] : []
  return {
    ...page,
    // What was just being published as it ended came a moment later.
    items: [...last, ...page.items].sort((a, b) => b.publishedAt.getTime() - a.publishedAt.getTime()),
    isOver: end !== null,
    id: `urn:uuid:${id}`,
    title: words(language)('series_of', { title, name: artist.name }),
    description: said.trim() || words(language)('series_words', { title, name: artist.name }),
    author: { name: artist.name, url: `${config.baseUrl}/${encodeURIComponent(artist.slug)}` },
    pageUrl,
  }
}

type End = { id: string; title: string; at: Date; words: string; language: Lang; author: string; url: string }

/** That a series is over, as the last thing that its feed tells: whoever follows it by that alone hears of it too. */
function endOf({ id, title, at, words: said, language, ...by }: End): Item {
  const summary = said || words(language)('series_end', { title })
  return {
    ...{ ...by, language, id: `urn:uuid:${id}#end`, title: words(language)('series_end', { title }) },
    ...{ publishedAt: at, changedAt: at, summary, html: proseHtml(summary), image: null, enclosures: [] },
  }
}

/** The part of a feed that its page decides: what is in it, and the addresses of this page and the next. */
async function pageOf(
  platform: Deps,
  all: Shown[],
  { language, before, path }: { language: Lang; before: Place | null; path: string },
): Promise<Pick<Feed, 'language' | 'image' | 'items' | 'self' | 'first' | 'next' | 'hub'>> {
  const base = platform.config.baseUrl
  const shown = all.slice(0, PER_PAGE)
  const last = all.length > PER_PAGE ? shown.at(-1) : undefined
  const items = await itemsOf(platform, shown, language)
  const first = base + path
  return {
    language,
    image: items.find((item) => item.image)?.image ?? null,
    items,
    self: before ? `${first}?before=${before.publishedAt.getTime()}.${before.id}` : first,
    first,
    next: last ? `${first}?before=${last.publishedAt.getTime()}.${last.id}` : null,
    hub: `${base}/websub`,
  }
}

async function cardsOf({ db, now }: Deps, followed: Followed): Promise<{ id: string; publishedAt: Date | null }[]> {
  if (followed.kind === 'artist')
    return (await artistReleases(db, followed.artist.id, now())).filter((card) => card.isOwn)
  const { id } = followed.label
  const roster = await labelRoster(db, id)
  return labelReleases(db, { id, artistIds: roster.map((artist) => artist.id) }, now())
}

function releasesBefore(cards: { id: string; publishedAt: Date | null }[], before: Place | null) {
  return cards
    .flatMap(({ id, publishedAt }) => (publishedAt ? [{ id, publishedAt }] : []))
    .filter((card) => isBefore(card, before))
    .sort((a, b) => b.publishedAt.getTime() - a.publishedAt.getTime() || (a.id < b.id ? 1 : -1))
    .slice(0, PER_PAGE + 1)
}

const isBefore = ({ publishedAt, id }: Place, before: Place | null): boolean =>
  !before ||
  publishedAt < before.publishedAt ||
  (publishedAt.getTime() === before.publishedAt.getTime() && id < before.id)

type Shown = { post?: Post & { publishedAt: Date }; release?: { id: string }; publishedAt: Date; id: string }

async function itemsOf(platform: Deps, shown: Shown[], lang: Lang): Promise<Item[]> {
  const { db, now } = platform
  const posts = shown.flatMap(({ post }) => post ?? [])
  const parts = await loadParts(db, posts, now())
  const items: Item[] = []
  for (const { post, release, publishedAt } of shown) {
    if (post)
      items.push(postItem(platform, post, publishedAt, postHtml(post, { parts, base: platform.config.baseUrl })))
    else if (release) {
      const found = await releaseById(db, release.id, { now: now() })
      if (found) items.push(await releaseItem(platform, found, publishedAt, lang))
    }
  }
  return items
}

export const postItem = ({ config }: Deps, post: Post, publishedAt: Date, html: string): Item => ({
  id: `urn:uuid:${post.id}`,
  url: config.baseUrl + post.path,
  title: post.title,
  publishedAt,
  changedAt: post.changedAt,
  language: post.language,
  author: post.writer.name,
  summary: postSummary(post),
  html,
  image: post.cover && config.baseUrl + coverPath(post.cover, 1400),
  enclosures: [],
})

async function releaseItem(platform: Deps, release: PublicRelease, publishedAt: Date, lang: Lang): Promise<Item> {
  const { db, config } = platform
  const base = config.baseUrl
  const t = words(lang)
  const heard = release.tracks.filter((track) => track.gives.stream)
  const sounds = await soundsOf(
    db,
    heard.map(({ recordingId }) => recordingId),
  )
  const image = releaseImage(base, release)
  const kind = t(`kind_${release.kind}`)
  return {
    id: `urn:uuid:${release.id}`,
    url: base + release.path,
    title: t('release_title', { title: release.title, names: artistLine(release.artists) }),
    publishedAt,
    changedAt: release.updatedAt,
    language: lang,
    author: artistLine(release.artists),
    summary: t('release_words', { kind, title: release.title, tracks: release.tracks.length }),
    html: `<p><img src="${escaped(image)}" alt="" width="700" height="700"></p>${proseHtml(release.description)}${tracksHtml(base, release)}`,
    image,
    enclosures: heard.flatMap(({ id, recordingId }) =>
      enclosuresOf(id, sounds.get(recordingId))
        .slice(0, 1)
        .map(({ src, type, size }) => ({
          url: base + src,
          type,
          size,
          seconds: Math.round((sounds.get(recordingId)?.durationMs ?? 0) / 1000),
        })),
    ),
  }
}

/** What is on it, each with its page. */
export function tracksHtml(base: string, { tracks, artist, slug: of }: PublicRelease): string {
  const list = tracks.map(
    ({ slug, title, version }) =>
      `<li><a href="${base}${escaped(trackPath(artist.slug, of, slug))}">${escaped(version ? `${title} (${version})` : title)}</a></li>`,
  )
  return `<ol>${list.join('')}</ol>`
}

/** The sleeve as a JPEG of at least 1400 and at most 3000 pixels, which podcast programs ask for; drawn, where there is none. */
export const releaseImage = (base: string, { id, cover }: Pick<PublicRelease, 'id' | 'cover'>): string =>
  base + (cover ? coverPath(cover, 1400) : drawnCoverPath(id, 1400))

function coverPath(cover: Cover, least: number): string {
  const widths = [...cover.widths].sort((a, b) => a - b)
  return imageUrl(cover.sha256, widths.find((width) => width >= least) ?? widths.at(-1) ?? cover.width, 'jpg')
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign)
