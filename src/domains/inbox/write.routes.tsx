import { type Context, Hono } from 'hono'
import { allow, type Limit, open } from '../../platform/http/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { Button, ErrorSummary, Field, type FieldErrors, Form, TextArea } from '../../ui/forms.tsx'
import { type FansFrame, readAddress, readName } from '../fans/index.ts'
import { artistBySlug, isReserved, readForm, smallBody, type WebEnv } from '../identity/index.ts'
import { words } from './words.ts'
import { writeMessage } from './write-message.ts'

const MOST = 5_000
const QUARTER = 15 * 60
const BY_NETWORK: Limit = { name: 'write', most: 10, windowSeconds: QUARTER }
const BY_ADDRESS: Limit = { name: 'write-address', most: 20, windowSeconds: 24 * 3600 }

type Values = { name: string; mail: string; text: string }

/** The form by which anybody writes to an artist or a label. GET shows, POST sends. */
export function writeRoutes(platform: Platform, frame: FansFrame): Hono<WebEnv> {
  async function whose(c: Context<WebEnv>) {
    const slug = c.req.param('slug') ?? ''
    const found = isReserved(slug) ? null : await artistBySlug(platform.db, slug)
    if (!found || found.kind === 'moved') return found
    if (found.kind === 'artist') {
      const { id, name, slug: own } = found.artist
      return { kind: 'found' as const, to: { artistId: id }, name, slug: own }
    }
    const { id, name, slug: own } = found.label
    return { kind: 'found' as const, to: { labelId: id }, name, slug: own }
  }
  type Whose = Extract<Awaited<ReturnType<typeof whose>>, { kind: 'found' }>

  async function show(c: Context<WebEnv>, of: Whose, values?: Values, errors?: FieldErrors) {
    const { page } = c.var
    const t = words(page.lang)
    c.header('Cache-Control', 'no-store')
    const body = (
      <Form page={page} action={page.path} class="comment-form" novalidate>
        <ErrorSummary errors={errors} lang={page.lang} />
        <Field
          name="name"
          label={t('write_name')}
          value={values?.name}
          error={errors?.['name']}
          autocomplete="name"
          maxlength={100}
          required
        />
        <Field
          name="mail"
          type="email"
          label={t('write_mail')}
          hint={t('write_mail_hint', { name: of.name })}
          value={values?.mail}
          error={errors?.['mail']}
          autocomplete="email"
          maxlength={254}
          required
        />
        <TextArea
          name="text"
          label={t('write_text')}
          value={values?.text}
          error={errors?.['text']}
          rows={8}
          style="min-height:9lh"
          maxlength={MOST}
          required
        />
        <p class="trap" aria-hidden="true">
          <label>
            {t('write_trap')} <input type="text" name="fx" tabindex={-1} autocomplete="off" value="" />
          </label>
        </p>
        <Button>{t('write_send')}</Button>
      </Form>
    )
    const title = t('write_title', { name: of.name })
    return c.html(await frame({ c, title, of: of.to, children: body }), errors ? 422 : 200)
  }

  return new Hono<WebEnv>()
    .get('/write/:slug', open, async (c) => {
      const of = await whose(c)
      if (!of) return c.notFound()
      if (of.kind === 'moved') return c.redirect(`/write/${encodeURIComponent(of.slug)}`, 301)
      if (c.req.query('sent') === undefined) return show(c, of)
      const t = words(c.var.page.lang)
      const body = (
        <>
          <p>{t('write_sent', { name: of.name })}</p>
          <p class="more">
            <a href={`/${encodeURIComponent(of.slug)}`}>{of.name}</a>
          </p>
        </>
      )
      return c.html(await frame({ c, title: t('write_sent_title'), of: of.to, children: body }))
    })
    .post('/write/:slug', open, smallBody, async (c) => {
      const of = await whose(c)
      if (!of || of.kind === 'moved') return c.notFound()
      const { lang } = c.var.page
      const t = words(lang)
      const form = await readForm(c)
      const values = { name: readName(form.text('name')), mail: form.text('mail'), text: form.text('text') }
      if (form.text('fx')) return show(c, of, values, { '': t('error_trapped') })
      const errors: FieldErrors = {}
      const read = readAddress('mail', values.mail)
      if (!values.name) errors['name'] = t('error_name')
      if (!read.ok) errors['mail'] = t('error_mail')
      if (!values.text) errors['text'] = t('error_text')
      if (values.text.length > MOST) errors['text'] = t('error_text_long', { n: values.text.length })
      if (!read.ok || Object.keys(errors).length) return show(c, of, values, errors)
      const { key, address } = read.value
      if (!(await allow(platform, BY_NETWORK, c.get('address'))) || !(await allow(platform, BY_ADDRESS, key)))
        return show(c, of, values, { '': t('error_too_many') })
      const { name, text } = values
      await writeMessage(platform, { to: of.to, name, mail: address, key, text, language: lang, about: null })
      const kept = c.req.query('lang') === lang ? `&lang=${lang}` : ''
      return c.redirect(`/write/${encodeURIComponent(of.slug)}?sent${kept}`, 303)
    })
}
