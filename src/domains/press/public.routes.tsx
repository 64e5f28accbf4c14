import { buffer } from 'node:stream/consumers'
import { type Context, type Handler, Hono } from 'hono'
import { forOneReader, open, send } from '../../platform/http/index.ts'
import { originalKey, SNIFF_BYTES, sniffPicture } from '../../platform/images/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { isBot } from '../exchange/index.ts'
import type { FansFrame } from '../fans/index.ts'
import { artistBySlug, type WebEnv } from '../identity/index.ts'
import { artistReleases } from '../music/index.ts'
import { JWKS_PATH, signedDocument } from './document.ts'
import { publicKeys } from './keys.store.ts'
import { countVisit, linkIdOf } from './links.store.ts'
import { pressPath } from './paths.ts'
import { openLink, pressPage, pressPictures } from './press.views.ts'
import { shownProofs } from './proofs.views.ts'
import { PressBody, VerifyBody } from './public-page.tsx'
import { words } from './words.ts'

export type PressSite = { frame: FansFrame }

const PICTURE = ':picture{(?:portrait|[0-9a-f-]{36})}'
const TYPES: Record<string, string> = { jpg: 'image/jpeg', png: 'image/png', webp: 'image/webp', avif: 'image/avif' }

/** The page for professionals, for everybody or by a link; what was signed, and the keys that it was signed with. */
export function publicPress(platform: Platform, { frame }: PressSite): Hono<WebEnv> {
  const { db, now, signer, storage, config } = platform

  /** Whose page is asked for and may be seen; `linkId` when by a link. */
  async function here(c: Context<WebEnv>) {
    const token = c.req.param('token')
    const linkId = token ? linkIdOf(signer, token) : null
    const link = linkId && (await openLink(db, linkId, now()))
    if (token && !link) return null
    const slug = link ? link.slug : (c.req.param('artist') ?? '')
    const found = await artistBySlug(db, slug)
    if (found?.kind === 'moved') return { moved: found.slug }
    if (found?.kind !== 'artist') return null
    const { artist } = found
    const said = await pressPage(db, artist.id)
    if (!link && !said.isPublic) return null
    return { moved: null, artist, said, linkId, path: link ? `/press/${token}` : pressPath(slug) }
  }

  const releasesOf = async (artistId: string) =>
    (await artistReleases(db, artistId, now())).filter(({ isOwn }) => isOwn).slice(0, 12)

  const page: Handler<WebEnv> = async (c, next) => {
    const found = await here(c)
    // A release may have had this address before such pages were made: while there is none, it keeps it.
    if (!found) return next()
    if (found.moved !== null) return c.redirect(pressPath(found.moved), 301)
    const { artist, said, linkId, path } = found
    const { lang } = c.var.page
    const releases = await releasesOf(artist.id)
    const [pictures, proofs] = await Promise.all([pressPictures(db, artist.id, releases), shownProofs(db, artist.id)])
    if (linkId) {
      forOneReader(c)
      if (c.req.method === 'GET' && !isBot(c.req.raw.headers)) await countVisit(platform, linkId)
    }
    const body = <PressBody {...{ lang, artist, said, releases, pictures, proofs }} here={path} />
    const title = words(lang)('title', { name: artist.name })
    const of = { artistId: artist.id }
    return c.html(await frame({ c, title, of, ...(!linkId && { canonical: config.baseUrl + path }), children: body }))
  }

  async function proof(c: Context<WebEnv>): Promise<Response> {
    const found = await here(c)
    if (!found || found.moved !== null) return c.notFound()
    const { artist, linkId } = found
    const proofs = await shownProofs(db, artist.id)
    if (!proofs.length) return c.notFound()
    if (linkId) forOneReader(c)
    c.header('Content-Disposition', `attachment; filename="${artist.slug.replace(/[^\w-]/g, '')}-proof.jws"`)
    const text = await signedDocument(platform, { slug: artist.slug, name: artist.name, proofs })
    return c.body(text, 200, { 'Content-Type': 'application/jose' })
  }

  async function picture(c: Context<WebEnv>): Promise<Response> {
    const found = await here(c)
    if (!found || found.moved !== null) return c.notFound()
    const { artist } = found
    const pictures = await pressPictures(db, artist.id, await releasesOf(artist.id))
    const one = pictures.find(({ name }) => name === c.req.param('picture'))
    const key = one && originalKey(one.sha256)
    const stored = key && (await storage.stat(key))
    if (!one || !key || !stored) return c.notFound()
    const kind = sniffPicture(await buffer(await storage.open(key, { start: 0, end: SNIFF_BYTES - 1 })))
    const extension = kind === 'jpeg' ? 'jpg' : kind
    const sending = {
      pieces: [{ key, size: stored.size }],
      type: TYPES[extension] ?? 'application/octet-stream',
      etag: `"${one.sha256.slice(0, 24)}-original"`,
      cache: 'private' as const,
      fileName: `${artist.name} - ${one.title}.${extension}`,
    }
    return send(c, storage, sending, config.accelPrefix)
  }

  return new Hono<WebEnv>()
    .get(JWKS_PATH, open, async (c) => {
      c.header('Cache-Control', 'public, max-age=300')
      c.header('Access-Control-Allow-Origin', '*')
      return c.body(JSON.stringify({ keys: await publicKeys(db) }), 200, { 'Content-Type': 'application/jwk-set+json' })
    })
    .get('/press/verify', open, async (c) => {
      const { lang } = c.var.page
      const body = <VerifyBody lang={lang} jwks={config.baseUrl + JWKS_PATH} />
      const canonical = `${config.baseUrl}/press/verify`
      return c.html(await frame({ c, title: words(lang)('verify'), of: null, canonical, children: body }))
    })
    .get('/press/:token', open, page)
    .get('/press/:token/proof.jws', open, proof)
    .get(`/press/:token/picture/${PICTURE}`, open, picture)
    .get('/:artist/press', open, page)
    .get('/:artist/press/proof.jws', open, proof)
    .get(`/:artist/press/picture/${PICTURE}`, open, picture)
}
