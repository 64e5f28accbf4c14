import { createHash } from 'node:crypto'
import { generateRssFeed } from 'feedsmith'
import { enclosuresOf, type Sound, soundsOf } from '../../domains/audio/index.ts'
import type { Artist } from '../../domains/identity/index.ts'
import {
  artistLine,
  artistReleases,
  licenceTerms,
  type PublicRelease,
  type PublicTrack,
  releaseById,
  roleName,
  trackPath,
} from '../../domains/music/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { releaseImage } from './gather.ts'
import { guidOfFeed } from './guid.rules.ts'
import { words } from './words.ts'
import { clean, sheets, type Written } from './write.ts'

type Deps = Pick<Platform, 'db' | 'now' | 'config'>

const sha1 = (bytes: Uint8Array) => new Uint8Array(createHash('sha1').update(bytes).digest())

/**
 * The guid of a feed is made of an address that never changes, not of the one that people see: renaming an artist or a release leaves it
 * as it is (https://podcasting2.org/docs/podcast-namespace/tags/guid).
 */
const guidOf = (base: string, kind: 'release' | 'artist' | 'playlist', id: string) =>
  guidOfFeed(`${base}/feed/${kind}/${id}`, sha1)

export const releaseFeedPath = (path: string): string => `${path}/feed.xml`
export const publisherPath = (slug: string): string => `/${encodeURIComponent(slug)}/publisher.xml`
export const playlistPath = (slug: string): string => `/${encodeURIComponent(slug)}/music.xml`

/** Whose money goes where, and where one may give: what the artist set for the feeds. */
export type Support = {
  fundingUrl: string | null
  fundingWords: string
  /** A lightning address, `name@host` (LUD-16). */
  lightning: string | null
}

const payeesOf = ({ lightning }: Support, name: string) =>
  lightning
    ? [
        {
          type: 'lightning',
          method: 'lnaddress',
          valueRecipients: [{ name, type: 'lnaddress', address: lightning, split: 100 }],
        },
      ]
    : undefined

const fundingOf = ({ fundingUrl, fundingWords }: Support) =>
  fundingUrl ? [{ url: fundingUrl, ...(fundingWords && { display: fundingWords }) }] : undefined

const own = (base: string, path: string) => [
  { rel: 'self', href: base + path, type: 'application/rss+xml' },
  { rel: 'hub', href: `${base}/websub` },
]

/** A release as a feed of Podcasting 2.0 with `medium=music`: an item for each track that may be heard, in the sleeve's order. */
export async function releaseMusicFeed(
  { db, config }: Deps,
  release: PublicRelease,
  support: Support,
  written: Written,
): Promise<string> {
  const base = config.baseUrl
  const lang = release.artist.language
  const heard = release.tracks.filter((track) => track.gives.stream)
  const sounds = await soundsOf(
    db,
    heard.map(({ recordingId }) => recordingId),
  )
  const image = releaseImage(base, release)
  const names = artistLine(release.artists)
  const publishedAt = release.publishedAt ?? release.publishAt ?? release.updatedAt
  const licence = licenceTerms(release.licence)
  const value = payeesOf(support, release.artist.name)
  const funding = fundingOf(support)
  const url = base + release.path
  return clean(
    generateRssFeed(
      {
        title: release.title,
        link: url,
        description: release.description.trim() || words(lang)('release_title', { title: release.title, names }),
        language: release.language ?? lang,
        copyright: release.copyright ?? words(lang)('rights_year', { year: publishedAt.getUTCFullYear(), name: names }),
        pubDate: publishedAt,
        lastBuildDate: release.updatedAt,
        generator: 'Ritornello',
        image: { url: image, title: release.title, link: url },
        atom: { links: own(base, releaseFeedPath(release.path)) },
        itunes: {
          author: names,
          image,
          explicit: heard.some((track) => track.isExplicit),
          type: 'serial',
          categories: [{ text: 'Music' }],
        },
        podcast: {
          guid: guidOf(base, 'release', release.id),
          medium: 'music',
          ...(licence && {
            license: { display: release.licence, ...(licence.url && { url: licence.url }) },
          }),
          images: [{ href: image, width: 1400, height: 1400 }],
          persons: release.credits.map(({ role, name }) => ({
            display: name,
            role: roleName(role, 'en'),
            group: 'music',
          })),
          publisher: {
            remoteItem: {
              feedGuid: guidOf(base, 'artist', release.artist.id),
              feedUrl: base + publisherPath(release.artist.slug),
              medium: 'publisher',
            },
          },
          ...(value && { values: value }),
          ...(funding && { fundings: funding }),
        },
        items: heard.flatMap((track, index) => {
          const sound = sounds.get(track.recordingId)
          const item = sound && trackItem(base, release, track, sound, { number: index + 1, publishedAt, image })
          return item ? [item] : []
        }),
      },
      sheets(written),
    ),
  )
}

type Placed = { number: number; publishedAt: Date; image: string }

/** Null while it cannot be heard. Items of one release are a second apart, so that programs that sort by date keep the order. */
function trackItem(
  base: string,
  release: PublicRelease,
  track: PublicTrack,
  sound: Sound,
  { number, publishedAt, image }: Placed,
) {
  const [main, ...others] = enclosuresOf(track.id, sound)
  if (!main) return null
  const path = trackPath(release.artist.slug, release.slug, track.slug)
  const names = artistLine(track.artists.length ? track.artists : release.artists)
  const title = track.version ? `${track.title} (${track.version})` : track.title
  const several = new Set(release.tracks.map(({ disc }) => disc)).size > 1
  return {
    title,
    link: base + path,
    description: `${title}, ${names}`,
    guid: { value: `urn:uuid:${track.id}`, isPermaLink: false },
    pubDate: new Date(publishedAt.getTime() - 1000 * (number - 1)),
    enclosures: [{ url: base + main.src, length: main.size, type: main.type }],
    itunes: {
      author: names,
      duration: Math.round(sound.durationMs / 1000),
      explicit: track.isExplicit,
      episode: number,
      image,
    },
    podcast: {
      ...(several && { season: { number: track.disc } }),
      episode: { number: track.position },
      alternateEnclosures: [main, ...others].map(({ src, type, size }, index) => ({
        type,
        length: size,
        ...(index === 0 && { default: true }),
        ...(type === 'audio/webm' && { codecs: 'opus' }),
        sources: [{ uri: base + src }],
      })),
      persons: track.credits.map(({ role, name }) => ({ display: name, role: roleName(role, 'en'), group: 'music' })),
      ...(track.hasLyrics && {
        transcripts: [
          {
            url: `${base}${path}/lyrics.txt`,
            type: 'text/plain',
            ...(track.language && { language: track.language }),
          },
        ],
      }),
    },
  }
}

/** Every public track of an artist as a list of Podcasting 2.0 (`medium=musicL`), each pointing into its release's feed. */
export async function playlistFeed({ db, now, config }: Deps, artist: Artist, written: Written): Promise<string> {
  const base = config.baseUrl
  const t = words(artist.language)
  const releases = await ownReleases({ db, now }, artist.id)
  const path = playlistPath(artist.slug)
  return clean(
    generateRssFeed(
      {
        title: t('playlist_of', { name: artist.name }),
        link: `${base}/${encodeURIComponent(artist.slug)}`,
        description: t('playlist_words', { name: artist.name }),
        language: artist.language,
        generator: 'Ritornello',
        atom: { links: own(base, path) },
        podcast: {
          guid: guidOf(base, 'playlist', artist.id),
          medium: 'musicL',
          remoteItems: releases.flatMap((release) =>
            release.tracks
              .filter((track) => track.gives.stream)
              .map((track) => ({
                feedGuid: guidOf(base, 'release', release.id),
                feedUrl: base + releaseFeedPath(release.path),
                itemGuid: `urn:uuid:${track.id}`,
                medium: 'music',
                title: track.title,
              })),
          ),
        },
        items: [],
      },
      sheets(written),
    ),
  )
}

/** An artist as publisher: the feeds of their releases (https://podcasting2.org/docs/podcast-namespace/tags/publisher). */
export async function publisherFeed(
  { db, now, config }: Deps,
  artist: Artist,
  support: Support,
  written: Written,
): Promise<string> {
  const base = config.baseUrl
  const releases = await ownReleases({ db, now }, artist.id)
  const [newest] = releases
  const funding = fundingOf(support)
  return clean(
    generateRssFeed(
      {
        title: artist.name,
        link: `${base}/${encodeURIComponent(artist.slug)}`,
        description: artist.biography.trim() || words(artist.language)('publisher_words', { name: artist.name }),
        language: artist.language,
        generator: 'Ritornello',
        ...(newest && {
          image: {
            url: releaseImage(base, newest),
            title: artist.name,
            link: `${base}/${encodeURIComponent(artist.slug)}`,
          },
        }),
        atom: { links: own(base, publisherPath(artist.slug)) },
        itunes: { author: artist.name, ...(newest && { image: releaseImage(base, newest) }) },
        podcast: {
          guid: guidOf(base, 'artist', artist.id),
          medium: 'publisher',
          ...(funding && { fundings: funding }),
          remoteItems: releases.map((release) => ({
            feedGuid: guidOf(base, 'release', release.id),
            feedUrl: base + releaseFeedPath(release.path),
            medium: 'music',
            title: release.title,
          })),
        },
        items: [],
      },
      sheets(written),
    ),
  )
}

/** The newest of an artist's own catalogue: a list is bounded. */
const MOST_RELEASES = 200

async function ownReleases({ db, now }: Pick<Platform, 'db' | 'now'>, artistId: string): Promise<PublicRelease[]> {
  const cards = await artistReleases(db, artistId, now())
  const found: PublicRelease[] = []
  for (const { id, isOwn } of cards.slice(0, MOST_RELEASES)) {
    const release = isOwn ? await releaseById(db, id, { now: now() }) : null
    if (release) found.push(release)
  }
  return found
}
