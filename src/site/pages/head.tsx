import type { Lang } from '../../platform/i18n/index.ts'
import { JsonBlock } from '../../ui/json.tsx'
import type { PlayerTrack } from '../../ui/player.types.ts'
import type { Kind, Licence, Person, Social, TrackLine } from './types.ts'

type OpenGraphType = 'website' | 'profile' | 'article' | 'music.album' | 'music.song'

type SocialHeadProps = {
  social: Social
  title: string
  siteName: string
  lang: Lang
  type: OpenGraphType
  /** Open Graph's music properties (https://ogp.me/#type_music), `music:` taken as read. */
  music?: { property: string; content: string }[]
}

const LOCALE: Record<Lang, string> = { en: 'en_GB', fr: 'fr_FR' }

/** Cards for places that show links, discovery of the embed (oembed.com), and JSON-LD. */
export const SocialHead = ({ social, title, siteName, lang, type, music = [] }: SocialHeadProps) => {
  const { image, embed, oembed } = social
  const others = social.languages.filter((other) => other !== lang)
  return (
    <>
      <meta property="og:type" content={type} />
      <meta property="og:title" content={title} />
      <meta property="og:site_name" content={siteName} />
      <meta property="og:url" content={social.canonical} />
      <meta property="og:description" content={social.description} />
      <meta property="og:locale" content={LOCALE[lang]} />
      {others.map((other) => (
        <meta property="og:locale:alternate" content={LOCALE[other]} />
      ))}
      {image && (
        <>
          <meta property="og:image" content={image.src} />
          <meta property="og:image:type" content={image.type} />
          <meta property="og:image:width" content={String(image.width)} />
          <meta property="og:image:height" content={String(image.height)} />
          <meta property="og:image:alt" content={image.alt} />
        </>
      )}
      {music.map(({ property, content }) => (
        <meta property={`music:${property}`} content={content} />
      ))}
      <meta name="twitter:card" content={embed && image ? 'player' : image ? 'summary_large_image' : 'summary'} />
      {embed && image && (
        <>
          <meta name="twitter:player" content={embed.src} />
          <meta name="twitter:player:width" content={String(embed.width)} />
          <meta name="twitter:player:height" content={String(embed.height)} />
        </>
      )}
      {oembed && (
        <>
          <link rel="alternate" type="application/json+oembed" href={oembed.json} title={title} />
          <link rel="alternate" type="text/xml+oembed" href={oembed.xml} title={title} />
        </>
      )}
      {social.jsonLd && <JsonBlock type="application/ld+json" value={social.jsonLd} />}
    </>
  )
}

/** `PT3M7S` (ISO 8601). */
export function isoDuration(ms: number): string {
  const total = Math.round(ms / 1000)
  const [h, m, s] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60]
  return `PT${h ? `${h}H` : ''}${m ? `${m}M` : ''}${s || !total ? `${s}S` : ''}`
}

export const isoDay = (date: Date): string => date.toISOString().slice(0, 10)

type WithoutEmpty = Record<string, unknown>

/** Leaves out what is null, undefined or an empty list: structured data says only what is known. */
const known = (value: WithoutEmpty): WithoutEmpty =>
  Object.fromEntries(
    Object.entries(value).filter(([, v]) => v !== null && v !== undefined && !(Array.isArray(v) && !v.length)),
  )

const groups = (artists: Person[], base: string) =>
  artists.map(({ name, href }) => known({ '@type': 'MusicGroup', name, url: href ? new URL(href, base).href : null }))

const RELEASE_TYPES: Record<Kind, string> = {
  album: 'AlbumRelease',
  ep: 'EPRelease',
  single: 'SingleRelease',
  live: 'AlbumRelease',
  compilation: 'AlbumRelease',
}

const PRODUCTION_TYPES: Partial<Record<Kind, string>> = { live: 'LiveAlbum', compilation: 'CompilationAlbum' }

const listenAction = (target: string) => ({
  '@type': 'ListenAction',
  target: { '@type': 'EntryPoint', urlTemplate: target },
  expectsAcceptanceOf: { '@type': 'Offer', category: 'free' },
})

type AlbumLd = {
  base: string
  url: string
  name: string
  kind: Kind
  artists: Person[]
  date: Date | null
  image: string | null
  description: string | null
  licence: Licence | null
  label: string | null
  barcode: string | null
  catalogueNumber: string | null
  genres: string[]
  tracks: Pick<TrackLine, 'title' | 'href' | 'durationMs' | 'queueIndex'>[]
}

/** schema.org MusicAlbum, with its tracks and a ListenAction when something plays. */
export function albumJsonLd(album: AlbumLd): Record<string, unknown> {
  const plays = album.tracks.some(({ queueIndex }) => queueIndex !== null)
  return known({
    '@context': 'https://schema.org',
    '@type': 'MusicAlbum',
    '@id': album.url,
    url: album.url,
    name: album.name,
    albumReleaseType: `https://schema.org/${RELEASE_TYPES[album.kind]}`,
    albumProductionType: PRODUCTION_TYPES[album.kind] && `https://schema.org/${PRODUCTION_TYPES[album.kind]}`,
    byArtist: groups(album.artists, album.base),
    datePublished: album.date && isoDay(album.date),
    image: album.image,
    description: album.description,
    license: album.licence?.href,
    genre: album.genres,
    gtin: album.barcode,
    albumRelease:
      album.label || album.catalogueNumber
        ? known({
            '@type': 'MusicRelease',
            catalogNumber: album.catalogueNumber,
            recordLabel: album.label && { '@type': 'Organization', name: album.label },
          })
        : null,
    numTracks: album.tracks.length,
    track: {
      '@type': 'ItemList',
      numberOfItems: album.tracks.length,
      itemListElement: album.tracks.map((track, index) => ({
        '@type': 'ListItem',
        position: index + 1,
        item: {
          '@type': 'MusicRecording',
          name: track.title,
          url: new URL(track.href, album.base).href,
          duration: isoDuration(track.durationMs),
        },
      })),
    },
    potentialAction: plays ? listenAction(album.url) : null,
  })
}

type RecordingLd = {
  base: string
  url: string
  name: string
  artists: Person[]
  album: { name: string; url: string }
  durationMs: number
  isrc: string | null
  image: string | null
  licence: Licence | null
  lyrics: string | null
  language: string | null
  stream: PlayerTrack['sources'][number] | null
}

/** schema.org MusicRecording; its sound is named only when everyone may hear it. */
export function recordingJsonLd(recording: RecordingLd): Record<string, unknown> {
  const { base, stream } = recording
  return known({
    '@context': 'https://schema.org',
    '@type': 'MusicRecording',
    '@id': recording.url,
    url: recording.url,
    name: recording.name,
    byArtist: groups(recording.artists, base),
    inAlbum: { '@type': 'MusicAlbum', name: recording.album.name, url: recording.album.url },
    duration: isoDuration(recording.durationMs),
    isrcCode: recording.isrc,
    image: recording.image,
    license: recording.licence?.href,
    inLanguage: recording.language,
    recordingOf: recording.lyrics && {
      '@type': 'MusicComposition',
      name: recording.name,
      lyrics: { '@type': 'CreativeWork', text: recording.lyrics },
    },
    audio: stream && {
      '@type': 'AudioObject',
      contentUrl: new URL(stream.src, base).href,
      encodingFormat: stream.type.split(';')[0],
    },
    potentialAction: stream ? listenAction(recording.url) : null,
  })
}

type GroupLd = {
  url: string
  name: string
  image: string | null
  description: string | null
  sameAs: string[]
  albums: { name: string; url: string }[]
}

/** schema.org MusicGroup: the artist, with links to the same one elsewhere. */
export const groupJsonLd = ({ url, name, image, description, sameAs, albums }: GroupLd): Record<string, unknown> =>
  known({
    '@context': 'https://schema.org',
    '@type': 'MusicGroup',
    '@id': url,
    url,
    name,
    image,
    description,
    sameAs,
    album: albums.map((album) => ({ '@type': 'MusicAlbum', ...album })),
  })
