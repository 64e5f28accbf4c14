import type { Lang } from '../../platform/i18n/index.ts'
import type { ThemeChoice } from '../identity/index.ts'
import type { GivenTo, Gives, Membership } from './given.rules.ts'
import type { MusicBrainzIds, ReleaseKind, Visibility } from './tables.ts'

/** A stored picture; its renditions are at `imageUrl(sha256, width, extension)` for each of `widths`. */
export type Cover = {
  id: string
  sha256: string
  width: number
  height: number
  widths: number[]
  /** Swatches as ui/colour reads them, most present first. */
  palette: { colour: [l: number, c: number, h: number]; share: number }[] | null
}

/** An artist as written; `slug` for those who have a page here. */
export type Named = { name: string; slug: string | null; isFeatured: boolean }
/** `role` is an identifier of roles.rules.ts or a word of the artist's own: `roleName` says it. */
export type CreditLine = { role: string; detail: string | null; name: string }

export type PublicTrack = {
  id: string
  recordingId: string
  slug: string
  disc: number
  position: number
  title: string
  version: string | null
  artists: Named[]
  credits: CreditLine[]
  isrc: string | null
  language: string | null
  /** Null where they were not asked for (a release page); see `hasLyrics`. */
  lyrics: string | null
  hasLyrics: boolean
  isExplicit: boolean
  bpm: number | null
  musicalKey: string | null
  musicbrainz: MusicBrainzIds
  /** What the track gives in the end, its release's word taken into account. */
  gives: Gives
}

export type BonusFile = { id: string; fileName: string; storageKey: string; sha256: string; size: number; type: string }

export type PublicRelease = {
  id: string
  slug: string
  /** Path of its page, encoded: `/{artist}/{release}`. */
  path: string
  /** Whose catalogue it stands in. */
  artist: { id: string; slug: string; name: string; language: Lang; theme: ThemeChoice }
  title: string
  kind: ReleaseKind
  artists: Named[]
  label: { name: string; slug: string | null } | null
  /** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
  date: string | null
  description: string
  language: string | null
  licence: string
  copyright: string | null
  catalogueNumber: string | null
  barcode: string | null
  genres: string[]
  tags: string[]
  discTitles: Record<string, string>
  cover: Cover | null
  credits: CreditLine[]
  tracks: PublicTrack[]
  bonus: BonusFile[]
  gives: Gives
  /** Its downloads are given for an address, to whoever comes without a secret link. */
  asksAddress: boolean
  /** At the moment that was asked about. */
  visibility: Visibility
  publishAt: Date | null
  publishZone: string | null
  publishedAt: Date | null
  /** Whose members see it, while not everybody does; null where none do. */
  givenTo: GivenTo | null
  membersListed: boolean
  teaser: string
  musicbrainz: MusicBrainzIds
  /** Grows when what goes downstream changes: caches of tags, zips and feeds hold it in their keys. */
  revision: number
  /** Grows with every change: caches of pages hold it in their keys. */
  version: number
  updatedAt: Date
}

/** Who looks, and when. */
export type Looking = {
  now: Date
  /** The token of a secret link, from the address. */
  token?: string | null
  /** Somebody who may edit it looks at it as it will be: drafts are shown, with what they give. The caller has asked `can`. */
  preview?: boolean
  /** What they are a member of, paid for at that moment. */
  memberships?: readonly Membership[]
}
