import { type Context, Hono } from 'hono'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { Button, ErrorSummary, Field, type FieldErrors, Form, TextArea } from '../../../ui/forms.tsx'
import { actorOf, guard, readForm, StudioPage, senderThing, smallBody, type WebEnv } from '../../identity/index.ts'
import { MOST_ANSWER } from '../answer.ts'
import { putThanksAside, thankFan } from '../thank-fan.ts'
import { type ThanksDue, thanksDue, writtenAt } from '../thanks.views.ts'
import { words } from '../words.ts'
import { inboxHref, ownerAtDesk } from './frame.ts'

const PATH = '/studio/inbox/thanks/:fan{[0-9a-f-]{36}}'

export const thanksHref = (fanId: string): string => `/studio/inbox/thanks/${fanId}`

/** A fan brought people: the artist writes to them by hand, or not. */
export function thanksRoutes(platform: Platform): Hono<WebEnv> {
  const { db, now } = platform
  const mayAnswer = guard('inbox.answer', (c) => {
    const own = ownerAtDesk(c)
    return own && senderThing(own)
  })

  async function here(c: Context<WebEnv>): Promise<{ artistId: string; fanId: string } | null> {
    const own = ownerAtDesk(c)
    const fanId = c.req.param('fan')
    return own && 'artistId' in own && isId(fanId) ? { artistId: own.artistId, fanId } : null
  }

  async function show(
    c: Context<WebEnv>,
    of: { artistId: string; fanId: string },
    { values, errors }: { values?: { subject: string; text: string }; errors?: FieldErrors } = {},
  ) {
    const due = (await thanksDue(db, of.artistId)).find(({ fanId }) => fanId === of.fanId)
    if (!due) return c.redirect(inboxHref(), 303)
    const where = await writtenAt(db, of.artistId, of.fanId, now())
    const subject = values?.subject ?? (where ? words(where.language)('thanks_subject') : '')
    return c.html(
      <ThanksPage
        {...{ c, due, artistId: of.artistId, errors, values: { text: values?.text ?? '', subject } }}
        to={where}
      />,
      errors ? 422 : 200,
    )
  }

  return new Hono<WebEnv>()
    .get(PATH, mayAnswer, async (c) => {
      const of = await here(c)
      return of ? show(c, of) : c.notFound()
    })
    .post(PATH, mayAnswer, smallBody, async (c) => {
      const of = await here(c)
      if (!of) return c.notFound()
      const t = words(c.var.page.lang)
      const form = await readForm(c)
      const values = { subject: form.text('subject').slice(0, 300), text: form.text('text') }
      const subject = values.subject || t('thanks_subject')
      const sent = await thankFan(platform, { ...of, by: actorOf(c).accountId, text: values.text, subject })
      if (sent.ok) return c.redirect(`${inboxHref(sent.value.conversationId)}?done=sent`, 303)
      // Pressed twice: it has left.
      if (sent.error === 'gone') return c.redirect(inboxHref(), 303)
      return show(c, of, { values, errors: { text: t(`thanks_${sent.error}`, { most: MOST_ANSWER }) } })
    })
    .post(`${PATH}/aside`, mayAnswer, smallBody, async (c) => {
      const of = await here(c)
      if (!of) return c.notFound()
      await putThanksAside(platform, { ...of, by: actorOf(c).accountId })
      return c.redirect('/studio', 303)
    })
}

type Props = {
  c: Context<WebEnv>
  artistId: string
  due: ThanksDue
  to: { channel: 'mail' | 'sms'; address: string } | null
  values: { subject: string; text: string }
  errors: FieldErrors | undefined
}

const ThanksPage = ({ c, artistId, due, to, values, errors }: Props) => {
  const { page } = c.var
  const t = words(page.lang)
  const name = due.name || t('thanks_somebody')
  const path = thanksHref(due.fanId)
  return (
    <StudioPage c={c} title={t('thanks_title', { name })} current="inbox" artistId={artistId}>
      <h1>{t('thanks_title', { name })}</h1>
      <p class="lead">{t('thanks_lead', { name, n: due.people })}</p>
      {to ? (
        <Form page={page} action={path} novalidate>
          <ErrorSummary errors={errors} lang={page.lang} />
          <p class="quiet">{t('thanks_to', { address: to.address })}</p>
          {to.channel === 'mail' && (
            <Field name="subject" label={t('thanks_about')} value={values.subject} maxlength={300} />
          )}
          <TextArea
            name="text"
            label={t('thanks_text')}
            value={values.text}
            error={errors?.['text']}
            rows={8}
            style="min-height:6lh"
            maxlength={MOST_ANSWER}
          />
          <Button>{t('thanks_send')}</Button>
        </Form>
      ) : (
        <p>{t('thanks_nowhere')}</p>
      )}
      <Form page={page} action={`${path}/aside`}>
        <Button kind="quiet">{t('thanks_aside')}</Button>
      </Form>
    </StudioPage>
  )
}
