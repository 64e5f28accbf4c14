import { type Context, Hono } from 'hono'
import type { Platform } from '../../../platform/platform.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Button, Form } from '../../../ui/forms.tsx'
import {
  actorOf,
  audit,
  guard,
  publicationSentence,
  StudioPage,
  senderAtDesk,
  senderHere,
  type WebEnv,
  zoneAt,
} from '../../identity/index.ts'
import { Thumb } from '../../music/index.ts'
import { createPost } from '../create-post.ts'
import { removePost, restorePost } from '../publish-post.ts'
import { type StudioPostRow, studioPosts } from '../studio.views.ts'
import { words } from '../words.ts'
import { postHref } from './frame.tsx'
import { ID, whosePost } from './things.ts'

/** The journal as its writers see it: what there is, what state it is in, and the way to begin. */
export function journalListRoutes(platform: Platform): Hono<WebEnv> {
  const { db, now } = platform
  const mayPublish = guard('journal.publish', whosePost(platform))
  return new Hono<WebEnv>()
    .get('/studio/journal', senderAtDesk('journal.edit'), async (c) =>
      c.html(<ListPage c={c} rows={await studioPosts(db, senderHere(c).id, now())} />),
    )
    .post('/studio/journal', senderAtDesk('journal.edit'), async (c) => {
      const { sender } = senderHere(c)
      const by = actorOf(c).accountId
      const { id } = await db.transaction().execute(async (tx) => {
        await audit(tx, { accountId: by, action: 'post.make', ...sender, subject: '' })
        return createPost(tx, { ...sender, title: '', createdBy: by })
      })
      return c.redirect(postHref(id), 303)
    })
    .post(`/studio/journal/:id{${ID}}/remove`, mayPublish, async (c) => {
      const postId = c.req.param('id')
      const done = await removePost(platform, { postId, by: actorOf(c).accountId })
      return done.ok ? c.redirect(`/studio/journal?removed=${postId}`, 303) : c.notFound()
    })
    .post(`/studio/journal/:id{${ID}}/restore`, mayPublish, async (c) => {
      const postId = c.req.param('id')
      const done = await restorePost(platform, { postId, by: actorOf(c).accountId })
      return done.ok ? c.redirect(postHref(postId), 303) : c.notFound()
    })
}

type Props = { c: Context<WebEnv>; rows: StudioPostRow[] }

const ListPage = ({ c, rows }: Props) => {
  const t = words(c.get('page').lang)
  const own = senderHere(c)
  const there = rows.filter((row) => !row.removedAt)
  const removed = rows.filter((row) => row.removedAt)
  const done = removed.find((row) => row.id === c.req.query('removed'))
  const waiting = there.reduce((sum, row) => sum + row.waiting, 0)
  const write = <Write c={c} slug={own.slug} />
  return (
    <StudioPage
      c={c}
      title={t('journal')}
      current="journal"
      notice={done && <Restore c={c} row={done} sentence={t('removed_post', { title: done.title || t('untitled') })} />}
    >
      <h1>{t('journal')}</h1>
      {there.length === 0 ? (
        <Empty title={t('empty_title')} action={write}>
          <p>{t('artistId' in own.sender ? 'empty_words' : 'empty_words_label')}</p>
        </Empty>
      ) : (
        <section>
          {write}
          {waiting > 0 && (
            <p class="lead">
              <a href="/studio/journal/comments">{t('see_waiting', { n: waiting })}</a>
            </p>
          )}
          <ul class="lines">
            {there.map((row) => (
              <Line c={c} row={row} zone={zoneAt(c, own.id)} />
            ))}
          </ul>
        </section>
      )}
      {removed.length > 0 && (
        <section>
          <h2>{t('removed_title')}</h2>
          <ul class="lines">
            {removed.map((row) => (
              <li>
                <Thumb cover={row.cover} />
                <Restore c={c} row={row} sentence={row.title || t('untitled')} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </StudioPage>
  )
}

const Write = ({ c, slug }: { c: Context<WebEnv>; slug: string }) => (
  <Form
    page={c.get('page')}
    action={`/studio/journal?desk=${encodeURIComponent(slug)}`}
    class="actions"
    style="margin:0 0 1.5rem"
  >
    <Button>{words(c.get('page').lang)('write')}</Button>
  </Form>
)

const Line = ({ c, row, zone }: { c: Context<WebEnv>; row: StudioPostRow; zone: string }) => {
  const { lang } = c.get('page')
  const t = words(lang)
  const comments = [
    row.shown > 0 && t('count_shown', { n: row.shown }),
    row.waiting > 0 && t('count_waiting', { n: row.waiting }),
  ].filter(Boolean)
  return (
    <li>
      <Thumb cover={row.cover} />
      <span>
        <b>
          <a href={postHref(row.id)}>{row.title || t('untitled')}</a>
        </b>
        <br />
        <small>{publicationSentence(row, lang, zone)}</small>
        {comments.length > 0 && (
          <>
            <br />
            <small>
              <a href={postHref(row.id, 'comments')}>{comments.join(', ')}</a>
            </small>
          </>
        )}
      </span>
      <span />
    </li>
  )
}

const Restore = ({ c, row, sentence }: { c: Context<WebEnv>; row: StudioPostRow; sentence: string }) => (
  <Form page={c.get('page')} action={`/studio/journal/${row.id}/restore`} class="actions" style="margin:0">
    <span>{sentence}</span>
    <Button kind="quiet">{words(c.get('page').lang)('put_back')}</Button>
  </Form>
)
