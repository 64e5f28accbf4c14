import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { HtmlEscapedString } from 'hono/utils/html'
import type { Sender, WebEnv } from '../identity/index.ts'
import type { Channel } from './tables.ts'

/** What stands around the pages of this domain: the site's own shell, in the colours of whom the page is about. */
export type FansFrame = (props: {
  c: Context<WebEnv>
  title: string
  /** Whose colours; null for pages about nobody in particular. */
  of: Sender | null
  /** The address by which search engines may know it; without one they leave it alone. */
  canonical?: string | undefined
  children?: Child
}) => HtmlEscapedString | Promise<HtmlEscapedString>

/** On which channels an artist or a label can write at all, besides mail. */
export type ReachableBy = (to: Sender) => Promise<Exclude<Channel, 'mail'>[]>
