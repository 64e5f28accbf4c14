import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { HtmlEscapedString } from 'hono/utils/html'
import type { Subject } from '../exchange/index.ts'
import type { Sender, WebEnv } from '../identity/index.ts'
import type { Channel } from './tables.ts'

/** What search engines, and places that show links, are told of a page. Addresses are paths of this site. */
export type PageCard = {
  path: string
  description: string
  image: { src: string; width: number; height: number; type: string; alt: string } | null
  /** Structured data in schema.org's words, given the origin that its addresses begin with. */
  jsonLd: (base: string) => Record<string, unknown>
}

/** What stands around the pages of this domain: the site's own shell, in the colours of whom the page is about. */
export type FansFrame = (props: {
  c: Context<WebEnv>
  title: string
  /** Whose colours; null for pages about nobody in particular. */
  of: Sender | null
  /** A public release of theirs whose sleeve gives the colours; without one, it is their latest. */
  release?: string | undefined
  /** The address by which search engines may know it; without one, and without a card, they leave it alone. */
  canonical?: string | undefined
  /** What they and places that show links are told of it. */
  card?: PageCard | null
  /** What it is the page of, when anybody may pass it on: that it was opened is told, and it is passed on by a link of one's own. */
  subject?: Subject | undefined
  /** Feeds that tell what is new on it: a path, a media type, what it is called. */
  feeds?: { href: string; type: string; title: string }[]
  children?: Child
}) => HtmlEscapedString | Promise<HtmlEscapedString>

/** On which channels an artist or a label can write at all, besides mail. */
export type ReachableBy = (to: Sender) => Promise<Exclude<Channel, 'mail'>[]>
