import { type Context, Hono } from 'hono'
import {
  filePath,
  mayBegin,
  PASS_PARAMETER,
  type Taking,
  take,
  type Wanted,
  waitingPath,
  wantedBy,
} from '../domains/audio/index.ts'
import { describe, isBot } from '../domains/exchange/index.ts'
import type { WebEnv } from '../domains/identity/index.ts'
import { forOneReader, open } from '../platform/http/index.ts'
import { around } from './frame.ts'
import { ProblemPage } from './pages/plain.tsx'
import { htmlOf, type Site } from './site.ts'
import { TakePage, type Unbegun } from './take-page.tsx'
import { visitOf } from './visit.ts'

type Kind = 'release' | 'track'

/**
 * Where one takes something. What is ready is sent on to at once; what is not is begun, and this page waits for it. Opened by what
 * calls itself a program it begins nothing by itself: there it takes the press of a button.
 */
export function takeRoutes(site: Site): Hono<WebEnv> {
  const { platform, pages, members } = site

  const kindOf = (c: Context<WebEnv>): Kind | null => {
    const kind = c.req.param('kind')
    return kind === 'release' || kind === 'track' ? kind : null
  }
  const paths = (c: Context<WebEnv>, kind: Kind, { format }: Wanted) => {
    const of = [kind, c.req.param('id') ?? '', format, c.req.query(PASS_PARAMETER) ?? null] as const
    return { file: filePath(...of), waiting: waitingPath(...of) }
  }

  async function page(c: Context<WebEnv>, kind: Kind, wanted: Wanted, taking: Taking | Unbegun): Promise<Response> {
    const visit = visitOf(c, [PASS_PARAMETER])
    const { file, waiting } = paths(c, kind, wanted)
    const subject = `${kind}:${c.req.param('id')}` as const
    const facts = (await describe(platform.db, site.subjects, [subject])).get(subject)
    if (c.req.query(PASS_PARAMETER)) forOneReader(c)
    else c.header('Cache-Control', 'private, no-store')
    const html = await htmlOf(
      <TakePage
        {...(await around(site, visit))}
        subject={subject}
        title={facts?.title ?? ''}
        // Who came by a secret link goes back by it; its token is not in the pass.
        back={c.req.query(PASS_PARAMETER) ? null : facts ? visit.to(facts.path) : null}
        format={wanted.format}
        state={taking.state === 'absent' ? { state: 'failed' } : taking}
        file={file}
        again={visit.to(waiting)}
        next={visit.to(waiting, { waiting: '1' })}
        progress={waiting.replace(wanted.format, `${wanted.format}/progress`)}
      />,
    )
    return pages.once(c, { html, headers: { 'Content-Language': visit.page.lang } })
  }

  async function tooMany(c: Context<WebEnv>): Promise<Response> {
    const visit = visitOf(c)
    return pages.once(c, { html: await htmlOf(<ProblemPage {...(await around(site, visit))} kind="too_many" />) }, 429)
  }

  return new Hono<WebEnv>()
    .get('/take/:kind/:id/:format', open, async (c) => {
      const kind = kindOf(c)
      const wanted = kind && (await wantedBy({ ...platform, members }, c, kind))
      if (!kind || !wanted) return c.notFound()
      const taking = await take(platform, wanted, { start: false })
      if (taking.state === 'absent') return c.notFound()
      const isWaiting = c.req.query('waiting') === '1'
      // A download leaves the page that asked for it standing: whoever waited here is told, and sent on from the page.
      if (taking.state === 'ready' && !isWaiting) {
        c.header('Cache-Control', 'private, no-store')
        c.header('Referrer-Policy', 'no-referrer')
        return c.redirect(paths(c, kind, wanted).file, 303)
      }
      if (taking.state !== 'making' || isWaiting) return page(c, kind, wanted, taking)
      if (isBot(c.req.raw.headers)) return page(c, kind, wanted, { ...taking, state: 'unbegun' })
      if (!(await mayBegin(platform, c.get('address')))) return tooMany(c)
      return page(c, kind, wanted, await take(platform, wanted, { start: true }))
    })
    .post('/take/:kind/:id/:format', open, async (c) => {
      const kind = kindOf(c)
      const wanted = kind && (await wantedBy({ ...platform, members }, c, kind))
      if (!kind || !wanted) return c.notFound()
      if (!(await mayBegin(platform, c.get('address')))) return tooMany(c)
      await take(platform, wanted, { start: true })
      return c.redirect(visitOf(c).to(paths(c, kind, wanted).waiting, { waiting: '1' }), 303)
    })
    .get('/take/:kind/:id/:format/progress', open, async (c) => {
      const kind = kindOf(c)
      const wanted = kind && (await wantedBy({ ...platform, members }, c, kind))
      if (!wanted) return c.json(null, 404)
      const taking = await take(platform, wanted, { start: false })
      c.header('Cache-Control', 'private, no-store')
      return c.json(
        taking.state === 'making'
          ? { state: 'making', done: taking.done, total: taking.total }
          : { state: taking.state },
      )
    })
}
