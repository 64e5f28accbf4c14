import type { Lang } from '../../../platform/i18n/index.ts'
import { Button, Checkbox, ErrorSummary, Field, type FieldErrors, Form } from '../../../ui/forms.tsx'
import type { Page } from '../../../ui/page.ts'
import { words } from './words.ts'

export type JoinFormProps = {
  page: Pick<Page, 'lang' | 'csrf'>
  /** Whose fans: a name, and the first segment of their address. */
  name: string
  slug: string
  /** On whose page it stands, when it is a release's: `release:<id>`. */
  subject?: string | undefined
  /** A series of which they ask to be told each time: by mail. */
  follows?: { subject: string; title: string } | undefined
  /** Whether a telephone can be written to. */
  texts: boolean
  values?: JoinValues | undefined
  errors?: FieldErrors | undefined
}
export type JoinValues = { mail?: string; phone?: string; name?: string; recognised?: boolean }

export const followPath = (slug: string): string => `/follow/${encodeURIComponent(slug)}`

/** The sentence under which they send it. */
export const consentWords = (lang: Lang, name: string, follows: JoinFormProps['follows']): string =>
  follows ? words(lang)('consent_each', { name, title: follows.title }) : words(lang)('consent', { name })

/** Mail first, the telephone as the other choice; no script needed, nothing that tells people from machines by what they cannot do. */
export const JoinForm = (props: JoinFormProps) => {
  const { page, name, slug, subject, follows, values = {}, errors } = props
  const texts = props.texts && !follows
  const t = words(page.lang)
  const opened = Boolean(values.phone || values.name || errors?.['phone'])
  return (
    <Form page={page} action={`${followPath(slug)}?lang=${page.lang}`} class="join" novalidate>
      <ErrorSummary errors={errors} lang={page.lang} />
      {subject && <input type="hidden" name="subject" value={subject} />}
      {follows && <input type="hidden" name="follows" value={follows.subject} />}
      <Field
        name="mail"
        label={t('mail')}
        type="email"
        value={values.mail}
        error={errors?.['mail']}
        autocomplete="email"
        maxlength={254}
      />
      <details open={opened}>
        <summary>{t(texts ? 'by_text' : 'by_more')}</summary>
        {texts && (
          <Field
            name="phone"
            label={t('phone')}
            note={t('optional')}
            hint={t('phone_hint')}
            type="tel"
            value={values.phone}
            error={errors?.['phone']}
            autocomplete="tel"
            maxlength={40}
          />
        )}
        <Field
          name="name"
          label={t('name')}
          note={t('optional')}
          value={values.name}
          autocomplete="given-name"
          maxlength={100}
        />
        <Checkbox
          name="recognised"
          label={t('recognise')}
          hint={t('recognise_hint', { name })}
          checked={values.recognised}
        />
      </details>
      <p class="trap" aria-hidden="true">
        <label>
          {t('trap')} <input type="text" name="fx" tabindex={-1} autocomplete="off" value="" />
        </label>
      </p>
      <p class="aside">{consentWords(page.lang, name, follows)}</p>
      <Button>{t(follows ? 'send_each' : 'send')}</Button>
    </Form>
  )
}

/** What a page says of whom it can be followed. */
export type Followed = Pick<JoinFormProps, 'name' | 'slug' | 'subject' | 'follows' | 'texts'>

export const FollowSection = ({
  class: extra,
  ...props
}: Followed & Pick<JoinFormProps, 'page'> & { class?: string }) => (
  <section class={extra} id="follow">
    <h2>
      {props.follows
        ? words(props.page.lang)('each_title')
        : words(props.page.lang)('follow_title', { name: props.name })}
    </h2>
    <JoinForm {...props} />
  </section>
)
