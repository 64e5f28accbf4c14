import type { Context } from 'hono'
import { Button, ErrorSummary, Field, type FieldErrors, Form, Radios, Select } from '../../../ui/forms.tsx'
import { LANGUAGE_OPTIONS } from '../entrance/pages.tsx'
import type { WebEnv } from '../guard.ts'
import { StudioPage } from '../studio-page.tsx'
import type { Typed } from './inputs.ts'
import { words } from './words.ts'

type Props = {
  c: Context<WebEnv>
  what: 'artist' | 'label'
  action: string
  /** The label that makes an artist, if one does. */
  label?: { id: string; name: string } | undefined
  errors?: FieldErrors
  typed?: Typed
}

/** A new artist or label: a name, and who answers for it. */
export const NewPage = ({ c, what, action, label, errors, typed }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  const whos = label ? (['later', 'mail'] as const) : (['me', 'mail'] as const)
  return (
    <StudioPage
      c={c}
      title={t(`new_${what}`)}
      current={label ? 'label' : undefined}
      labelId={label?.id}
      scripts={['islands/zone.js']}
    >
      <h1>{t(`new_${what}`)}</h1>
      <ErrorSummary errors={errors} lang={page.lang} />
      {what === 'artist' && (
        <p class="lead">{label ? t('new_artist_lead_label', { name: label.name }) : t('new_artist_lead')}</p>
      )}
      <Form page={page} action={action} novalidate>
        <input type="hidden" name="timeZone" value="" data-own-zone="" />
        <Field name="name" label={t('name')} value={typed?.['name']} error={errors?.['name']} required />
        <Select
          name="language"
          label={t('language')}
          value={typed?.['language'] ?? page.lang}
          options={LANGUAGE_OPTIONS}
        />
        <Radios
          name="who"
          label={t('who')}
          value={typed?.['who'] ?? whos[0]}
          options={whos.map((who) => ({ value: who, label: t(`who_${who}`) }))}
        />
        <Field
          name="email"
          label={t('mail')}
          type="email"
          value={typed?.['email']}
          error={errors?.['email']}
          autocomplete="off"
        />
        <Button>{t('make')}</Button>
      </Form>
    </StudioPage>
  )
}
