import { type Context, Hono } from 'hono'
import {
  describe,
  forgetVisitor,
  hasObjected,
  type KnownOfVisitor,
  knownOf,
  knownPersonOf,
} from '../domains/exchange/index.ts'
import type { WebEnv } from '../domains/identity/index.ts'
import { open } from '../platform/http/index.ts'
import { around } from './frame.ts'
import { VisitorDataPage, type VisitorRecord } from './pages/visitor-data.tsx'
import { htmlOf, type Site } from './site.ts'
import { type Visit, visitOf } from './visit.ts'

/** What `exchange` keeps a mapping for, from the first visit: the cookie is not renewed. */
const KEPT_DAYS = 395
const DAY_MS = 86_400_000

/** `/visitor`: what this site knows of whoever asks; nothing there is changed by opening a page. */
export function visitorRoutes(site: Site): Hono<WebEnv> {
  const { platform, pages } = site

  async function recordOf(c: Context<WebEnv>): Promise<{ id: string; known: KnownOfVisitor } | null> {
    const id = await knownPersonOf(c, platform)
    const known = id && (await knownOf(platform.db, id))
    return id && known ? { id, known } : null
  }

  async function shown(c: Context<WebEnv>, visit: Visit): Promise<VisitorRecord | null> {
    const record = await recordOf(c)
    if (!record) return null
    const { id, known } = record
    const facts = await describe(
      platform.db,
      site.subjects,
      known.latest.map(({ subject }) => subject),
    )
    return {
      id,
      since: known.since,
      until: new Date(known.since.getTime() + KEPT_DAYS * DAY_MS),
      pages: known.pages,
      plays: known.starts,
      listens: known.listens,
      downloads: known.downloads,
      recent: known.latest.flatMap(({ what, subject, at }) => {
        const fact = facts.get(subject)
        const kind = KINDS[what]
        return fact && kind ? [{ kind, title: fact.title, href: visit.to(fact.path), at }] : []
      }),
    }
  }

  /** A page that is this visitor's alone, and says after a form what was done. */
  async function answer(c: Context<WebEnv>, record: VisitorRecord | null) {
    const visit = visitOf(c)
    c.header('Cache-Control', 'private, no-store')
    const html = await htmlOf(
      <VisitorDataPage
        {...(await around(site, visit))}
        record={record}
        erased={c.req.query('erased') === '1'}
        objected={hasObjected(c)}
        globally={c.req.header('sec-gpc') === '1'}
        eraseAction={visit.to('/visitor/erase')}
        objectAction={visit.to('/visitor/object')}
        allowAction={visit.to('/visitor/allow')}
        exportHref="/visitor/export.json"
      />,
    )
    return pages.once(c, { html, headers: { 'Content-Language': visit.page.lang } })
  }

  const back = (c: Context<WebEnv>, more: Record<string, string> = {}) =>
    c.redirect(visitOf(c).to('/visitor', more), 303)

  return new Hono<WebEnv>()
    .get('/visitor', open, async (c) => answer(c, await shown(c, visitOf(c))))
    .get('/visitor/export.json', open, async (c) => {
      const record = await recordOf(c)
      c.header('Cache-Control', 'private, no-store')
      c.header('Content-Disposition', 'attachment; filename="visitor.json"')
      return c.json(record && { number: record.id, ...record.known })
    })
    .post('/visitor/erase', open, async (c) => {
      await forgetVisitor(c, platform, { objecting: hasObjected(c) })
      return back(c, { erased: '1' })
    })
    .post('/visitor/object', open, async (c) => {
      await forgetVisitor(c, platform, { objecting: true })
      return back(c)
    })
    .post('/visitor/allow', open, async (c) => {
      await forgetVisitor(c, platform, { objecting: false })
      return back(c)
    })
}

const KINDS: Record<string, VisitorRecord['recent'][number]['kind']> = {
  page: 'page',
  start: 'play',
  listen: 'listen',
  download: 'download',
}
