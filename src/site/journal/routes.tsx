import { type Context, Hono } from 'hono'
import {
  artistBySlug,
  can,
  isReserved,
  type Sender,
  senderId,
  senderThing,
  type WebEnv,
} from '../../domains/identity/index.ts'
import {
  embedUrl,
  journalItems,
  journalPath,
  neighbours,
  type Post,
  type PostMoved,
  placeInJournal,
  postPage,
  postPath,
  postTeaser,
  shownComments,
} from '../../domains/journal/index.ts'
import { type Membership, membershipFor, PREVIEW_PARAMETER, SECRET_PARAMETER } from '../../domains/music/index.ts'
import { membershipsHere } from '../../domains/shop/index.ts'
import { forOneReader, type Moment, open } from '../../platform/http/index.ts'
import { LANGUAGES } from '../../platform/i18n/index.ts'
import { isId } from '../../platform/ids.ts'
import { imageById, manifestPath, releasesOf, releasesOfLabel } from '../artist.view.ts'
import { feedsOf } from '../feeds.ts'
import { around } from '../frame.ts'
import { TeaserPage } from '../pages/teaser.tsx'
import type { Notice, Social } from '../pages/types.ts'
import { withSameQuery } from '../redirect.ts'
import { cardView } from '../release.view.ts'
import { htmlOf, type Site } from '../site.ts'
import { type Sleeve, sleeveOf, still, themeOf } from '../sleeve.ts'
import { plainSocial } from '../social.ts'
import { postTeaserView, teaserSocial } from '../teaser.view.ts'
import { type Visit, visitOf } from '../visit.ts'
import { commentAction, commentSite } from './comments.routes.tsx'
import { Comments } from './comments.tsx'
import { JournalPage, PostPage } from './pages.tsx'
import { itemCard, postView } from './view.tsx'
import { words } from './words.ts'

const PER_PAGE = 20

/** `/{artist or label}/journal`, `/{artist or label}/journal/{post}`. */
export function journalSite(site: Site): Hono<WebEnv> {
  const { platform, pages } = site
  const { db, now, signer } = platform

  /** What a journal is seen by: the newest sleeve of whose it is, or their picture. */
  async function faceOf(sender: Sender, imageId: string | null = null) {
    const id = senderId(sender)
    const cards = await pages.remember(`cards ${id}`, () =>
      'artistId' in sender ? releasesOf(platform, id) : releasesOfLabel(platform, id),
    )
    const newest = cards.find((card) => card.artistId === id) ?? cards[0]
    if (newest) return { newest, sleeve: sleeveOf(newest) }
    const picture = await imageById(platform, imageId)
    return { newest: undefined, sleeve: picture && ({ kind: 'picture', cover: picture } as Sleeve) }
  }

  async function postDocument(post: Post, visit: Visit, membership: Membership | null): Promise<string> {
    const { newest, sleeve: face } = await faceOf(post.writer.sender)
    const sleeve: Sleeve | null = post.cover ? { kind: 'picture', cover: post.cover } : face
    const { view, queue } = await postView(platform, post, visit, membership)
    const { newer, older } = await neighbours(db, post, now())
    const link = (other: Post | null) => other && { title: other.title, href: visit.to(other.path) }
    return htmlOf(
      <PostPage
        {...(await around(site, visit, {
          sleeve: face,
          theme: themeOf(sleeve, post.writer.theme),
          manifest: 'artistId' in post.writer.sender ? manifestPath(post.writer.slug) : undefined,
          feeds: feedsOf({ of: post.writer, lang: visit.page.lang }),
        }))}
        post={view}
        queue={queue}
        social={postSocial(visit, post, view.summary, sleeve)}
        notice={noticeOf(post, membership, visit)}
        journalHref={visit.to(journalPath(post.writer.slug))}
        newer={link(newer)}
        older={link(older)}
        beside={newest && cardView(newest, visit)}
      >
        <Comments
          page={visit.page}
          comments={await shownComments(db, post.id)}
          action={post.commentsOpen && post.visibility !== 'draft' ? commentAction(post, carried(visit)) : null}
          writer={post.writer.name}
          zone={post.publishZone ?? 'UTC'}
        />
      </PostPage>,
    )
  }

  return new Hono<WebEnv>()
    .route('/', commentSite(site))
    .get('/:artist/journal', open, async (c) => {
      const slug = c.req.param('artist')
      if (isReserved(slug)) return c.notFound()
      const since = pages.moment()
      const found = await artistBySlug(db, slug)
      if (found?.kind === 'moved') return withSameQuery(c, journalPath(found.slug))
      if (!found) return c.notFound()
      const isArtist = found.kind === 'artist'
      const { id, name, slug: own } = isArtist ? found.artist : found.label
      const picture = isArtist ? found.artist.portraitImageId : found.label.imageId
      const chosen = isArtist ? found.artist.theme : {}
      const visit = visitOf(c, ['before'])
      const asked = c.req.query('before')
      const memberships = await membershipsHere(c, platform)
      const looking = { now: now(), memberships }
      const before = asked !== undefined && isId(asked) ? await placeInJournal(db, asked, id, looking) : null
      if (asked !== undefined && !before) return c.notFound()
      if (memberships.length) forOneReader(c)
      return pages.serve(c, since, async () => {
        const found = await journalItems(db, id, { limit: PER_PAGE + 1, before, ...looking })
        const posts = found.slice(0, PER_PAGE).map((item) => itemCard(item, visit))
        const { sleeve } = await faceOf(isArtist ? { artistId: id } : { labelId: id }, picture)
        const path = journalPath(own)
        const line = words(visit.page.lang)('card_journal', { name })
        return {
          html: await htmlOf(
            <JournalPage
              {...(await around(site, visit, {
                sleeve,
                theme: themeOf(sleeve, chosen),
                feeds: feedsOf({ of: { slug: own, name }, lang: visit.page.lang }).toReversed(),
              }))}
              writer={{ name, href: visit.to(`/${encodeURIComponent(own)}`) }}
              posts={posts}
              earlierHref={found.length > PER_PAGE ? visit.to(path, { before: posts.at(-1)?.id ?? null }) : null}
              newestHref={before ? visit.to(path) : null}
              social={plainSocial(visit, path, line, sleeve)}
            />,
          ),
          headers: { 'Content-Language': visit.page.lang },
        }
      })
    })
    .get('/:artist/journal/:post', open, async (c) => {
      const { artist: slug, post: postSlug } = c.req.param()
      if (isReserved(slug)) return c.notFound()
      const since = pages.moment()
      const visit = visitOf(c, [SECRET_PARAMETER, PREVIEW_PARAMETER])
      const { found, membership } = await look(c, slug, postSlug)
      if (!found) return (await teaserAt(c, since, visit, { slug, postSlug })) ?? elsewhere(c, slug, postSlug)
      if ('moved' in found) return withSameQuery(c, postPath(found.moved.slug, found.moved.postSlug))
      if (found.visibility !== 'public') forOneReader(c)
      return pages.serve(c, since, async () => ({
        html: await postDocument(found, visit, membership),
        headers: { 'Content-Language': visit.page.lang },
      }))
    })
    .get('/journal/video/:provider/:host/:id/:signature', open, (c) => {
      const { provider, host, id, signature } = c.req.param()
      const src = embedUrl(provider, host, id)
      if (!src || !signer.verify('journal-video', `${provider} ${host} ${id}`, signature)) return c.notFound()
      c.header('Content-Security-Policy', videoPolicy(new URL(src).origin))
      c.header('Cache-Control', 'private, max-age=3600')
      c.header('X-Robots-Tag', 'noindex')
      return c.html(videoFrame(src, words(c.get('page').lang)('video_title', { host })))
    })

  /** What everybody may know of a post for members. */
  async function teaserAt(
    c: Context<WebEnv>,
    since: Moment,
    visit: Visit,
    asked: { slug: string; postSlug: string },
  ): Promise<Response | null> {
    const teaser = await postTeaser(db, asked)
    if (!teaser) return null
    const { sleeve: face } = await faceOf(teaser.writer.sender)
    const sleeve: Sleeve | null = teaser.cover ? { kind: 'picture', cover: teaser.cover } : face
    return pages.serve(c, since, async () => ({
      html: await htmlOf(
        <TeaserPage
          {...(await around(site, visit, {
            sleeve: face,
            theme: themeOf(sleeve, teaser.writer.theme),
            feeds: feedsOf({ of: teaser.writer, lang: visit.page.lang }),
          }))}
          teaser={postTeaserView(teaser, await site.members.plansOf(teaser.writer.id), visit)}
          social={teaserSocial(visit, teaser)}
        />,
      ),
      headers: { 'Content-Language': visit.page.lang },
    }))
  }

  type Looked = { found: Post | PostMoved | null; membership: Membership | null }

  /** The post as this request may see it: as who works on it, when they ask for a preview; else by its key, as everybody, or as a member. */
  async function look(c: Context<WebEnv>, slug: string, postSlug: string): Promise<Looked> {
    const asked = { slug, postSlug, now: now() }
    const actor = c.get('actor')
    if (actor && c.req.query(PREVIEW_PARAMETER) === '1') {
      const found = await postPage(db, { ...asked, preview: true })
      if (found && !('moved' in found) && can(actor, 'journal.edit', senderThing(found.writer.sender)))
        return { found, membership: null }
    }
    const found = await postPage(db, { ...asked, token: (c.req.query(SECRET_PARAMETER) ?? '').slice(0, 100) || null })
    if (found) return { found, membership: null }
    const memberships = await membershipsHere(c, platform)
    const given = memberships.length ? await postPage(db, { ...asked, memberships }) : null
    const givenTo = given && !('moved' in given) ? given.givenTo : null
    return { found: given, membership: membershipFor(givenTo, memberships) ?? null }
  }

  async function elsewhere(c: Context<WebEnv>, slug: string, postSlug: string): Promise<Response> {
    const there = await artistBySlug(db, slug)
    return there?.kind === 'moved' ? withSameQuery(c, postPath(there.slug, postSlug)) : c.notFound()
  }
}

/** The key and the language of this visit's address. */
function carried(visit: Visit): string {
  const params = new URL(visit.page.url).searchParams
  params.delete(PREVIEW_PARAMETER)
  return params.size ? `?${params}` : ''
}

function noticeOf(
  { visibility, givenTo, publishAt, publishZone }: Post,
  membership: Membership | null,
  visit: Visit,
): Notice | undefined {
  if (visibility === 'public') return undefined
  if (membership) return { kind: 'members' }
  if (visibility === 'members') return { kind: 'for_members' }
  if (visibility !== 'scheduled') return { kind: visibility }
  const params = new URL(visit.page.url).searchParams
  if (!givenTo && params.has(SECRET_PARAMETER) && !params.has(PREVIEW_PARAMETER)) return { kind: 'unlisted' }
  return { kind: givenTo ? 'early' : 'scheduled', at: publishAt ?? new Date(0), zone: publishZone ?? 'UTC' }
}

function postSocial(visit: Visit, post: Post, summary: string, sleeve: Sleeve | null): Social {
  const url = visit.full(post.path)
  const picture = sleeve && still(sleeve, 1200)
  const image = picture && { ...picture, src: visit.full(picture.src), alt: post.cover ? post.coverAlt : '' }
  return {
    canonical: url,
    languages: LANGUAGES,
    description: summary || post.title,
    image,
    jsonLd: {
      '@context': 'https://schema.org',
      '@type': 'BlogPosting',
      '@id': url,
      url,
      headline: post.title,
      inLanguage: post.language,
      ...(post.publishedAt && { datePublished: post.publishedAt.toISOString() }),
      dateModified: post.changedAt.toISOString(),
      ...(image && { image: image.src }),
      ...(summary && { description: summary }),
      author: {
        '@type': 'artistId' in post.writer.sender ? 'MusicGroup' : 'Organization',
        name: post.writer.name,
        url: visit.full(`/${encodeURIComponent(post.writer.slug)}`),
      },
    },
  }
}

/** In our own pages alone, and from the one site that was pressed. */
const videoPolicy = (origin: string) =>
  `default-src 'none'; style-src 'unsafe-inline'; frame-src ${origin}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`

const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => SIGNS[sign] ?? sign)

const videoFrame = (src: string, title: string) =>
  `<!doctype html><html><head><meta charset="utf-8"><title>${escaped(title)}</title>` +
  '<style>html,body,iframe{margin:0;border:0;width:100%;height:100%;display:block;background:#000}</style></head>' +
  `<body><iframe src="${escaped(src)}" title="${escaped(title)}" allow="autoplay; fullscreen; picture-in-picture; encrypted-media" allowfullscreen></iframe></body></html>`
