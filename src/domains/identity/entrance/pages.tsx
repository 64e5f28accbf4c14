import type { Context } from 'hono'
import { LANGUAGES, type Lang } from '../../../platform/i18n/index.ts'
import { Button, ErrorSummary, Field, type FieldErrors, Form, Select } from '../../../ui/forms.tsx'
import type { WebEnv } from '../guard.ts'
import type { DeadLink } from '../links.ts'
import type { Invited } from './invited.views.ts'
import { PASSKEY_SCRIPT, PasskeyButton } from './passkey-button.tsx'
import { invitationHref, signInHref } from './paths.ts'
import { Threshold } from './threshold.tsx'
import { words } from './words.ts'

type Here = { c: Context<WebEnv> }

/** Each language by its own name. */
export const LANGUAGE_OPTIONS = LANGUAGES.map((lang) => ({
  value: lang,
  label: { en: 'English', fr: 'Français' }[lang],
}))

type SignInProps = Here & {
  next: string | null
  /** False while mails go to the console. */
  mails: boolean
  passkeys: boolean
  email?: string
  errors?: FieldErrors
}

export const SignInPage = ({ c, next, mails, passkeys, email, errors }: SignInProps) => {
  const page = c.get('page')
  const t = words(page.lang)
  return (
    <Threshold c={c} title={t('sign_in_title')} scripts={passkeys ? [PASSKEY_SCRIPT] : []}>
      <ErrorSummary errors={errors} lang={page.lang} />
      <p class="lead">{t(mails ? 'sign_in_lead' : 'sign_in_lead_console')}</p>
      <Form page={page} action="/studio/sign-in" novalidate>
        <input type="hidden" name="next" value={next ?? ''} />
        <Field
          name="email"
          label={t('email')}
          type="email"
          value={email}
          error={errors?.['email']}
          autocomplete="username"
          required
        />
        <Button>{t('send_link')}</Button>
      </Form>
      {passkeys && <PasskeyButton page={page} does="use" next={next ?? '/studio'} />}
    </Threshold>
  )
}

export const SentPage = ({ c, email, mails, next }: Here & { email: string; mails: boolean; next: string | null }) => {
  const t = words(c.get('page').lang)
  return (
    <Threshold c={c} title={t('sent_title')}>
      <p class="lead">{t(mails ? 'sent_lead' : 'sent_lead_console', { email })}</p>
      {mails && <p class="lead">{t('sent_nothing')}</p>}
      <Button kind="plain" href={`/studio/sign-in${next ? `?next=${encodeURIComponent(next)}` : ''}`}>
        {t('ask_again')}
      </Button>
    </Threshold>
  )
}

type EnterProps = Here & { token: string; kind: 'sign_in' | 'recovery' | 'mail'; email: string }

/** What a link is for, and the button that does it: opening the page does nothing. */
export const EnterPage = ({ c, token, kind, email }: EnterProps) => {
  const page = c.get('page')
  const t = words(page.lang)
  return (
    <Threshold c={c} title={t(`enter_${kind}_title`)}>
      <p class="lead">{t(`enter_${kind}_lead`, { email })}</p>
      <Form page={page} action={`/studio/enter/${token}`}>
        <Button>{t(`enter_${kind}`)}</Button>
      </Form>
    </Threshold>
  )
}

type SetUpValues = { name: string; email: string; language: Lang }
type SetUpProps = Here & { token: string; values: SetUpValues; errors?: FieldErrors }

export const SetUpPage = ({ c, token, values, errors }: SetUpProps) => {
  const page = c.get('page')
  const t = words(page.lang)
  return (
    <Threshold c={c} title={t('setup_title')}>
      <ErrorSummary errors={errors} lang={page.lang} />
      <p class="lead">{t('setup_lead')}</p>
      <Form page={page} action={`/studio/enter/${token}`} novalidate>
        <Field
          name="name"
          label={t('your_name')}
          hint={t('your_name_hint')}
          value={values.name}
          error={errors?.['name']}
          autocomplete="name"
          required
        />
        <Field
          name="email"
          label={t('email')}
          hint={t('email_hint')}
          type="email"
          value={values.email}
          error={errors?.['email']}
          autocomplete="email"
          required
        />
        <Select name="language" label={t('language')} value={values.language} options={LANGUAGE_OPTIONS} />
        <Button>{t('setup_send')}</Button>
      </Form>
    </Threshold>
  )
}

type InvitationProps = Here & { action: string; invited: Invited; name?: string; errors?: FieldErrors }

/** Whoever the invitation was mailed to accepts it; an address that has an account is signed in to first. */
export const InvitationPage = ({ c, action, invited, name, errors }: InvitationProps) => {
  const page = c.get('page')
  const t = words(page.lang)
  const actor = c.get('actor')
  const { email, isNew } = invited
  const another = actor && actor.email.toLowerCase() !== email.toLowerCase() ? actor : null
  return (
    <Threshold c={c} title={invited.who ? t('invited_title', { who: invited.who }) : t('invited_title_nobody')}>
      <ErrorSummary errors={errors} lang={page.lang} />
      <p class="lead">{t(`invited_${invited.role}`, { name: invited.name })}</p>
      {another && (
        <Form page={page} action={action}>
          <p>
            <Button name="as" value="me">
              {t('invited_as_me', { name: another.name })}
            </Button>
          </p>
        </Form>
      )}
      {!isNew && another && <p class="lead">{t('invited_sign_out', { email })}</p>}
      {!isNew && !actor && (
        <>
          <p class="lead">{t('invited_sign_in', { email })}</p>
          <p>
            <Button href={signInHref(invitationHref(invited.id))}>{t('sign_in_title')}</Button>
          </p>
        </>
      )}
      {(isNew || (actor && !another)) && (
        <Form page={page} action={action} novalidate>
          {isNew && (
            <Field
              name="name"
              label={t('your_name')}
              hint={t('your_name_hint')}
              value={name}
              error={errors?.['name']}
              autocomplete="name"
              required
            />
          )}
          <Button kind={another ? 'plain' : 'main'}>
            {another ? t('invited_as_mail', { email }) : t('invited_accept')}
          </Button>
        </Form>
      )}
    </Threshold>
  )
}

export const DeadLinkPage = ({ c, why, owned }: Here & { why: DeadLink | 'setup'; owned: boolean }) => {
  const t = words(c.get('page').lang)
  return (
    <Threshold c={c} title={t('dead_title')}>
      <p class="lead">{t(`dead_${why}`)}</p>
      {owned && (
        <Button href={c.get('actor') ? '/studio' : '/studio/sign-in'}>
          {t(c.get('actor') ? 'to_studio' : 'to_sign_in')}
        </Button>
      )}
    </Threshold>
  )
}

export const ClosedPage = ({ c }: Here) => {
  const t = words(c.get('page').lang)
  return (
    <Threshold c={c} title={t('closed_title')}>
      <p class="lead">{t('closed_lead')}</p>
    </Threshold>
  )
}

export const TakenPage = ({ c, email }: Here & { email: string }) => {
  const t = words(c.get('page').lang)
  return (
    <Threshold c={c} title={t('taken_title')}>
      <p class="lead">{t('taken_lead', { email })}</p>
      <Button href="/studio">{t('to_studio')}</Button>
    </Threshold>
  )
}

/** A form was sent by somebody who is signed in no more. */
export const SignedOutPage = ({ c }: Here) => {
  const t = words(c.get('page').lang)
  return (
    <Threshold c={c} title={t('signed_out_title')}>
      <p class="lead">{t('signed_out_lead')}</p>
      <Button href="/studio/sign-in" target="_blank">
        {t('sign_in_title')}
      </Button>
    </Threshold>
  )
}

/** Just come in for the first time: the offer of a passkey, and the way on. */
export const WelcomePage = ({ c, passkeys }: Here & { passkeys: boolean }) => {
  const page = c.get('page')
  const t = words(page.lang)
  return (
    <Threshold c={c} title={t('welcome_title')} scripts={passkeys ? [PASSKEY_SCRIPT] : []}>
      <p class="lead">{t('welcome_lead')}</p>
      {passkeys && <PasskeyButton page={page} does="add" next="/studio/account?done=passkey_added" kind="main" />}
      <noscript>
        <p class="lead">{t('welcome_noscript')}</p>
      </noscript>
      <p>
        <Button kind="quiet" href="/studio">
          {t('later')}
        </Button>
      </p>
    </Threshold>
  )
}
