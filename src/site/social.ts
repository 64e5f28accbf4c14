import { playable } from '../domains/audio/index.ts'
import type { PageCard } from '../domains/fans/index.ts'
import type { Artist } from '../domains/identity/index.ts'
import { licenceTerms, type PublicTrack, releasePath, trackPath } from '../domains/music/index.ts'
import { formats, LANGUAGES, type Lang } from '../platform/i18n/index.ts'
import { EMBED_SIZES, embedPath } from '../ui/embed-code.ts'
import { webLinks } from './artist.view.ts'
import { albumJsonLd, groupJsonLd, recordingJsonLd } from './pages/head.tsx'
import type { ReleaseView } from './pages/release.tsx'
import type { Social } from './pages/types.ts'
import { licence, type Shown } from './release.view.ts'
import { type Sleeve, still } from './sleeve.ts'
import type { Visit } from './visit.ts'
import { served, words } from './words.ts'

/** What other programs are told of a release's page. Of one that not everyone sees they learn its card, and no player. */
export function releaseSocial(shown: Shown, view: ReleaseView): Social {
  const { release, visit, sleeve } = shown
  const { lang, base } = visit.page
  const canonical = visit.full(releasePath(release.artist.slug, release.slug))
  const description = summaryOf(release.description) || releaseLine(shown, lang)
  const image = cardImage(visit, sleeve, served(lang)('sleeve_of', { title: release.title }))
  return {
    canonical,
    languages: LANGUAGES,
    description,
    image,
    ...player(shown, 'release', release.id, canonical),
    jsonLd: {
      ...albumJsonLd({
        base,
        url: canonical,
        name: release.title,
        kind: release.kind,
        artists: view.artists,
        date: null,
        image: image?.src ?? null,
        description: summaryOf(release.description) || null,
        licence: view.licence,
        label: release.label?.name ?? null,
        barcode: release.barcode,
        catalogueNumber: release.catalogueNumber,
        genres: release.genres,
        tracks: view.tracks,
      }),
      ...(release.date && { datePublished: release.date }),
    },
  }
}

export function trackSocial(shown: Shown, track: PublicTrack): Social {
  const { release, visit, sleeve, sounds } = shown
  const { lang, base } = visit.page
  const { list } = formats(lang)
  const canonical = visit.full(trackPath(release.artist.slug, release.slug, track.slug))
  const album = visit.full(releasePath(release.artist.slug, release.slug))
  const image = cardImage(visit, sleeve, served(lang)('sleeve_of', { title: release.title }))
  const isOpen = release.visibility === 'public' && track.gives.stream
  const sound = sounds.get(track.recordingId)
  const names = list(release.artists.map(({ name }) => name))
  return {
    canonical,
    languages: LANGUAGES,
    description: served(lang)('card_track', { release: release.title, names }),
    image,
    ...(track.gives.stream && player(shown, 'track', track.id, canonical)),
    jsonLd: recordingJsonLd({
      base,
      url: canonical,
      name: track.version ? `${track.title} (${track.version})` : track.title,
      artists: (track.artists.length ? track.artists : release.artists).map(({ name, slug }) => ({
        name,
        href: slug && `/${encodeURIComponent(slug)}`,
      })),
      album: { name: release.title, url: album },
      durationMs: sound?.durationMs ?? 0,
      isrc: track.isrc,
      image: image?.src ?? null,
      licence: licenceTerms(release.licence)?.url ? licence(release, lang) : null,
      lyrics: track.lyrics,
      language: track.language,
      stream: (isOpen && playable(track.id, sound)?.sources[0]) || null,
    }),
  }
}

type Group = { artist: Artist; sleeve: Sleeve | null; albums: { name: string; path: string }[]; canonical: string }

export function artistSocial(visit: Visit, { artist, sleeve, albums, canonical }: Group): Social {
  const { lang } = visit.page
  const image = sleeve && cardImage(visit, sleeve, artist.name)
  return {
    canonical,
    languages: LANGUAGES,
    description: summaryOf(artist.biography) || served(lang)('card_artist', { name: artist.name }),
    image,
    jsonLd: groupJsonLd({
      url: visit.full(`/${encodeURIComponent(artist.slug)}`),
      name: artist.name,
      image: image?.src ?? null,
      description: summaryOf(artist.biography) || null,
      sameAs: webLinks(artist.links).map(({ href }) => href),
      albums: albums.map(({ name, path }) => ({ name, url: visit.full(path) })),
    }),
  }
}

export const plainSocial = (visit: Visit, path: string, description: string, sleeve: Sleeve | null): Social => ({
  canonical: visit.full(path),
  languages: LANGUAGES,
  description,
  image: sleeve && cardImage(visit, sleeve, ''),
})

/** Of a page whose own domain says what it is about; without a picture of its own, the sleeve beside it. */
export const cardSocial = (
  visit: Visit,
  { path, description, image, jsonLd }: PageCard,
  sleeve: Sleeve | null,
): Social => ({
  ...plainSocial(visit, path, summaryOf(description), sleeve),
  ...(image && { image: { ...image, src: visit.full(image.src) } }),
  jsonLd: jsonLd(visit.page.base),
})

function player({ release, visit, heard }: Shown, kind: 'release' | 'track', id: string, canonical: string) {
  if (release.visibility !== 'public' || !heard.queue.length) return {}
  const { tall, small } = EMBED_SIZES
  const oembed = (format: string) => visit.full(`/oembed?${new URLSearchParams({ url: canonical, format })}`)
  return {
    embed: { src: visit.full(embedPath(kind, id)), ...(kind === 'release' ? tall : small) },
    oembed: { json: oembed('json'), xml: oembed('xml') },
  }
}

function cardImage(visit: Visit, sleeve: Sleeve, alt: string): Social['image'] {
  const { src, ...rest } = still(sleeve, 1200)
  return { ...rest, src: visit.full(src), alt }
}

const releaseLine = ({ release }: Shown, lang: Lang): string =>
  served(lang)('card_release', {
    kind: words(lang)(release.kind),
    names: formats(lang).list(release.artists.map(({ name }) => name)),
    n: release.tracks.length,
  })

const LONGEST = 200

/** The beginning of a text, cut between words: what a card or a search engine shows. */
export function summaryOf(text: string): string {
  const plain = text.replace(/\s+/g, ' ').trim()
  if (plain.length <= LONGEST) return plain
  const cut = plain.slice(0, LONGEST)
  return `${cut.slice(0, cut.lastIndexOf(' ') > LONGEST / 2 ? cut.lastIndexOf(' ') : LONGEST)}…`
}
