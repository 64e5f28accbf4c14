import { enclosuresOf, makePass, memberWay, soundsOf } from '../../domains/audio/index.ts'
import { journalItems, journalPath, loadParts, memberQuery, postHtml } from '../../domains/journal/index.ts'
import {
  artistLine,
  type Membership,
  memberReleases,
  type PublicRelease,
  proseHtml,
  releaseById,
  trackPath,
} from '../../domains/music/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Feed, Item } from './feed.types.ts'
import { postItem, releaseImage, tracksHtml } from './gather.ts'
import { words } from './words.ts'

type Deps = Pick<Platform, 'db' | 'now' | 'config' | 'signer'>

const MOST = 50
const DAY_SECONDS = 24 * 3600
/** A player of podcasts fetches a sound days after it read the feed: seven at least. It closes before, where the membership does. */
const OPEN_SECONDS = 8 * DAY_SECONDS

/** All passes of a day begin with it: a feed in which nothing is new says the same. */
const dayOf = (now: Date) => new Date(now.getTime() - (now.getTime() % (DAY_SECONDS * 1000)))

/** What one membership opens that not everybody has, newest first: posts, and each track of a release with its sound. */
export async function memberFeed(
  deps: Deps,
  membership: Membership,
  { path }: { path: string },
): Promise<(Feed & { language: Lang }) | null> {
  const { db, now, config } = deps
  const base = config.baseUrl
  const artist = await db
    .selectFrom('artists')
    .select(['name', 'slug', 'language'])
    .where('id', '=', membership.artistId)
    .executeTakeFirst()
  if (!artist) return null
  const language = artist.language as Lang
  const t = words(language)
  const looking = { now: now(), memberships: [membership] }
  const ofToday = { ...deps, now: () => dayOf(looking.now) }
  const [cards, journal] = await Promise.all([
    memberReleases(db, membership.artistId, looking.now, looking.memberships),
    journalItems(db, membership.artistId, { limit: MOST, ...looking }),
  ])
  const posts = journal.flatMap((item) => ('post' in item && item.post.givenTo ? [item] : []))
  const parts = await loadParts(
    db,
    posts.map(({ post }) => post),
    looking.now,
  )
  const items = posts.map(({ post, at }) =>
    postItem(
      deps,
      post,
      at,
      postHtml(post, { parts, base, query: memberQuery(ofToday, post.id, membership, OPEN_SECONDS), isPrivate: true }),
    ),
  )
  for (const { id, membersAt, opens } of cards.slice(0, MOST)) {
    const release = opens ? await releaseById(db, id, looking) : null
    if (release)
      items.push(...(await releaseItems(deps, release, { membership, at: membersAt ?? looking.now, language })))
  }
  const url = base + path
  return {
    id: url,
    title: t('members_of', { name: artist.name }),
    description: t('members_words', { name: artist.name }),
    language,
    author: { name: artist.name, url: `${base}/${encodeURIComponent(artist.slug)}` },
    pageUrl: base + journalPath(artist.slug),
    image: items.find((item) => item.image)?.image ?? null,
    items: items.toSorted((a, b) => b.publishedAt.getTime() - a.publishedAt.getTime()),
    ...{ self: url, first: url, next: null, hub: null },
  }
}

type Of = { membership: Membership; at: Date; language: Lang }

/** One item a track, since players take one sound an item; what does not sound yet, or is not given, is in the list of the first alone. */
async function releaseItems(
  { db, config, signer, now }: Deps,
  release: PublicRelease,
  { membership, at, language }: Of,
): Promise<Item[]> {
  const base = config.baseUrl
  const t = words(language)
  const pass = makePass(signer, `release:${release.id}`, memberWay(membership.ref), dayOf(now()), OPEN_SECONDS)
  const heard = release.tracks.filter((track) => track.gives.stream)
  const sounds = await soundsOf(
    db,
    heard.map(({ recordingId }) => recordingId),
  )
  const shared = {
    changedAt: release.updatedAt,
    language,
    author: artistLine(release.artists),
    // Where there is no sleeve it is drawn on a page that a reader of feeds may not open.
    image: release.cover && releaseImage(base, release),
  }
  return [
    {
      ...shared,
      id: `urn:uuid:${release.id}`,
      url: base + release.path,
      title: t('release_title', { title: release.title, names: artistLine(release.artists) }),
      publishedAt: at,
      summary: release.teaser,
      html: `${proseHtml(release.description)}${tracksHtml(base, release)}`,
      enclosures: [],
    },
    ...heard.flatMap(({ id, recordingId, slug, title, version }, index) => {
      const [sound] = enclosuresOf(id, sounds.get(recordingId), pass)
      if (!sound) return []
      const seconds = Math.round((sounds.get(recordingId)?.durationMs ?? 0) / 1000)
      return {
        ...shared,
        id: `urn:uuid:${id}`,
        url: base + trackPath(release.artist.slug, release.slug, slug),
        title: version ? `${title} (${version})` : title,
        // In the order of the release, the first one newest.
        publishedAt: new Date(at.getTime() - 1000 * (index + 1)),
        summary: release.title,
        html: '',
        enclosures: [{ url: base + sound.src, type: sound.type, size: sound.size, seconds }],
      }
    }),
  ]
}
