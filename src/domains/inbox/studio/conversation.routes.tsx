import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { send } from '../../../platform/http/index.ts'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import { describe, type Subject, type Subjects } from '../../exchange/index.ts'
import {
  actorOf,
  guard,
  readForm,
  senderId,
  senderOf,
  senderThing,
  smallBody,
  type WebEnv,
} from '../../identity/index.ts'
import { smsPriceTo } from '../../reach/index.ts'
import { answer, assign, MOST_ANSWER, note, settle } from '../answer.ts'
import { answerers, conversationPage, savedAnswers, timelineOf } from '../inbox.views.ts'
import type { Way } from '../tables.ts'
import { watch, watchers } from '../watch.ts'
import { words } from '../words.ts'
import { ConversationPage, type ConversationProps } from './conversation-page.tsx'
import { inboxHref, thingOfConversation } from './frame.ts'

const ID = '[0-9a-f-]{36}'
const WAYS: Way[] = ['mail', 'sms', 'comment', 'form']
const TOLD = ['sent', 'sent_comment', 'saved', 'done', 'open', 'spam'] as const
const tiny = bodyLimit({ maxSize: 1_000 })

/** One conversation: read, answered, noted, given to somebody, closed. */
export function conversationRoutes(platform: Platform, subjects: Subjects): Hono<WebEnv> {
  const { db, storage } = platform
  const mayAnswer = guard('inbox.answer', thingOfConversation(db))

  async function show(c: Context<WebEnv>, more: Pick<ConversationProps, 'values' | 'errors'> = {}) {
    const conversation = await conversationPage(db, c.req.param('id') ?? '')
    if (!conversation) return c.notFound()
    const by = actorOf(c).accountId
    const number = conversation.ways.find(({ way }) => way === 'sms')?.address
    const [timeline, saved, people, others, price] = await Promise.all([
      timelineOf(db, conversation),
      savedAnswers(db, senderId(senderOf(conversation))),
      answerers(db, conversation),
      watchers(platform, { conversationId: conversation.id, by }),
      number ? smsPriceTo(platform, senderOf(conversation), number) : null,
    ])
    const named = [...timeline.map(({ subject }) => subject), ...conversation.messages.map(({ about }) => about)]
    const facts = await describe(
      db,
      subjects,
      named.filter((one): one is Subject => one !== null),
    )
    const done = TOLD.find((one) => one === c.req.query('done'))
    const told = done && words(c.var.page.lang)(`told_${done}`)
    return c.html(
      <ConversationPage {...{ c, conversation, timeline, facts, saved, people, others, price, told, ...more }} />,
      more.errors ? 422 : 200,
    )
  }

  const back = (c: Context<WebEnv>, done: (typeof TOLD)[number]) =>
    c.redirect(`${inboxHref(c.req.param('id'))}?done=${done}`, 303)

  return new Hono<WebEnv>()
    .get(`/studio/inbox/:id{${ID}}`, mayAnswer, (c) => show(c))
    .post(`/studio/inbox/:id{${ID}}/answer`, mayAnswer, smallBody, async (c) => {
      const form = await readForm(c)
      const text = form.text('text')
      const way = WAYS.find((one) => one === form.text('way')) ?? null
      const values = { text, way, note: '' }
      const t = words(c.var.page.lang)
      if (!way) return show(c, { values, errors: { '': t('error_nowhere') } })
      const done = await answer(platform, {
        conversationId: c.req.param('id'),
        text,
        way,
        by: actorOf(c).accountId,
        seen: form.text('seen'),
        done: form.has('done'),
      })
      if (done.ok) return back(c, way === 'comment' ? 'sent_comment' : 'sent')
      const errors: FieldErrors =
        done.error === 'long'
          ? { text: t('error_long', { n: text.length }) }
          : { [done.error === 'empty' ? 'text' : '']: t(`error_${done.error}`) }
      return show(c, { values, errors })
    })
    .post(`/studio/inbox/:id{${ID}}/note`, mayAnswer, smallBody, async (c) => {
      const text = (await readForm(c)).text('note')
      const done = await note(platform, {
        conversationId: c.req.param('id'),
        text: text.slice(0, MOST_ANSWER),
        by: actorOf(c).accountId,
      })
      if (done.ok) return back(c, 'saved')
      return show(c, {
        values: { text: '', way: null, note: text },
        errors: { note: words(c.var.page.lang)(`error_${done.error}`) },
      })
    })
    .post(`/studio/inbox/:id{${ID}}/state`, mayAnswer, smallBody, async (c) => {
      const state = await stateIn(c)
      if (!state) return c.notFound()
      const done = await settle(platform, { conversationId: c.req.param('id'), state })
      return done.ok ? back(c, state) : c.notFound()
    })
    .post(`/studio/inbox/:id{${ID}}/assign`, mayAnswer, smallBody, async (c) => {
      const conversationId = c.req.param('id')
      const asked = (await readForm(c)).text('to')
      const conversation = await conversationPage(db, conversationId)
      const people = conversation ? await answerers(db, conversation) : []
      await assign(platform, { conversationId, to: people.find(({ id }) => id === asked)?.id ?? null })
      return back(c, 'saved')
    })
    .post(`/studio/inbox/:id{${ID}}/here`, mayAnswer, tiny, async (c) => {
      const writing = (await readForm(c)).text('writing') === '1'
      return c.json(await watch(platform, { conversationId: c.req.param('id'), by: actorOf(c).accountId, writing }))
    })
    .get(
      '/studio/inbox/files/:file',
      guard('inbox.answer', async (c) => {
        const row = await fileOf(c.req.param('file') ?? '')
        return row ? senderThing(senderOf(row)) : null
      }),
      async (c) => {
        const file = await fileOf(c.req.param('file'))
        if (!file) return c.notFound()
        // A stranger chose its name, its type and its bytes: it is saved, never shown.
        c.header('X-Content-Type-Options', 'nosniff')
        c.header('Content-Security-Policy', "sandbox; default-src 'none'")
        return send(c, storage, {
          pieces: [{ key: file.storageKey, size: Number(file.size) }],
          type: 'application/octet-stream',
          etag: `"${file.id}"`,
          cache: 'private',
          fileName: file.name,
        })
      },
    )

  async function fileOf(id: string) {
    if (!isId(id)) return undefined
    return db
      .selectFrom('messageAttachments')
      .innerJoin('conversationMessages', 'conversationMessages.id', 'messageId')
      .innerJoin('conversations', 'conversations.id', 'conversationId')
      .select(['messageAttachments.id', 'messageAttachments.name', 'storageKey', 'size', 'artistId', 'labelId'])
      .where('messageAttachments.id', '=', id)
      .executeTakeFirst()
  }
}

async function stateIn(c: Context<WebEnv>) {
  const asked = (await readForm(c)).text('state')
  return (['open', 'done', 'spam'] as const).find((one) => one === asked) ?? null
}
