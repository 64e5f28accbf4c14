import { buffer } from 'node:stream/consumers'
import { type Context, type Handler, Hono } from 'hono'
import { forOneReader, open, send } from '../../platform/http/index.ts'
import { originalKey, SNIFF_BYTES, sniffPicture } from '../../platform/images/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { FieldErrors } from '../../ui/forms.tsx'
import { soundsOf } from '../audio/index.ts'
import { isBot } from '../exchange/index.ts'
import { type FansFrame, mayAsk, mayFollow, readAddress, rememberAsked } from '../fans/index.ts'
import { artistBySlug, readForm, smallBody, type WebEnv } from '../identity/index.ts'
import { artistReleases, releaseById, releasePage } from '../music/index.ts'
import { JWKS_PATH, signedDocument } from './document.ts'
import { ownPictures, riderOf } from './files.views.ts'
import { FollowPress, followWords } from './followers/follow-form.tsx'
import { askToFollow } from './followers/follow-press.ts'
import { tellsMomentum } from './followers/followers.views.ts'
import { AskedBody } from './followers/pages.tsx'
import { publicKeys } from './keys.store.ts'
import { countVisit, linkIdOf } from './links.store.ts'
import { pressPath, releasePressPath } from './paths.ts'
import { openLink, pressPage, pressPictures } from './press.views.ts'
import { shownProofs } from './proofs.views.ts'
import { PressBody, VerifyBody } from './public-page.tsx'
import { ReleaseBody } from './release-page.tsx'
import { shownReleaseProofs } from './release-proofs.views.ts'
import { words } from './words.ts'

export type PressSite = { frame: FansFrame }

const PICTURE = ':picture{(?:portrait|[0-9a-f-]{36})}'
/** So many of the latest sleeves stand on an artist's page; each stands on its release's. */
const PICTURED = 12
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
    (await artistReleases(db, artistId, now())).filter(({ isOwn }) => isOwn)

  /** A page by a link is its reader's alone; coming to it is a visit, going on within it is none. */
  async function opened(c: Context<WebEnv>, linkId: string | null): Promise<void> {
    if (!linkId) return
    forOneReader(c)
    const comes = c.req.header('sec-fetch-site') !== 'same-origin'
    if (comes && c.req.method === 'GET' && !isBot(c.req.raw.headers)) await countVisit(platform, linkId)
  }

  type Here = Exclude<Awaited<ReturnType<typeof here>>, { moved: string } | null>

  const page: Handler<WebEnv> = async (c, next) => {
    const found = await here(c)
    // A release may have had this address before such pages were made: while there is none, it keeps it.
    if (!found) return next()
    if (found.moved !== null) return c.redirect(pressPath(found.moved), 301)
    return whole(c, found)
  }

  async function whole(c: Context<WebEnv>, found: Here, mail = '', errors?: FieldErrors): Promise<Response> {
    const { artist, said, linkId, path } = found
    const { page } = c.var
    const { lang } = page
    const releases = await releasesOf(artist.id)
    const [tells, own, sleeves, rider, proofs] = await Promise.all([
      tellsMomentum(db, artist.id),
      ownPictures(db, artist.id),
      pressPictures(db, artist.id, releases.slice(0, PICTURED)),
      riderOf(db, artist.id),
      shownProofs(db, artist.id),
    ])
    await opened(c, linkId)
    const body = (
      <>
        <PressBody {...{ lang, artist, said, rider, releases, proofs }} pictures={[...own, ...sleeves]} here={path} />
        {tells && <FollowPress {...{ page, mail, errors }} here={path} name={artist.name} />}
      </>
    )
    const title = words(lang)('title', { name: artist.name })
    const of = { artistId: artist.id }
    const canonical = linkId ? {} : { canonical: config.baseUrl + path }
    return c.html(await frame({ c, title, of, ...canonical, children: body }), errors ? 422 : 200)
  }

  /** Somebody leaves an address on a page that they may see, to be told of momentum. */
  async function ask(c: Context<WebEnv>): Promise<Response> {
    const found = await here(c)
    if (!found || found.moved !== null || !(await tellsMomentum(db, found.artist.id))) return c.notFound()
    const { artist, linkId, path } = found
    const { page } = c.var
    const { lang } = page
    const t = words(lang)
    const posted = await readForm(c)
    const mail = posted.text('mail').slice(0, 254)
    const read = readAddress('mail', mail)
    if (posted.text('fx')) return whole(c, found, mail, { '': t('error_trapped') })
    if (!read.ok) return whole(c, found, mail, { mail: t('error_mail') })
    if (!(await mayFollow(platform, c))) return whole(c, found, mail, { '': t('error_often') })
    const { address } = read.value
    // Beyond the limit the answer is the same, and nothing is sent.
    if (await mayAsk(platform, read.value)) {
      const asked = { artistId: artist.id, address: read.value, language: lang, linkId }
      const { followerId } = await askToFollow(platform, { ...asked, wording: followWords(lang, artist.name) })
      rememberAsked(c, signer, followerId)
    }
    forOneReader(c)
    const body = <AskedBody {...{ page, address }} name={artist.name} back={path} />
    return c.html(await frame({ c, title: t('followed_title'), of: { artistId: artist.id }, children: body }))
  }

  /** The release that is asked for on a page that may be seen, as everybody sees it. */
  async function releaseHere(c: Context<WebEnv>) {
    const found = await here(c)
    if (!found || found.moved !== null) return found
    const asked = { artistSlug: found.artist.slug, releaseSlug: c.req.param('release') ?? '', now: now() }
    const there = await releasePage(db, asked)
    if (!there) return null
    if ('moved' in there)
      return there.moved.artistSlug === asked.artistSlug
        ? { ...found, moved: null, slug: there.moved.releaseSlug }
        : null
    const release = await releaseById(db, there.id, { now: asked.now, lyrics: true })
    return release && { ...found, release, slug: release.slug }
  }

  const releasePress: Handler<WebEnv> = async (c, next) => {
    const found = await releaseHere(c)
    if (!found) return next()
    if (found.moved !== null)
      return c.redirect(releasePressPath(pressPath(found.moved), c.req.param('release') ?? ''), 301)
    const { artist, said, linkId, path } = found
    const at = releasePressPath(path, found.slug)
    if (!('release' in found)) return c.redirect(at, linkId ? 302 : 301)
    const { release } = found
    const { lang } = c.var.page
    const [tells, pictures, proofs, sounds] = await Promise.all([
      tellsMomentum(db, artist.id),
      pressPictures(db, artist.id, [release]),
      shownReleaseProofs(db, release.id),
      soundsOf(
        db,
        release.tracks.map(({ recordingId }) => recordingId),
      ),
    ])
    await opened(c, linkId)
    const lengths = new Map([...sounds].map(([id, { durationMs }]) => [id, durationMs]))
    const sleeve = pictures.filter(({ name }) => name === release.id)
    const body = <ReleaseBody {...{ lang, release, lengths, said, sleeve, proofs, tells }} root={path} here={at} />
    const title = words(lang)('title', { name: release.title })
    const of = { artistId: artist.id }
    return c.html(
      await frame({
        c,
        title,
        of,
        release: release.id,
        ...(!linkId && { canonical: config.baseUrl + at }),
        children: body,
      }),
    )
  }

  async function releaseProof(c: Context<WebEnv>): Promise<Response> {
    const found = await releaseHere(c)
    if (!found || !('release' in found)) return c.notFound()
    const { artist, release, linkId } = found
    const proofs = await shownReleaseProofs(db, release.id)
    if (!proofs.length) return c.notFound()
    if (linkId) forOneReader(c)
    const name = `${artist.slug}-${release.slug}`.replace(/[^\w-]/g, '')
    c.header('Content-Disposition', `attachment; filename="${name}-proof.jws"`)
    const about = { of: 'release', path: release.path, name: release.title, by: artist.name } as const
    return c.body(await signedDocument(platform, { ...about, proofs }), 200, { 'Content-Type': 'application/jose' })
  }

  async function proof(c: Context<WebEnv>): Promise<Response> {
    const found = await here(c)
    if (!found || found.moved !== null) return c.notFound()
    const { artist, linkId } = found
    const proofs = await shownProofs(db, artist.id)
    if (!proofs.length) return c.notFound()
    if (linkId) forOneReader(c)
    c.header('Content-Disposition', `attachment; filename="${artist.slug.replace(/[^\w-]/g, '')}-proof.jws"`)
    const about = { of: 'artist', path: `/${artist.slug}`, name: artist.name } as const
    const text = await signedDocument(platform, { ...about, proofs })
    return c.body(text, 200, { 'Content-Type': 'application/jose' })
  }

  async function picture(c: Context<WebEnv>): Promise<Response> {
    const found = await here(c)
    if (!found || found.moved !== null) return c.notFound()
    const { artist } = found
    const asked = c.req.param('picture')
    const releases = asked === 'portrait' ? [] : await releasesOf(artist.id)
    const pictures = await pressPictures(
      db,
      artist.id,
      releases.filter(({ id }) => id === asked),
    )
    const one = [...pictures, ...(await ownPictures(db, artist.id))].find(({ name }) => name === asked)
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

  async function rider(c: Context<WebEnv>): Promise<Response> {
    const found = await here(c)
    if (!found || found.moved !== null) return c.notFound()
    const { artist } = found
    const file = await riderOf(db, artist.id)
    if (!file) return c.notFound()
    const sending = {
      pieces: [{ key: file.storageKey, size: file.size }],
      type: 'application/pdf',
      etag: `"${file.sha256.slice(0, 24)}"`,
      cache: 'revalidate' as const,
      fileName: `${artist.name} - ${words(c.var.page.lang)('rider')}.pdf`,
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
    .post('/press/:token', open, smallBody, ask)
    .get('/press/:token/proof.jws', open, proof)
    .get('/press/:token/rider.pdf', open, rider)
    .get(`/press/:token/picture/${PICTURE}`, open, picture)
    .get('/press/:token/:release', open, releasePress)
    .get('/press/:token/:release/proof.jws', open, releaseProof)
    .get('/:artist/press', open, page)
    .post('/:artist/press', open, smallBody, ask)
    .get('/:artist/press/proof.jws', open, proof)
    .get('/:artist/press/rider.pdf', open, rider)
    .get(`/:artist/press/picture/${PICTURE}`, open, picture)
    .get('/:artist/press/:release', open, releasePress)
    .get('/:artist/press/:release/proof.jws', open, releaseProof)
}
