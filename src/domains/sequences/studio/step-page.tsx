import type { Lang } from '../../../platform/i18n/index.ts'
import {
  Button,
  Checkbox,
  Checkboxes,
  ErrorSummary,
  Field,
  type FieldErrors,
  Form,
  Radios,
  Select,
  TextArea,
} from '../../../ui/forms.tsx'
import type { Channel } from '../../fans/index.ts'
import { zoneName } from '../../identity/index.ts'
import type { LetterPreview } from '../../reach/index.ts'
import { sequencePath } from '../paths.rules.ts'
import { CHANNELS, type Condition, type Give, type Wait } from '../plan.rules.ts'
import { words } from '../words.ts'
import type { Choices, Typed } from './forms.ts'
import { SequenceFrame } from './frame.tsx'
import type { Shown } from './laid-page.tsx'
import { offerOptions } from './when-form.tsx'

export type Preview = { language: Lang; letters: (LetterPreview & { channel: Channel })[] }

type Props = Shown & {
  step: Wait | Condition | Give
  typed: Typed
  choices: Choices
  errors?: FieldErrors | undefined
  previews: Preview[]
}

/** One step, edited. */
export const StepPage = (props: Props) => {
  const { c, sequence, last, walking, notice, step, errors, previews } = props
  const page = c.get('page')
  const t = words(page.lang)
  const title = t(`edit_${step.kind}`)
  return (
    <SequenceFrame c={c} sequence={sequence} walking={walking} section="" title={title} notice={notice}>
      <h2>{title}</h2>
      <Form page={page} action={sequencePath(sequence.id, `steps/${step.id}`)} novalidate>
        <ErrorSummary errors={errors} lang={page.lang} />
        {step.kind === 'wait' && <WaitFields {...props} zone={last.plan.timeZone} />}
        {step.kind === 'condition' && <ConditionFields {...props} />}
        {step.kind === 'give' && <GiveFields {...props} />}
        <p class="actions">
          <Button>{t('save')}</Button>
          <a href={`${sequencePath(sequence.id)}#step-${step.id}`}>{t('back')}</a>
        </p>
      </Form>
      {step.kind === 'give' && <Previews lang={page.lang} previews={previews} />}
    </SequenceFrame>
  )
}

const saidOf =
  ({ typed, errors }: Pick<Props, 'typed' | 'errors'>) =>
  (name: string) => ({ name, value: typed[name], error: errors?.[name] })

const WaitFields = (props: Props & { zone: string }) => {
  const t = words(props.c.get('page').lang)
  const said = saidOf(props)
  return (
    <>
      <Field {...said('count')} label={t('field_count')} type="number" min={1} max={365} inputmode="numeric" required />
      <Select
        {...said('unit')}
        label={t('field_unit')}
        options={(['day', 'week'] as const).map((value) => ({ value, label: t(`unit_${value}`) }))}
      />
      <Field
        {...said('hour')}
        label={t('field_hour')}
        hint={t('hour_hint', { zone: zoneName(props.zone) })}
        type="time"
      />
    </>
  )
}

const ConditionFields = (props: Props) => {
  const { choices, typed } = props
  const t = words(props.c.get('page').lang)
  const said = saidOf(props)
  return (
    <>
      <Radios
        {...said('not')}
        label={t('field_not')}
        options={[
          { value: '', label: t('is_so') },
          { value: 'not', label: t('is_not_so') },
        ]}
      />
      <Select
        {...said('test')}
        label={t('field_test')}
        hint={choices.isLabel ? undefined : t('recognised_hint')}
        options={choices.asked.map((value) => ({ value, label: t(`ask_${value}`) }))}
      />
      <Select
        {...said('since')}
        label={t('field_since')}
        hint={t('since_hint')}
        options={(['entered', 'ever'] as const).map((value) => ({ value, label: t(`ask_since_${value}`) }))}
      />
      {!choices.isLabel && (
        <Select
          {...said('music')}
          label={t('field_music')}
          hint={t('music_of_test')}
          options={offerOptions(choices.music, t('any_music'), typed['music'], t('gone'))}
        />
      )}
      {!choices.isLabel && (choices.operations.length > 0 || typed['operation']) && (
        <Select
          {...said('operation')}
          label={t('field_operation')}
          options={offerOptions(choices.operations, t('any_operation'), typed['operation'], t('gone'))}
        />
      )}
      <Field {...said('place')} label={t('field_place')} maxlength={100} />
      <Radios
        {...said('otherwise')}
        label={t('field_otherwise')}
        options={(['stop', 'skip'] as const).map((value) => ({ value, label: t(`otherwise_${value}`) }))}
      />
    </>
  )
}

const GiveFields = (props: Props) => {
  const { c, choices, typed, errors } = props
  const { lang } = c.get('page')
  const t = words(lang)
  const said = saidOf(props)
  const first = lang
  return (
    <>
      <Select
        {...said('subject')}
        label={t('field_subject')}
        hint={choices.isLabel ? t('subject_hint_label') : undefined}
        options={offerOptions(choices.all, t('subject_none'), typed['subject'], t('gone'))}
      />
      {!choices.isLabel && (
        <Checkbox name="take" label={t('field_take')} hint={t('take_hint')} checked={typed['take'] === 'on'} />
      )}
      {(choices.batches.length > 0 || typed['batch']) && (
        <Select
          {...said('batch')}
          label={t('field_batch')}
          hint={t('batch_hint')}
          options={[
            { value: '', label: t('batch_none') },
            ...choices.batches.map(({ id, name, left }) => ({ value: id, label: t('batch_left', { name, n: left }) })),
            ...(typed['batch'] && !choices.batches.some(({ id }) => id === typed['batch'])
              ? [{ value: typed['batch'], label: t('gone') }]
              : []),
          ]}
        />
      )}
      <Checkboxes
        name="channels"
        label={t('field_channels')}
        hint={t('channels_hint')}
        values={(typed['channels'] ?? '').split(' ')}
        error={errors?.['channels']}
        options={CHANNELS.map((value) => ({ value, label: t(`channel_${value}`) }))}
      />
      {[first, first === 'en' ? ('fr' as const) : ('en' as const)].map((language) => {
        const fields = (
          <>
            <Field
              {...said(`title_${language}`)}
              label={t('field_title')}
              hint={language === first ? t('title_hint', { name: '{name}' }) : undefined}
              lang={language}
              maxlength={200}
            />
            <TextArea
              {...said(`body_${language}`)}
              label={t('field_body')}
              hint={language === first ? t('body_hint') : undefined}
              lang={language}
              rows={8}
              maxlength={10_000}
            />
          </>
        )
        return language === first ? (
          <fieldset style="border:0;padding:0;margin:0">
            <legend style="padding:0">
              <h3>{t(`in_${language}`)}</h3>
            </legend>
            {fields}
          </fieldset>
        ) : (
          <details open={Boolean(typed[`title_${language}`] || typed[`body_${language}`])}>
            <summary>{t(`in_${language}`)}</summary>
            <p class="hint">{t('other_language')}</p>
            {fields}
          </details>
        )
      })}
    </>
  )
}

/** What arrives, on each of its channels. */
const Previews = ({ lang, previews }: { lang: Lang; previews: Preview[] }) => {
  const t = words(lang)
  return (
    <section id="preview">
      <h2>{t('preview')}</h2>
      {previews.length === 0 && <p class="quiet">{t('preview_none')}</p>}
      {previews.map(({ language, letters }) => (
        <>
          {previews.length > 1 && <h3>{t(`in_${language}`)}</h3>}
          {letters.map(({ channel, subject, text }) => (
            <div class="arrives">
              <p class="quiet">{t(`channel_${channel}`)}</p>
              <div lang={language}>
                {subject && (
                  <p>
                    <b>{subject}</b>
                  </p>
                )}
                <p class="leaves">{text}</p>
              </div>
            </div>
          ))}
        </>
      ))}
    </section>
  )
}
