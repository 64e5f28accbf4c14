import type { Context } from 'hono'
import { Button, ErrorSummary, Field, type FieldErrors, Form, TextArea } from '../../../ui/forms.tsx'
import type { Label } from '../artists.views.ts'
import type { WebEnv } from '../guard.ts'
import { StudioPage } from '../studio-page.tsx'
import { MandateFields, type MandateValues } from './mandates-section.tsx'
import { words } from './words.ts'

export type AskValues = Omit<MandateValues, 'labelId'> & { artist: string; message: string }
type Props = { c: Context<WebEnv>; label: Label; values: AskValues; errors?: FieldErrors }

/** A label asks an artist of this place to let it act for them, or for longer, or for more. */
export const AskPage = ({ c, label, values, errors }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  return (
    <StudioPage c={c} title={t('ask_title')} current="label" labelId={label.id}>
      <h1>{t('ask_title')}</h1>
      <p class="lead">{t('ask_lead')}</p>
      <ErrorSummary errors={errors} lang={page.lang} />
      <Form page={page} action={`/studio/labels/${label.id}/ask`} novalidate>
        <Field
          name="artist"
          label={t('ask_artist')}
          hint={t('ask_artist_hint', { base: page.base })}
          value={values.artist}
          error={errors?.['artist']}
          autocomplete="off"
          required
        />
        <MandateFields c={c} values={values} errors={errors} />
        <TextArea name="message" label={t('ask_message')} value={values.message} error={errors?.['message']} rows={3} />
        <p class="actions">
          <Button>{t('ask_send')}</Button>
          <Button kind="plain" href={`/studio/labels/${label.id}`}>
            {t('ask_back')}
          </Button>
        </p>
      </Form>
    </StudioPage>
  )
}
