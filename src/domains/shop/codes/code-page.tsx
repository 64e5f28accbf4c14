import { formats } from '../../../platform/i18n/index.ts'
import { Button, Field, type FieldErrors, Form } from '../../../ui/forms.tsx'
import type { Page } from '../../../ui/page.ts'
import { type Owned, OwnedList } from '../pages/order.tsx'
import { codeShown } from './code.rules.ts'
import type { FoundCode } from './redeem-code.ts'
import { words } from './words.ts'

export const codePath = (code: string): string => `/code/${codeShown(code)}`

type CodeProps = {
  page: Page
  /** A code that is still good. */
  found?: FoundCode | undefined
  /** Why the one that was looked for gives nothing: the form is for another. */
  refused?: string | undefined
  code?: string | undefined
  mail?: string | undefined
  errors?: FieldErrors | undefined
}

type MailProps = { page: Page; mail?: string | undefined; error?: string | undefined; required?: boolean }

const Mail = ({ page, mail, error, required }: MailProps) => {
  const t = words(page.lang)
  return (
    <Field
      name="mail"
      type="email"
      inputmode="email"
      label={t('mail')}
      note={required ? undefined : t('optional')}
      hint={t('mail_hint')}
      value={mail}
      error={error}
      autofocus={error ? true : undefined}
      autocomplete="email"
      autocapitalize="off"
      maxlength={254}
      required={required}
    />
  )
}

/** Where a code is typed, or shown as it came with the card; one button. What is wrong stands beside its field, which has the focus. */
export const CodeBody = ({ page, found, refused, code, mail, errors }: CodeProps) => {
  const t = words(page.lang)
  const { date } = formats(page.lang)
  const wrong = errors?.['code']
  return (
    <div class="shop">
      {found ? (
        <p class="lead">
          {t('gives', { name: found.artistName })}{' '}
          {found.until && t('good_until', { date: date(new Date(found.until), 'UTC') })}
        </p>
      ) : refused ? (
        <>
          <p class="lead" role="alert">
            {refused}
          </p>
          <p>
            <a href="/library">{t('library')}</a>
          </p>
        </>
      ) : (
        <p class="lead">{t('lead')}</p>
      )}
      <Form page={page} action="/code" novalidate>
        <Field
          name="code"
          label={t(refused ? 'another' : 'field')}
          hint={found ? undefined : t('field_hint')}
          value={code}
          error={wrong}
          autofocus={wrong ? true : undefined}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          maxlength={40}
          style="font-variant-numeric:tabular-nums;letter-spacing:.06em"
          required
        />
        <Mail page={page} mail={mail} error={errors?.['mail']} />
        <Button>{t('take')}</Button>
      </Form>
    </div>
  )
}

type RedeemedProps = {
  page: Page
  found: FoundCode
  owned: Owned[]
  mail?: string | undefined
  /** Where the link went, and whether it was sent once too often. */
  kept?: { mail: string; isSent: boolean } | undefined
  errors?: FieldErrors | undefined
}

/** What a code gave to this browser. */
export const RedeemedBody = ({ page, found, owned, mail, kept, errors }: RedeemedProps) => {
  const t = words(page.lang)
  return (
    <div class="shop">
      <p class="lead">{owned.length > 0 ? t('yours') : t('gone', { name: found.artistName })}</p>
      <OwnedList page={page} owned={owned} />
      <section>
        <h2>{t('keep_title')}</h2>
        {kept ? (
          <p role="status">{t(kept.isSent ? 'kept' : 'kept_limit', { mail: kept.mail })}</p>
        ) : (
          <Form page={page} action={`${codePath(found.code)}/keep`} novalidate>
            <Mail page={page} mail={mail} error={errors?.['mail']} required />
            <Button>{t('keep')}</Button>
          </Form>
        )}
      </section>
      <p class="actions">
        <a href={`/follow/${found.artistSlug}`}>{t('hear', { name: found.artistName })}</a>
        <a href="/code">{t('another')}</a>
      </p>
    </div>
  )
}
