import type { Lang } from '../../platform/i18n/index.ts'

/** A sound or picture that comes with an item: its exact size in bytes, its media type. */
export type Enclosure = { url: string; type: string; size: number; seconds: number | null }

/** One thing given, as any feed tells it. Addresses are whole. */
export type Item = {
  /** Never changes, whatever the thing is called later: `urn:uuid:<id>`. */
  id: string
  url: string
  title: string
  publishedAt: Date
  changedAt: Date
  language: Lang
  author: string
  summary: string
  html: string
  image: string | null
  enclosures: Enclosure[]
}

/** A feed, whatever its format (RFC 5005: one page of it). */
export type Feed = {
  id: string
  title: string
  description: string
  language: Lang
  author: { name: string; url: string }
  /** The page for people that it follows. */
  pageUrl: string
  image: string | null
  items: Item[]
  /** Nothing will be added to it any more. */
  isOver?: boolean
  /** The address of this page of the feed, of its first page, and of the one with what is older. */
  self: string
  first: string
  next: string | null
  /** Null where nothing is told of what is new: a feed that is one reader's alone. */
  hub: string | null
}
