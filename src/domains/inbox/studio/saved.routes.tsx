import type { Context } from 'hono'
import { Hono } from 'hono'
import { isId, newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { Button, ErrorSummary, Field, type FieldErrors, Form, TextArea } from '../../../ui/forms.tsx'
import {
  guard,
  readForm,
  StudioPage,
  senderColumns,
  senderId,
  senderThing,
  smallBody,
  type WebEnv,
} from '../../identity/index.ts'
import { savedAnswers } from '../inbox.views.ts'
import { words } from '../words.ts'
import { ownerAtDesk } from './frame.ts'

const desk = (c: Context<WebEnv>) => {
  const own = ownerAtDesk(c)
  return own && senderThing(own)
}

/** Answers that are given often, of the artist or label at the desk. */
export function savedRoutes({ db }: Platform): Hono<WebEnv> {
  async function show(c: Context<WebEnv>, values = { title: '', text: '' }, errors?: FieldErrors) {
    const own = ownerAtDesk(c)
    if (!own) return c.notFound()
    const { page } = c.var
    const t = words(page.lang)
    const rows = await savedAnswers(db, senderId(own))
    const to = `?desk=${encodeURIComponent(slugAt(c))}`
    return c.html(
      <StudioPage c={c} title={t('saved_title')} current="inbox" notice={c.req.query('done') && t('told_saved')}>
        <p class="quiet">
          <a href="/studio/inbox">{t('inbox')}</a>
        </p>
        <h1>{t('saved_title')}</h1>
        <p class="lead">{t('saved_lead')}</p>
        {rows.length === 0 ? (
          <p class="quiet">{t('saved_empty')}</p>
        ) : (
          <ul class="lines plain">
            {rows.map((row) => (
              <li>
                <span>
                  <b>{row.title}</b>
                  <small style="white-space:pre-wrap">{row.text}</small>
                </span>
                <Form page={page} action={`/studio/inbox/saved/${row.id}/remove${to}`} style="margin:0">
                  <Button kind="quiet">{t('saved_remove', { title: row.title })}</Button>
                </Form>
              </li>
            ))}
          </ul>
        )}
        <Form page={page} action={`/studio/inbox/saved${to}`} novalidate style="margin-top:2rem">
          <ErrorSummary errors={errors} lang={page.lang} />
          <Field name="title" label={t('saved_name')} value={values.title} error={errors?.['title']} maxlength={100} />
          <TextArea
            name="text"
            label={t('saved_text')}
            value={values.text}
            rows={6}
            style="min-height:6lh"
            maxlength={20000}
          />
          <Button>{t('saved_add')}</Button>
        </Form>
      </StudioPage>,
      errors ? 422 : 200,
    )
  }

  return new Hono<WebEnv>()
    .get('/studio/inbox/saved', guard('inbox.answer', desk), (c) => show(c))
    .post('/studio/inbox/saved', guard('inbox.answer', desk), smallBody, async (c) => {
      const own = ownerAtDesk(c)
      if (!own) return c.notFound()
      const form = await readForm(c)
      const values = { title: form.text('title').slice(0, 100), text: form.text('text').slice(0, 20_000) }
      if (!values.title || !values.text) return show(c, values, { title: words(c.var.page.lang)('error_saved') })
      await db
        .insertInto('savedAnswers')
        .values({ id: newId(), ...senderColumns(own), ...values })
        .execute()
      return c.redirect('/studio/inbox/saved?done=1', 303)
    })
    .post('/studio/inbox/saved/:answer/remove', guard('inbox.answer', desk), async (c) => {
      const own = ownerAtDesk(c)
      const id = c.req.param('answer')
      if (!own || !isId(id)) return c.notFound()
      const { artistId, labelId } = senderColumns(own)
      await db
        .deleteFrom('savedAnswers')
        .where('id', '=', id)
        .where('artistId', 'is not distinct from', artistId)
        .where('labelId', 'is not distinct from', labelId)
        .execute()
      return c.redirect('/studio/inbox/saved?done=1', 303)
    })
}

function slugAt(c: Context<WebEnv>): string {
  const { current } = c.get('desk')
  return current?.kind === 'artist' ? current.artist.slug : (current?.label.slug ?? '')
}
