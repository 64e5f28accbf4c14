import type { Context } from 'hono'
import { formats } from '../../../platform/i18n/index.ts'
import { Button, ErrorSummary, Field, type FieldErrors, Form, TextArea } from '../../../ui/forms.tsx'
import { StudioPage, type WebEnv } from '../../identity/index.ts'
import type { TermsSettings } from '../settings.store.ts'
import { words } from '../studio/words.ts'
import { termsPath } from './paths.rules.ts'
import type { TermsLack } from './template.ts'
import type { termsVersions } from './terms.store.ts'

type Props = {
  c: Context<WebEnv>
  artistId: string
  sellerId: string
  typed: TermsSettings
  /** What the template says, for whoever wants to begin with it. */
  templates: { en: string; fr: string }
  lacking: TermsLack[]
  versions: Awaited<ReturnType<typeof termsVersions>>
  errors?: FieldErrors | undefined
}

/** What buyers agree to: the template with what is known of the seller, or the seller's own words. */
export const TermsPage = ({ c, artistId, sellerId, typed, templates, lacking, versions, errors }: Props) => {
  const { page } = c.var
  const t = words(page.lang)
  const { date } = formats(page.lang)
  return (
    <StudioPage
      c={c}
      title={t('terms')}
      current="shop"
      artistId={artistId}
      notice={!errors && c.req.query('done') === 'saved' ? t('saved') : undefined}
    >
      <p class="quiet">
        <a href="/studio/shop">{t('shop')}</a>
      </p>
      <h1>{t('terms')}</h1>
      <p class="lead">{t('terms_lead')}</p>
      <div class="shop">
        <p>
          <strong>{t('terms_no_advice')}</strong>
        </p>
        {lacking.map((what) => (
          <p>
            {t(`terms_lacks_${what}`)} {what === 'address' && <a href="/studio/books/seller">{t('edit_seller')}</a>}
          </p>
        ))}
        <p class="actions">
          <a href={termsPath(sellerId)}>{t('terms_see')}</a>
        </p>
        <Form page={page} action="/studio/shop/terms" novalidate>
          <ErrorSummary errors={errors} lang={page.lang} />
          <Field
            name="contactMail"
            type="email"
            label={t('contact_mail')}
            hint={t('contact_mail_hint')}
            value={typed.contactMail}
            error={errors?.['contactMail']}
            autocomplete="email"
            maxlength={254}
          />
          <Field
            name="contactPhone"
            type="tel"
            label={t('contact_phone')}
            note={t('optional')}
            value={typed.contactPhone}
            autocomplete="tel"
            maxlength={40}
          />
          <TextArea
            name="mediator"
            label={t('mediator')}
            hint={t('mediator_hint')}
            value={typed.mediator}
            maxlength={500}
            rows={3}
          />
          {(['fr', 'en'] as const).map((lang) => (
            <>
              <TextArea
                name={lang === 'fr' ? 'termsFr' : 'termsEn'}
                label={t(lang === 'fr' ? 'terms_fr' : 'terms_en')}
                note={t('optional')}
                hint={t('terms_own_hint')}
                value={lang === 'fr' ? typed.termsFr : typed.termsEn}
                lang={lang}
                rows={8}
              />
              <details>
                <summary>{t('terms_template', { lang: t(`in_${lang}`) })}</summary>
                <textarea readonly rows={14} lang={lang} aria-label={t('terms_template', { lang: t(`in_${lang}`) })}>
                  {templates[lang]}
                </textarea>
              </details>
            </>
          ))}
          <Button>{t('save')}</Button>
        </Form>
      </div>
      {versions.length > 0 && (
        <section class="shop">
          <h2>{t('terms_versions')}</h2>
          <ul>
            {versions.map(({ language, version, since }) => (
              <li>
                <a href={termsPath(sellerId, { version: String(version), language })}>
                  {t('terms_version', { version, lang: t(`in_${language}`) })}
                </a>{' '}
                <span class="quiet">{date(since)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </StudioPage>
  )
}
