import type { Context } from 'hono'
import { Button, Checkbox, ErrorSummary, Field, type FieldErrors, Form, Radios, Select } from '../../../ui/forms.tsx'
import type { Offer } from '../../exchange/index.ts'
import type { WebEnv } from '../../identity/index.ts'
import { words } from '../words.ts'
import type { Choices, Typed } from './forms.ts'

/** What may be chosen, and what stands there already though it is gone. */
export const offerOptions = (offers: Offer[], any: string, chosen: string | undefined, gone: string) => [
  { value: '', label: any },
  ...(chosen && !offers.some(({ subject }) => subject === chosen) ? [{ value: chosen, label: gone }] : []),
  ...offers.map(({ subject, title, within }) => ({ value: subject, label: within ? `\u2003${title}` : title })),
]

type Props = { c: Context<WebEnv>; action: string; typed: Typed; choices: Choices; errors?: FieldErrors | undefined }

/** Its name, and what lets somebody in. */
export const WhenForm = ({ c, action, typed, choices, errors }: Props) => {
  const page = c.get('page')
  const { isLabel } = choices
  const t = words(page.lang)
  const said = (name: string) => ({ name, value: typed[name], error: errors?.[name] })
  return (
    <Form page={page} action={action} novalidate>
      <ErrorSummary errors={errors} lang={page.lang} />
      <Field
        {...said('name')}
        label={t('field_name')}
        hint={t('name_hint')}
        maxlength={120}
        autocomplete="off"
        required
      />
      <Radios
        {...said('when')}
        label={t('field_when')}
        options={choices.whens.map((value) => ({
          value,
          label: t(isLabel && value === 'silent' ? 'when_silent_label' : `when_${value}`),
          hint:
            value === 'joined'
              ? t('hint_joined')
              : value === 'silent'
                ? t(isLabel ? 'hint_silent_label' : 'hint_silent')
                : undefined,
        }))}
      />
      {!isLabel && (
        <Select
          {...said('music')}
          label={t('field_music')}
          hint={t('music_hint')}
          options={offerOptions(choices.music, t('any_music'), typed['music'], t('gone'))}
        />
      )}
      {!isLabel && (choices.operations.length > 0 || typed['operation']) && (
        <Select
          {...said('operation')}
          label={t('field_operation')}
          options={offerOptions(choices.operations, t('any_operation'), typed['operation'], t('gone'))}
        />
      )}
      <Field
        {...said('weeks')}
        label={t(isLabel ? 'field_weeks_label' : 'field_weeks')}
        type="number"
        min={1}
        max={104}
        inputmode="numeric"
      />
      <Checkbox name="again" label={t('field_again')} hint={t('again_hint')} checked={typed['again'] === 'on'} />
      <p class="actions">
        <Button>{t('save')}</Button>
      </p>
    </Form>
  )
}
