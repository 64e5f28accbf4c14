import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { HtmlEscapedString } from 'hono/utils/html'
import { Document } from '../../../ui/document.tsx'
import { alternatesOf } from '../../../ui/page.ts'
import type { WebEnv } from '../guard.ts'
import { words } from './words.ts'

export type PublicPage = { c: Context<WebEnv>; title: string; canonical: string; children?: Child }

/** What stands around a public page. The site's shell gives its own; alone, identity has a plain one. */
export type PublicFrame = (props: PublicPage) => HtmlEscapedString | Promise<HtmlEscapedString>

export const plainFrame: PublicFrame = ({ c, title, canonical, children }) => {
  const page = c.get('page')
  return (
    <Document
      page={page}
      kind="site"
      title={title}
      canonical={canonical}
      alternates={alternatesOf(canonical, ['en', 'fr'])}
      styles={['site.css']}
    >
      <header class="masthead">
        <a class="name" href="/">
          {words(page.lang)('home')}
        </a>
      </header>
      <main id="page" tabindex={-1}>
        <article class="sheet">
          <header class="opening">
            <h1>{title}</h1>
          </header>
          <div class="band">{children}</div>
        </article>
      </main>
    </Document>
  ) as HtmlEscapedString
}
