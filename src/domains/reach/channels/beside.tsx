import type { Context } from 'hono'
import { Button, Field, Form, TextArea } from '../../../ui/forms.tsx'
import type { WebEnv } from '../../identity/index.ts'
import { isService, SERVICES, type Service } from '../mail/hooks/services.rules.ts'
import { channelsWords } from '../words.ts'
import type { Base, Shown } from './shown.ts'

/** What has to be typed at the provider. */
export type Typed = {
  /** Null: it is not set up yet. */
  address: string | null
  /** Nobody outside can reach it. */
  isLocal: boolean
}

type Props = {
  c: Context<WebEnv>
  base: Base
  provider: Shown
  typed: Typed
  values: Record<string, string>
  errors: Record<string, string>
}

const Address = ({ c, typed: { address, isLocal } }: Pick<Props, 'c' | 'typed'>) => {
  const t = channelsWords(c.get('page').lang)
  return (
    <>
      <p>
        <code style="overflow-wrap:anywhere">{address}</code>
      </p>
      {isLocal && (
        <p class="quiet" style="margin-top:0.5rem">
          {t('typed_local')}
        </p>
      )}
    </>
  )
}

/** Twilio, and the telephone: where they say what comes in. */
export const TypedThere = ({ c, provider: { kind }, typed }: Props) => {
  const t = channelsWords(c.get('page').lang)
  if (kind !== 'twilio' && kind !== 'android') return null
  return (
    <section>
      <h2>{t(`title_${kind}`)}</h2>
      <p class="lead">{t(`typed_${kind}`)}</p>
      <Address c={c} typed={typed} />
    </section>
  )
}

/** A sending service that tells what became of messages. */
export const Reports = ({ c, base, provider: { id, settings }, typed, values, errors }: Props) => {
  const page = c.get('page')
  const t = channelsWords(page.lang)
  const known = isService(settings['service']) ? settings['service'] : null
  const asked = values['service'] ?? c.req.query('reports')
  const chosen = known ?? (isService(asked) ? asked : null)
  return (
    <section id="reports">
      <h2>{t('reports')}</h2>
      <p class="lead">{t('reports_words')}</p>
      {!chosen && (
        <p class="actions">
          {SERVICES.map((service) => (
            <Button kind="plain" href={`${base}/${id}?reports=${service}#reports`}>
              {t(`service_${service}`)}
            </Button>
          ))}
        </p>
      )}
      {chosen && !known && (
        <Form page={page} action={`${base}/${id}/reports`} novalidate>
          <p style="margin-bottom:1.25rem">{t(`before_${chosen}`)}</p>
          <input type="hidden" name="service" value={chosen} />
          <ServiceField c={c} service={chosen} values={values} errors={errors} />
          <p class="actions">
            <Button>{t('reports_on')}</Button>
          </p>
        </Form>
      )}
      {known && (
        <>
          <p style="margin-bottom:0.75rem">{t(`after_${known}`)}</p>
          <Address c={c} typed={typed} />
          <Form page={page} action={`${base}/${id}/reports`}>
            <input type="hidden" name="service" value="" />
            <p class="actions">
              <Button kind="plain">{t('reports_off', { service: t(`service_${known}`) })}</Button>
            </p>
          </Form>
        </>
      )}
    </section>
  )
}

const ServiceField = ({
  c,
  service,
  values,
  errors,
}: Pick<Props, 'c' | 'values' | 'errors'> & { service: Service }) => {
  const t = channelsWords(c.get('page').lang)
  if (service === 'ses')
    return (
      <Field
        name="topicArn"
        label={t('field_topicArn')}
        hint={t('hint_topicArn')}
        value={values['topicArn']}
        error={errors['topicArn']}
        autocomplete="off"
        spellcheck="false"
      />
    )
  if (service === 'mailgun')
    return (
      <Field
        name="hookKey"
        type="password"
        autocomplete="new-password"
        label={t('field_hookKey')}
        hint={t('secret_sealed')}
        error={errors['hookKey']}
      />
    )
  return null
}

/** What text messages cost, so that the studio can say it before they leave. */
export const Prices = ({ c, base, provider: { id }, values, errors }: Props) => {
  const page = c.get('page')
  const t = channelsWords(page.lang)
  return (
    <section>
      <h2>{t('prices')}</h2>
      <p class="lead">{t('prices_words')}</p>
      <Form page={page} action={`${base}/${id}/prices`} novalidate>
        <TextArea
          name="prices"
          label={t('field_prices')}
          hint={t('hint_prices')}
          value={values['prices']}
          error={errors['prices']}
          rows={5}
          spellcheck="false"
        />
        <Field
          name="currency"
          label={t('field_currency')}
          hint={t('hint_currency')}
          value={values['currency']}
          error={errors['currency']}
          autocomplete="off"
        />
        <p class="actions">
          <Button kind="plain">{t('save_prices')}</Button>
        </p>
      </Form>
    </section>
  )
}
