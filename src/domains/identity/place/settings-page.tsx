import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import {
  Button,
  ErrorSummary,
  Field,
  type FieldErrors,
  Form,
  SAVING,
  SavedAsOneGoes,
  TextArea,
} from '../../../ui/forms.tsx'
import type { WebEnv } from '../guard.ts'
import type { SiteSettings } from '../site-settings.ts'
import { StudioPage } from '../studio-page.tsx'
import { words } from './words.ts'

type Props = {
  c: Context<WebEnv>
  values: SiteSettings
  seen: string
  mails: boolean
  notice?: Child
  errors?: FieldErrors
}

const OWN_TEXTS = ['legalEn', 'legalFr', 'privacyEn', 'privacyFr'] as const

/** What the host says of the place, and the way to the host's other pages. */
export const SettingsPage = ({ c, values, seen, mails, notice, errors }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  const common = (name: keyof SiteSettings) => ({ name, value: values[name], error: errors?.[name] })
  return (
    <StudioPage c={c} title={t('settings')} foot="/studio/settings" notice={notice} scripts={[SAVING]}>
      <h1>{t('settings')}</h1>
      <ErrorSummary errors={errors} lang={page.lang} />
      <p class="actions">
        <a href="/studio/artists">{t('see_artists')}</a>
        <a href="/studio/accounts">{t('see_accounts')}</a>
        <a href="/studio/history">{t('see_history')}</a>
        <a href="/legal">{t('see_legal')}</a>
        <a href="/privacy">{t('see_privacy')}</a>
      </p>
      <section>
        {!mails && <p class="lead">{t('mails_none')}</p>}
        <p class="lead">{t('settings_lead')}</p>
        <Form page={page} action="/studio/settings" novalidate>
          <input type="hidden" name="seen" value={seen} />
          <Field {...common('name')} label={t('name')} hint={t('name_hint')} />
          <Field {...common('hostName')} label={t('hostName')} hint={t('hostName_hint')} />
          <TextArea {...common('hostAddress')} label={t('hostAddress')} rows={3} />
          <Field {...common('hostContact')} label={t('hostContact')} hint={t('hostContact_hint')} />
          <Field {...common('publisher')} label={t('publisher')} hint={t('publisher_hint')} />
          <Field {...common('provider')} label={t('provider')} hint={t('provider_hint')} />
          <Field {...common('privacyContact')} label={t('privacyContact')} />
          <h2>{t('own_texts')}</h2>
          <p class="lead">{t('own_texts_hint')}</p>
          {OWN_TEXTS.map((name) => (
            <TextArea {...common(name)} label={t(name)} lang={name.endsWith('Fr') ? 'fr' : 'en'} />
          ))}
          <p class="actions">
            <Button>{t('save')}</Button>
            <SavedAsOneGoes lang={page.lang} />
          </p>
        </Form>
      </section>
    </StudioPage>
  )
}
