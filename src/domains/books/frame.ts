import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { HtmlEscapedString } from 'hono/utils/html'
import type { WebEnv } from '../identity/index.ts'
import type { Owner } from './owner.types.ts'

/** What stands around the pages that people who share are sent to: the site's own shell, in the colours of whom they are about. */
export type BooksFrame = (props: {
  c: Context<WebEnv>
  title: string
  of: Owner | null
  children?: Child
}) => HtmlEscapedString | Promise<HtmlEscapedString>
