import { type Context, Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { Child } from 'hono/jsx'
import { readAddress, readName } from '../../domains/fans/index.ts'
import { isReserved, readForm, smallBody, type WebEnv } from '../../domains/identity/index.ts'
import {
  addComment,
  askedComment,
  authorAt,
  confirmComment,
  MOST_COMMENT,
  type Post,
  postById,
  postPage,
  postPath,
  tidyComment,
} from '../../domains/journal/index.ts'
import { SECRET_PARAMETER } from '../../domains/music/index.ts'
import { membershipsHere } from '../../domains/shop/index.ts'
import { allow, forOneReader, type Limit, open } from '../../platform/http/index.ts'
import { isId } from '../../platform/ids.ts'
import type { FieldErrors } from '../../ui/forms.tsx'
import { around } from '../frame.ts'
import { SiteLayout } from '../pages/layout.tsx'
import { Headline } from '../pages/parts.tsx'
import { htmlOf, type Site } from '../site.ts'
import { themeOf } from '../sleeve.ts'
import { visitOf } from '../visit.ts'
import { CommentForm, type CommentValues, ConfirmComment, Thanks } from './comments.tsx'
import { words } from './words.ts'

const QUARTER = 15 * 60
const BY_NETWORK: Limit = { name: 'comment', most: 12, windowSeconds: QUARTER }
/** Questions to one address: what protects somebody from a stranger who types it again and again. */
const BY_ADDRESS: Limit = { name: 'comment-address', most: 4, windowSeconds: 24 * 3600 }

/** What a browser holds after its reader proved an address once, so that they need not again. */
const COOKIE = 'writes'
const COOKIE_SECONDS = 180 * 24 * 3600

/** Writing a comment, and saying that it is one's own: GET shows, POST acts. */
export function commentSite(site: Site): Hono<WebEnv> {
  const { platform } = site
  const { db, now, signer } = platform

  async function show(
    c: Context<WebEnv>,
    title: string,
    post: Post | null,
    children: Child,
    status: 200 | 404 | 422 = 200,
  ) {
    const visit = visitOf(c)
    forOneReader(c)
    c.header('Content-Language', visit.page.lang)
    const theme = post && themeOf(post.cover && { kind: 'picture', cover: post.cover }, post.writer.theme)
    return c.html(
      await htmlOf(
        <SiteLayout {...(await around(site, visit, theme && post?.cover ? { theme } : {}))} title={title} noindex>
          <article class="sheet">
            <header class="opening">
              <Headline title={title} lang={visit.page.lang} />
            </header>
            <div class="band">{children}</div>
          </article>
        </SiteLayout>,
      ),
      status,
    )
  }

  /** The fan whom this browser is known to be, unless they gave another address than theirs. */
  async function authorOf(c: Context<WebEnv>, key: string | null) {
    const [addressId = '', signature = ''] = (getCookie(c, COOKIE) ?? '').split('.')
    if (!isId(addressId) || !signer.verify('journal-writes', addressId, signature)) return null
    const author = await authorAt(db, addressId)
    return author && (key === null || author.addressKey === key) ? author : null
  }

  return new Hono<WebEnv>()
    .post('/:artist/journal/:post/comments', open, smallBody, async (c) => {
      const { artist: slug, post: postSlug } = c.req.param()
      if (isReserved(slug)) return c.notFound()
      const token = (c.req.query(SECRET_PARAMETER) ?? '').slice(0, 100) || null
      const memberships = await membershipsHere(c, platform)
      const post = await postPage(db, { slug, postSlug, now: now(), token, memberships })
      if (!post || 'moved' in post) return c.notFound()
      const { page } = visitOf(c)
      const t = words(page.lang)
      const form = await readForm(c)
      const values: CommentValues = {
        name: readName(form.text('name')),
        mail: form.text('mail'),
        text: tidyComment(form.text('text')),
      }
      const again = (errors: FieldErrors) =>
        show(
          c,
          t('comment_title'),
          post,
          <CommentForm
            page={page}
            action={page.path}
            writer={post.writer.name}
            values={values}
            errors={errors}
            alone
          />,
          422,
        )
      if (form.text('fx')) return again({ '': t('error_trapped') })
      const errors: FieldErrors = {}
      if (!values.name) errors['name'] = t('error_name')
      if (!values.text) errors['text'] = t('error_text')
      if (values.text.length > MOST_COMMENT) errors['text'] = t('error_text_long', { n: values.text.length })
      const read = values.mail ? readAddress('mail', values.mail) : null
      if (read && !read.ok) errors['mail'] = t('error_mail')
      if (Object.keys(errors).length) return again(errors)
      if (!(await allow(platform, BY_NETWORK, c.get('address')))) return again({ '': t('error_too_many') })
      const address = read?.ok ? read.value : null
      const author = await authorOf(c, address?.key ?? null)
      // Whoever asks an address too often still has their comment: it waits as one without any.
      const mayAsk = address && !author ? await allow(platform, BY_ADDRESS, address.key) : false
      const done = await addComment(platform, {
        postId: post.id,
        name: values.name,
        text: values.text,
        language: page.lang,
        mail: mayAsk && address ? address.address : null,
        author,
      })
      if (!done.ok) return again({ '': t('error_closed') })
      const said = done.value.state === 'shown' ? 'shown' : mayAsk ? 'mail' : 'waiting'
      return c.redirect(`/journal/comments/sent?post=${post.id}&said=${said}${langOf(c)}`, 303)
    })
    .get('/journal/comments/sent', open, async (c) => {
      const asked = c.req.query('post') ?? ''
      // Only its title is told, to whoever was on its page: what is unlisted leads nowhere from here.
      const post = isId(asked) ? await postById(db, asked, { now: now() }) : null
      const { page } = visitOf(c)
      const t = words(page.lang)
      const said = (['shown', 'mail'] as const).find((one) => one === c.req.query('said')) ?? 'waiting'
      const body = post ? (
        <Thanks lang={page.lang} said={t(`thanks_${said}`)} title={post.title} path={[post.writer.slug, post.slug]} />
      ) : (
        <p>{t(`thanks_${said}`)}</p>
      )
      return show(c, t('thanks_title'), post, body)
    })
    .get('/journal/comments/:id/:signature', open, async (c) => {
      const asked = await askedOf(c)
      const { page } = visitOf(c)
      const t = words(page.lang)
      if (!asked) return show(c, t('confirm_gone'), null, <p>{t('confirm_gone_words')}</p>, 404)
      if (asked.isConfirmed)
        return show(
          c,
          t('thanks_title'),
          null,
          <Thanks lang={page.lang} said={t('confirmed')} title={asked.title} path={asked.path} />,
        )
      return show(
        c,
        t('confirm_title'),
        null,
        <ConfirmComment page={page} asked={asked} action={c.req.path + query(c)} />,
      )
    })
    .post('/journal/comments/:id/:signature', open, smallBody, async (c) => {
      const asked = await askedOf(c)
      const { page } = visitOf(c)
      const t = words(page.lang)
      const done = asked && (await confirmComment(platform, c.req.param('id')))
      if (!asked || !done?.ok) return show(c, t('confirm_gone'), null, <p>{t('confirm_gone_words')}</p>, 404)
      const { addressId, state } = done.value
      if (addressId)
        setCookie(c, COOKIE, `${addressId}.${signer.sign('journal-writes', addressId)}`, {
          httpOnly: true,
          sameSite: 'Lax',
          secure: c.get('https'),
          path: '/',
          maxAge: COOKIE_SECONDS,
        })
      const said = `${t('confirmed')} ${t(state === 'shown' ? 'thanks_shown' : 'thanks_waiting')}`
      return show(
        c,
        t('thanks_title'),
        null,
        <Thanks lang={page.lang} said={said} title={asked.title} path={asked.path} />,
      )
    })

  async function askedOf(c: Context<WebEnv>) {
    const { id = '', signature = '' } = c.req.param() as { id?: string; signature?: string }
    if (!isId(id) || !signer.verify('journal-comment', id, signature)) return null
    return askedComment(db, id)
  }
}

const langOf = (c: Context): string => {
  const lang = c.req.query('lang')
  return lang === 'fr' || lang === 'en' ? `&lang=${lang}` : ''
}
const query = (c: Context): string => new URL(c.req.url).search

/** Where the form under a post is sent, as this visitor sees the post. */
export const commentAction = (post: Post, carried: string): string =>
  `${postPath(post.writer.slug, post.slug)}/comments${carried}`
