import type { Lang } from '../../platform/i18n/index.ts'
import type { Theme } from '../../ui/colour/theme.types.ts'
import type { Page } from '../../ui/page.ts'
import type { PlayerTrack } from '../../ui/player.types.ts'
import type { Picture } from '../../ui/sleeve.tsx'

/** What stands around every public page: whose place it is, and the ways out of it. */
export type SiteFrame = {
  /** The artist's or the label's name; null on an installation that has none yet. */
  name: string | null
  homeHref: string
  searchHref: string
  /** For someone who may work here; null for everyone else. */
  studioHref: string | null
  legalHref: string
  privacyHref: string
  visitorHref: string
  reportHref: string
  manifestHref?: string | undefined
  icons?: { href: string; type?: string; sizes?: string; rel?: string }[] | undefined
  /** Feeds and the like, for `<link rel="alternate">`. */
  feeds?: { href: string; type: string; title: string }[] | undefined
}

/** What every page of the site is given besides its own content. */
export type SitePage = { page: Page; site: SiteFrame; theme?: Theme | undefined }

/** Someone named on a page; without `href` the name is plain text. */
export type Person = { name: string; href?: string | null | undefined }

/** `line` is the role in the reader's language ("Piano", "Mixed by"). */
export type Credit = { role: string; people: Person[] }

export const KINDS = ['album', 'ep', 'single', 'live', 'compilation'] as const
export type Kind = (typeof KINDS)[number]

/** A file to take. `bytes` null while nobody has asked for it yet. */
export type Download = { format: Format; href: string; bytes: number | null }
export const FORMATS = ['mp3-320', 'mp3-v0', 'flac', 'wav', 'aiff', 'alac', 'aac', 'ogg', 'opus'] as const
export type Format = (typeof FORMATS)[number]

export type Licence = { name: string; href: string | null }

export type TrackLine = {
  id: string
  number: number
  disc: number
  /** What its disc is called, when it has a name. */
  discTitle: string | null
  title: string
  version: string | null
  /** Named only where they differ from the release's. */
  artists: Person[]
  href: string
  durationMs: number
  explicit: boolean
  /** Its place in the page's queue; null when it is not given as a stream. */
  queueIndex: number | null
}

export type ReleaseCard = {
  id: string
  title: string
  href: string
  artists: string[]
  kind: Kind
  /** Null while it has no date. */
  date: Date | null
  picture: Picture | null
}

export type ArtistCard = { name: string; href: string; line: string | null; picture: Picture | null }

/** Who may see a page that not everyone can. `at` is read in `zone`. */
export type Notice =
  | { kind: 'unlisted' }
  | { kind: 'members' }
  | { kind: 'draft' }
  /** The same page for whoever is no member: who works on it, or holds a link. */
  | { kind: 'for_members' }
  | { kind: 'scheduled' | 'early'; at: Date; zone: string }

/** A text in safe HTML (already sanitised), with the language that it is written in, for hyphens and voices. */
export type Prose = { html: string; lang: string }

export type Queue = PlayerTrack[]

/** Parts of the head that speak to other programs. Addresses are absolute. */
export type Social = {
  canonical: string
  languages: readonly Lang[]
  description: string
  image: { src: string; width: number; height: number; alt: string; type: string } | null
  embed?: { src: string; width: number; height: number } | undefined
  oembed?: { json: string; xml: string } | undefined
  jsonLd?: Record<string, unknown> | undefined
}
