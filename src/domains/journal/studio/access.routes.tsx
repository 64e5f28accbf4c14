import { type Context, Hono } from 'hono'
import type { Platform } from '../../../platform/platform.ts'
import { fromLocal } from '../../../platform/zones.ts'
import { Button, ErrorSummary, type FieldErrors, Form } from '../../../ui/forms.tsx'
import {
  actorOf,
  can,
  guard,
  MembersStep,
  momentRefused,
  type Plan,
  PublicationSteps,
  plansMissing,
  publicationSentence,
  readForm,
  readMembersChoice,
  readTexts,
  senderThing,
  smallBody,
  type WebEnv,
  zoneAt,
} from '../../identity/index.ts'
import { type Members, SECRET_PARAMETER } from '../../music/index.ts'
import {
  givePostToMembers,
  type PublishProblem,
  publishPost,
  renewPostLink,
  schedulePost,
  unlistPost,
  withdrawPost,
} from '../publish-post.ts'
import { lastPostZone, type StudioPost, studioPost } from '../studio.views.ts'
import { words } from '../words.ts'
import { PostFrame, postHref } from './frame.tsx'
import { ID, whosePost } from './things.ts'

type Asked = { at?: string; zone: string; errors: FieldErrors }

/** Who may read a post, from when on, by which link. */
export function postAccessRoutes(platform: Platform, members: Members): Hono<WebEnv> {
  const { db, now } = platform
  const mayEdit = guard('journal.edit', whosePost(platform))
  const mayPublish = guard('journal.publish', whosePost(platform))
  const path = `/studio/journal/:id{${ID}}/access`
  const of = (c: Context<WebEnv>) => ({ postId: c.req.param('id') ?? '', by: actorOf(c).accountId })
  const back = (c: Context<WebEnv>, done: string) => c.redirect(`${postHref(of(c).postId, 'access')}?done=${done}`, 303)

  async function show(c: Context<WebEnv>, asked: Partial<Asked> = {}) {
    const post = await studioPost(db, of(c).postId, now())
    if (!post) return c.notFound()
    const zone = asked.zone ?? post.publishZone ?? (await lastPostZone(db, post.writer.id)) ?? zoneAt(c, post.writer.id)
    const plans = await plansFor(post)
    return c.html(
      <AccessPage c={c} post={post} plans={plans} asked={{ errors: {}, ...asked, zone }} />,
      asked.errors ? 422 : 200,
    )
  }
  /** A label has no members. */
  const plansFor = async ({ writer: { sender }, givenTo }: StudioPost) =>
    'artistId' in sender ? members.plansOf(sender.artistId, givenTo?.plans) : null
  function refused(c: Context<WebEnv>, error: PublishProblem, asked: Partial<Asked> = {}) {
    const t = words(c.get('page').lang)
    return error === 'missing' ? c.notFound() : show(c, { ...asked, errors: { '': t(`error_${error}`) } })
  }

  return new Hono<WebEnv>()
    .get(path, mayEdit, (c) => show(c))
    .post(`${path}/publish`, mayPublish, async (c) => {
      const done = await publishPost(platform, of(c))
      return done.ok ? back(c, 'published') : refused(c, done.error)
    })
    .post(`${path}/schedule`, mayPublish, async (c) => {
      const { at = '', zone = 'UTC' } = await readTexts(c)
      const moment = fromLocal(at, zone)
      if (!moment) return show(c, momentRefused(c.get('page').lang, 'none', { at, zone }))
      const done = await schedulePost(platform, { ...of(c), at: moment, zone })
      if (done.ok) return back(c, 'scheduled')
      switch (done.error) {
        case 'past':
        case 'no-zone':
        case 'public':
          return show(c, momentRefused(c.get('page').lang, done.error, { at, zone }))
        default:
          return refused(c, done.error, { at, zone })
      }
    })
    .post(`${path}/members`, mayPublish, smallBody, async (c) => {
      const post = await studioPost(db, of(c).postId, now())
      const plans = post && (await plansFor(post))
      if (!plans) return c.notFound()
      const choice = readMembersChoice(await readForm(c), plans, post)
      if (!choice) return show(c, { errors: { '': plansMissing(c.get('page').lang) } })
      const done = await givePostToMembers(platform, { ...of(c), ...choice })
      if (done.ok) return back(c, 'members')
      switch (done.error) {
        case 'public':
          return c.redirect(postHref(post.id, 'access'), 303)
        case 'no-members':
          return c.notFound()
        default:
          return refused(c, done.error)
      }
    })
    .post(`${path}/unlist`, mayPublish, async (c) =>
      (await unlistPost(platform, of(c))).ok ? back(c, 'unlisted') : c.notFound(),
    )
    .post(`${path}/withdraw`, mayPublish, async (c) =>
      (await withdrawPost(platform, of(c))).ok ? back(c, 'withdrawn') : c.notFound(),
    )
    .post(`${path}/link`, mayPublish, async (c) =>
      (await renewPostLink(platform, of(c))).ok ? back(c, 'link') : c.notFound(),
    )
}

type Props = { c: Context<WebEnv>; post: StudioPost; plans: Plan[] | null; asked: Asked }
const NOTICES = ['published', 'scheduled', 'members', 'unlisted', 'withdrawn', 'link'] as const

const AccessPage = ({ c, post, plans, asked }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  const mayPublish = can(c.get('actor'), 'journal.publish', senderThing(post.writer.sender))
  const title = post.title || t('untitled')
  const failed = Object.keys(asked.errors).length > 0
  const done = failed ? undefined : NOTICES.find((known) => known === c.req.query('done'))
  return (
    <PostFrame
      c={c}
      post={post}
      section="access"
      scripts={['islands/copy-links.js']}
      notice={done && <Done c={c} post={post} done={done} />}
    >
      <ErrorSummary errors={asked.errors} lang={page.lang} />
      {mayPublish ? (
        <PublicationSteps
          c={c}
          of={post}
          href={postHref(post.id, 'access')}
          says={{
            publish: t('publish_words', { title }),
            unlist: t('unlist_words', { title }),
            withdraw: t('withdraw_words', { title }),
          }}
          asked={asked}
          members={
            plans && (
              <MembersStep
                page={page}
                of={post}
                plans={plans}
                href={postHref(post.id, 'access')}
                says={t('members_words', { title })}
              />
            )
          }
        />
      ) : (
        <p class="lead">{t('may_not_publish')}</p>
      )}
      {post.secretToken && post.visibility !== 'public' && <SecretLink c={c} post={post} mayPublish={mayPublish} />}
      {mayPublish && (
        <section>
          <h2>{t('remove_title')}</h2>
          <p class="lead">{t('remove_words')}</p>
          <Form page={page} action={`${postHref(post.id)}/remove`}>
            <Button kind="quiet">{t('remove_button')}</Button>
          </Form>
        </section>
      )}
    </PostFrame>
  )
}

const Done = ({ c, post, done }: Omit<Props, 'asked' | 'plans'> & { done: (typeof NOTICES)[number] }) => {
  const page = c.get('page')
  const t = words(page.lang)
  if (done === 'scheduled' || done === 'members')
    return <>{publicationSentence(post, page.lang, zoneAt(c, post.writer.id))}</>
  if (done !== 'published') return <>{t(`done_${done}`)}</>
  return (
    <>
      {t('done_published')} <a href={post.path}>{page.base + post.path}</a>
    </>
  )
}

/** In a field of its own, so that one press selects it whole, without scripts too. */
const SecretLink = ({ c, post, mayPublish }: Omit<Props, 'asked' | 'plans'> & { mayPublish: boolean }) => {
  const page = c.get('page')
  const t = words(page.lang)
  return (
    <section>
      <h2>{t('link_title')}</h2>
      <p class="lead">{t('link_words')}</p>
      <p class="actions">
        <input
          type="text"
          readonly
          value={`${page.base}${post.path}?${SECRET_PARAMETER}=${post.secretToken}`}
          id="secret-link"
          data-copy={t('copy')}
          data-copied={t('copied')}
          aria-label={t('link_address')}
        />
      </p>
      {mayPublish && (
        <Form page={page} action={`${postHref(post.id, 'access')}/link`}>
          <Button kind="quiet">{t('link_renew')}</Button>
        </Form>
      )}
    </section>
  )
}
