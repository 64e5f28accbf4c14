import { type Context, Hono } from 'hono'
import { formats } from '../../../platform/i18n/index.ts'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { Button, Form, TextArea } from '../../../ui/forms.tsx'
import {
  actorOf,
  guard,
  readTexts,
  StudioPage,
  senderAtDesk,
  senderHere,
  senderOf,
  senderThing,
  type Thing,
  type WebEnv,
  zoneAt,
} from '../../identity/index.ts'
import { MOST_COMMENT, tidyComment } from '../comment.rules.ts'
import { commentHtml, type StudioComment, studioComments } from '../comments.views.ts'
import { answerComment, moderateComment } from '../moderate-comment.ts'
import { postPath } from '../paths.rules.ts'
import { type StudioPost, studioPost } from '../studio.views.ts'
import { words } from '../words.ts'
import { PostFrame } from './frame.tsx'
import { ID, whosePost } from './things.ts'

const STEPS = { show: 'shown', hide: 'hidden', spam: 'spam' } as const

/** Comments, for those who look after them: under one post, and all that wait. */
export function commentRoutes(platform: Platform): Hono<WebEnv> {
  const { db, now } = platform
  const whoseComment = async (c: Context<WebEnv>): Promise<Thing | null> => {
    const id = c.req.param('comment')
    if (!isId(id)) return null
    const row = await db
      .selectFrom('comments')
      .innerJoin('posts', 'posts.id', 'comments.postId')
      .select(['artistId', 'labelId'])
      .where('comments.id', '=', id)
      .executeTakeFirst()
    return row ? senderThing(senderOf(row)) : null
  }
  const may = guard('journal.edit', whoseComment)
  const isUnder = async (id: string, postId: string) =>
    (await db
      .selectFrom('comments')
      .select('id')
      .where('id', '=', id)
      .where('postId', '=', postId)
      .executeTakeFirst()) !== undefined
  const one = `/studio/journal/comments/:comment{${ID}}`

  /** Everything that waits, of whoever is at the desk. `wrong`: the comment to which an empty answer was sent. */
  async function waitingPage(c: Context<WebEnv>, wrong?: string) {
    const own = senderHere(c)
    const t = words(c.get('page').lang)
    const comments = await studioComments(db, { senderId: own.id })
    const zone = zoneAt(c, own.id)
    return c.html(
      <StudioPage c={c} title={t('comments_waiting')} current="journal" notice={noticeOf(c)}>
        <p class="quiet">
          <a href="/studio/journal">{t('journal')}</a>
        </p>
        <h1>{t('comments_waiting')}</h1>
        {comments.length ? (
          <List c={c} comments={comments} back="/studio/journal/comments" zone={zone} wrong={wrong} withPost />
        ) : (
          <p class="lead">{t('comments_all_done')}</p>
        )}
      </StudioPage>,
      wrong ? 422 : 200,
    )
  }

  async function postPage(c: Context<WebEnv>, postId: string, wrong?: string) {
    const post = await studioPost(db, postId, now())
    if (!post) return c.notFound()
    const comments = await studioComments(db, { postId: post.id })
    return c.html(<PostComments c={c} post={post} comments={comments} wrong={wrong} />, wrong ? 422 : 200)
  }

  return new Hono<WebEnv>()
    .get('/studio/journal/comments', senderAtDesk('journal.edit'), (c) => waitingPage(c))
    .get(`/studio/journal/:id{${ID}}/comments`, guard('journal.edit', whosePost(platform)), (c) =>
      postPage(c, c.req.param('id')),
    )
    .post(`${one}/:step{show|hide|spam}`, may, async (c) => {
      const { comment, step } = c.req.param()
      const { back = '' } = await readTexts(c)
      const state = STEPS[step as keyof typeof STEPS]
      const done = await moderateComment(platform, { commentId: comment, state, by: actorOf(c).accountId })
      return done.ok ? c.redirect(`${ownBack(back)}?done=moderated`, 303) : c.notFound()
    })
    .post(`${one}/answer`, may, async (c) => {
      const { text = '', back = '' } = await readTexts(c)
      const said = tidyComment(text).slice(0, MOST_COMMENT)
      const commentId = c.req.param('comment')
      const [, postId] = /^\/studio\/journal\/([0-9a-f-]{36})\/comments$/.exec(back) ?? []
      if (!said && postId && (await isUnder(commentId, postId))) return postPage(c, postId, commentId)
      if (!said) return waitingPage(c, commentId)
      const done = await answerComment(platform, { commentId, text: said, by: actorOf(c).accountId })
      return done.ok ? c.redirect(`${ownBack(back)}?done=answered#comment-${commentId}`, 303) : c.notFound()
    })
}

/** One of the two pages that a form of theirs can name, and nowhere else. */
const ownBack = (path: string): string =>
  /^\/studio\/journal(?:\/[0-9a-f-]{36})?\/comments$/.test(path) ? path : '/studio/journal/comments'

function noticeOf(c: Context<WebEnv>): string | undefined {
  const t = words(c.get('page').lang)
  const done = c.req.query('done')
  if (done === 'moderated') return t('done_moderated')
  if (done === 'answered') return t('done_answered')
  return undefined
}

type PostProps = { c: Context<WebEnv>; post: StudioPost; comments: StudioComment[]; wrong: string | undefined }

const PostComments = ({ c, post, comments, wrong }: PostProps) => {
  const t = words(c.get('page').lang)
  return (
    <PostFrame c={c} post={post} section="comments" notice={noticeOf(c)}>
      {!post.commentsOpen && <p class="lead">{t('comments_closed')}</p>}
      {comments.length ? (
        <List
          c={c}
          comments={comments}
          back={`/studio/journal/${post.id}/comments`}
          zone={zoneAt(c, post.writer.id)}
          wrong={wrong}
        />
      ) : (
        post.commentsOpen && <p class="lead">{t('comments_none')}</p>
      )}
    </PostFrame>
  )
}

type ListProps = {
  c: Context<WebEnv>
  comments: StudioComment[]
  back: string
  zone: string
  wrong: string | undefined
  withPost?: boolean
}

const List = ({ c, comments, back, zone, wrong, withPost }: ListProps) => (
  <ul class="moderation">
    {comments.map((comment) => (
      <One c={c} comment={comment} back={back} zone={zone} wrong={wrong} withPost={withPost} />
    ))}
  </ul>
)

type OneProps = Omit<ListProps, 'comments' | 'withPost'> & { comment: StudioComment; withPost: boolean | undefined }

const One = ({ c, comment, back, zone, wrong, withPost }: OneProps) => {
  const page = c.get('page')
  const t = words(page.lang)
  const { dateTime } = formats(page.lang)
  const who = comment.isConfirmed ? 'comment_confirmed' : comment.isAsked ? 'comment_asked' : 'comment_anonymous'
  const action = `/studio/journal/comments/${comment.id}`
  const label = t('comment_of', { name: comment.name })
  return (
    <li id={`comment-${comment.id}`}>
      <p>
        <b>{comment.name}</b>{' '}
        <small>
          {t(who)} · {dateTime(comment.at, zone)} · {t(`comment_state_${comment.state}`)}
          {withPost && (
            <>
              {' · '}
              {t('comment_under')} <a href={postPath(...comment.postPath)}>{comment.postTitle}</a>
            </>
          )}
        </small>
      </p>
      <div class="said" lang={comment.language} dangerouslySetInnerHTML={{ __html: commentHtml(comment) }} />
      {comment.answers.map((answer) => (
        <div class="answered">
          <small>{t('comment_answered', { date: dateTime(new Date(answer.at), zone) })}</small>
          <div dangerouslySetInnerHTML={{ __html: commentHtml({ ...answer, language: comment.language }) }} />
        </div>
      ))}
      <div class="actions">
        {(Object.keys(STEPS) as (keyof typeof STEPS)[])
          .filter((step) => STEPS[step] !== comment.state)
          .map((step) => (
            <Form page={page} action={`${action}/${step}`}>
              <input type="hidden" name="back" value={back} />
              <Button kind={step === 'show' ? 'plain' : 'quiet'} aria-label={`${t(`comment_${step}`)}, ${label}`}>
                {t(`comment_${step}`)}
              </Button>
            </Form>
          ))}
      </div>
      <details open={wrong === comment.id}>
        <summary>{t('comment_answer')}</summary>
        <Form page={page} action={`${action}/answer`}>
          <input type="hidden" name="back" value={back} />
          <TextArea
            name="text"
            id={`answer-${comment.id}`}
            label={t('comment_answer_field', { name: comment.name })}
            error={wrong === comment.id ? t('error_answer') : undefined}
            rows={4}
            maxlength={MOST_COMMENT}
            required
          />
          <Button kind="plain">{t('comment_answer_send')}</Button>
        </Form>
      </details>
    </li>
  )
}
