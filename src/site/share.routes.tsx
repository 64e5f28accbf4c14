import { type Context, Hono } from 'hono'
import sharp from 'sharp'
import { renderSVG } from 'uqr'
import {
  describe,
  isBot,
  isSubject,
  personOf,
  publicSubject,
  SHARE_TOKENS,
  type Share,
  type Subject,
  type SubjectFacts,
  shareByCode,
  shareLink,
  sharePath,
} from '../domains/exchange/index.ts'
import { readForm, smallBody, type WebEnv } from '../domains/identity/index.ts'
import { allow, open } from '../platform/http/index.ts'
import { around } from './frame.ts'
import { SharePage } from './pages/share.tsx'
import { htmlOf, type Site } from './site.ts'
import { visitOf } from './visit.ts'

const MADE = { name: 'shares', most: 60, windowSeconds: 3_600 }
/** Pixels of one module. */
const QR_MODULE = 10

/** Passing something on: a link of one's own for whoever may be told apart, the plain one for whoever may not. Opening a page changes nothing. */
export function shareRoutes(site: Site): Hono<WebEnv> {
  const { platform, pages } = site
  const { db } = platform

  async function page(c: Context<WebEnv>, facts: SubjectFacts, share: Share | null): Promise<Response> {
    const visit = visitOf(c)
    c.header('Cache-Control', 'private, no-store')
    const link = visit.full(share ? sharePath(share.code) : facts.path)
    const html = await htmlOf(
      <SharePage
        {...(await around(site, visit))}
        title={facts.title}
        back={visit.to(facts.path)}
        link={link}
        own={share !== null}
        qr={codeOf(link)}
        pictures={share && (['svg', 'png'] as const).map((kind) => `${sharePath(share.code)}/qr.${kind}`)}
      />,
    )
    return pages.once(c, { html, headers: { 'Content-Language': visit.page.lang } })
  }

  async function shareOf(c: Context<WebEnv>): Promise<{ share: Share; facts: SubjectFacts } | null> {
    const share = await shareByCode(db, c.req.param('code') ?? '')
    const facts = share && (await describe(db, site.subjects, [share.subject])).get(share.subject)
    return share && facts ? { share, facts } : null
  }

  const publicly = (subject: unknown) =>
    isSubject(subject) ? publicSubject(platform, site.subjects, subject) : Promise.resolve(null)

  return new Hono<WebEnv>()
    .get('/share', open, async (c) => {
      const facts = await publicly(c.req.query('of'))
      return facts ? page(c, facts, null) : c.notFound()
    })
    .post('/share', open, smallBody, async (c) => {
      const subject = (await readForm(c)).text('subject') as Subject
      const facts = await publicly(subject)
      if (!facts) return c.notFound()
      const visit = visitOf(c)
      const mayMake = !isBot(c.req.raw.headers) && (await allow(platform, MADE, c.get('address')))
      // Who objects to being counted passes on the plain address.
      const personId = mayMake ? await personOf(c, platform, { create: true }) : null
      if (!personId) return c.redirect(visit.to('/share', { of: subject }), 303)
      const code = await shareLink(platform, { artistId: facts.artistId, subject, personId })
      return c.redirect(visit.to(`${sharePath(code)}/pass`), 303)
    })
    .get('/s/:code', open, async (c) => {
      const found = await shareOf(c)
      if (!found) return c.notFound()
      const { facts, share } = found
      c.header('Cache-Control', 'no-store')
      c.header('X-Robots-Tag', 'noindex')
      // What was withdrawn since leads to whose it was.
      const path = (await publicly(share.subject)) ? facts.path : `/${facts.path.split('/')[1]}`
      return c.redirect(visitOf(c).to(path, { via: `${SHARE_TOKENS}.${share.code}` }), 302)
    })
    .get('/s/:code/pass', open, async (c) => {
      const found = await shareOf(c)
      return found && (await publicly(found.share.subject)) ? page(c, found.facts, found.share) : c.notFound()
    })
    .get('/s/:code/:file{qr\\.(?:svg|png)}', open, async (c) => {
      const found = await shareOf(c)
      if (!found || !(await publicly(found.share.subject))) return c.notFound()
      const svg = codeOf(visitOf(c).full(sharePath(found.share.code)))
      const file = c.req.param('file')
      c.header('Content-Disposition', `attachment; filename="${found.share.code}-${file}"`)
      if (file.endsWith('.svg')) return c.body(svg, 200, { 'Content-Type': 'image/svg+xml' })
      const png = await sharp(Buffer.from(svg), { density: 300 }).png().toBuffer()
      return c.body(new Uint8Array(png), 200, { 'Content-Type': 'image/png' })
    })
}

/** Level M bears a crease and a splash; four modules of margin, as ISO/IEC 18004 asks. */
const codeOf = (link: string): string => renderSVG(link, { ecc: 'M', border: 4, pixelSize: QR_MODULE })
