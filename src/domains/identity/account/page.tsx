import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { formats } from '../../../platform/i18n/index.ts'
import { Button, ErrorSummary, Field, type FieldErrors, Form, Select } from '../../../ui/forms.tsx'
import { LANGUAGE_OPTIONS } from '../entrance/pages.tsx'
import { PASSKEY_SCRIPT, PasskeyButton } from '../entrance/passkey-button.tsx'
import { actorOf, type WebEnv } from '../guard.ts'
import { Line, Lines } from '../lines.tsx'
import { StudioPage } from '../studio-page.tsx'
import type { AccountPageData } from './account.views.ts'
import { words } from './words.ts'

type Props = {
  c: Context<WebEnv>
  data: AccountPageData
  passkeys: boolean
  notice?: Child
  errors?: FieldErrors
  values?: { name?: string; email?: string }
}

/** One's own account: name, mail, keys, sessions, and who one works for. */
export const AccountPage = (props: Props) => {
  const { c, data, notice, errors, values } = props
  const page = c.get('page')
  const t = words(page.lang)
  const actor = actorOf(c)
  return (
    <StudioPage
      c={c}
      title={t('title')}
      foot="/studio/account"
      notice={notice}
      scripts={props.passkeys ? [PASSKEY_SCRIPT] : []}
    >
      <h1>{t('title')}</h1>
      <ErrorSummary errors={errors} lang={page.lang} />
      <section>
        <h2>{t('you')}</h2>
        <Form page={page} action="/studio/account" novalidate>
          <Field
            name="name"
            label={t('name')}
            hint={t('name_hint')}
            value={values?.name ?? data.name}
            error={errors?.['name']}
            autocomplete="name"
            required
          />
          <Select name="language" label={t('language')} value={actor.language} options={LANGUAGE_OPTIONS} />
          <Button>{t('save')}</Button>
        </Form>
      </section>
      <section>
        <h2>{t('mail_title')}</h2>
        <p class="lead">{t('mail_now', { email: actor.email })}</p>
        <Form page={page} action="/studio/account/mail" novalidate>
          <Field
            name="email"
            label={t('mail_new')}
            type="email"
            value={values?.email}
            error={errors?.['email']}
            autocomplete="email"
            required
          />
          <Button kind="plain">{t('mail_send')}</Button>
        </Form>
      </section>
      <Passkeys {...props} />
      <Sessions {...props} />
      <Work {...props} />
      <section>
        <h2>{t('delete_title')}</h2>
        <Button kind="danger" href="/studio/account/delete">
          {t('delete_link')}
        </Button>
      </section>
    </StudioPage>
  )
}

const Passkeys = ({ c, data, passkeys }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  const { date } = formats(page.lang)
  const when = (added: Date, used: Date | null) =>
    used ? t('passkey_used', { added: date(added), used: date(used) }) : t('passkey_unused', { added: date(added) })
  return (
    <section>
      <h2>{t('passkeys_title')}</h2>
      {!passkeys && <p class="lead">{t('passkeys_impossible')}</p>}
      {passkeys && data.passkeys.length === 0 && <p class="lead">{t('passkeys_none')}</p>}
      {data.passkeys.map(({ id, name, createdAt, lastUsedAt }, index) => (
        <div>
          <Form page={page} action={`/studio/account/passkeys/${id}`}>
            <Field
              name="name"
              id={`passkey-${index}`}
              label={t('passkey_name')}
              hint={when(createdAt, lastUsedAt)}
              value={name || t('passkey_unnamed')}
              maxlength={80}
            />
            <p class="actions">
              <Button kind="plain">{t('passkey_rename')}</Button>
              <Button kind="quiet" formaction={`/studio/account/passkeys/${id}/remove`}>
                {t('passkey_remove')}
              </Button>
            </p>
          </Form>
        </div>
      ))}
      {passkeys && <PasskeyButton page={page} does="add" next="/studio/account?done=passkey_added" />}
    </section>
  )
}

const Sessions = ({ c, data }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  const { date } = formats(page.lang)
  const { sessionId } = actorOf(c)
  return (
    <section>
      <h2>{t('sessions_title')}</h2>
      <Lines>
        {data.sessions.map(({ id, device, createdAt, seenAt }) => {
          const named = device || t('session_unknown')
          return (
            <Line name={named} says={t('session_since', { since: date(createdAt), seen: date(seenAt) })}>
              {id === sessionId ? (
                <small>{t('session_here')}</small>
              ) : (
                <Form page={page} action={`/studio/account/sessions/${id}/end`}>
                  <Button kind="quiet" aria-label={t('session_end_named', { device: named })}>
                    {t('session_end')}
                  </Button>
                </Form>
              )}
            </Line>
          )
        })}
      </Lines>
      {data.sessions.length > 1 && (
        <Form page={page} action="/studio/account/sessions/end-others" class="actions">
          <Button kind="plain">{t('sessions_end')}</Button>
        </Form>
      )}
    </section>
  )
}

const Work = ({ c, data, errors }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  return (
    <section id="f-work" tabindex={-1}>
      <h2>{t('work_title')}</h2>
      {data.work.length === 0 && <p class="lead">{t('work_none')}</p>}
      {errors?.['work'] && <p class="error">{errors['work']}</p>}
      <Lines>
        {data.work.map(({ id, name, role }) => (
          <Line name={name} says={t(`role_${role}`)}>
            <Form page={page} action={`/studio/account/memberships/${id}/leave`}>
              <Button kind="quiet" aria-label={t('leave_named', { name })}>
                {t('leave')}
              </Button>
            </Form>
          </Line>
        ))}
      </Lines>
    </section>
  )
}
