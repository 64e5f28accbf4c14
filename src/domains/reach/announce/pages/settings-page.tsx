import type { Context } from 'hono'
import { writeDate } from '../../../../platform/i18n/index.ts'
import { Button, Checkbox, ErrorSummary, Field, type FieldErrors, Form, Select } from '../../../../ui/forms.tsx'
import { type Sender, StudioPage, type WebEnv, zoneOptions } from '../../../identity/index.ts'
import { announceWords } from '../../words.ts'

export type SettingsForm = Record<string, string>
type SettingsProps = { c: Context<WebEnv>; sender: Sender; form: SettingsForm; errors: FieldErrors }

const HOURS = Array.from({ length: 25 }, (_, hour) => ({
  value: String(hour),
  label: `${String(hour).padStart(2, '0')}:00`,
}))
const DAYS = [1, 2, 3, 4, 5, 6, 0]

/** How often, and at which hours, fans of an artist or label are told at most. */
export const SettingsPage = ({ c, sender, form, errors }: SettingsProps) => {
  const page = c.get('page')
  const t = announceWords(page.lang)
  const notice = !Object.keys(errors).length && c.req.query('done') === 'saved' ? t('saved') : undefined
  const quiet = (place: 'fr' | 'all') => (
    <fieldset style="border:0;padding:0;margin:0">
      <legend style="padding:0">
        <h3>{t(`quiet_${place}`)}</h3>
      </legend>
      <Select
        name={`from_${place}`}
        label={t('quiet_from')}
        value={form[`from_${place}`]}
        options={HOURS.slice(0, 24)}
      />
      <Select
        name={`to_${place}`}
        label={t('quiet_to')}
        value={form[`to_${place}`]}
        options={HOURS.slice(1)}
        error={errors[`to_${place}`]}
      />
      <Checkbox name={`sundays_${place}`} label={t('quiet_sundays')} checked={form[`sundays_${place}`] === 'on'} />
      <Checkbox name={`holidays_${place}`} label={t('quiet_holidays')} checked={form[`holidays_${place}`] === 'on'} />
    </fieldset>
  )
  return (
    <StudioPage c={c} title={t('settings')} current="announcements" {...sender} notice={notice}>
      <p class="quiet">
        <a href="/studio/announcements">{t('announcements')}</a>
      </p>
      <h1>{t('settings')}</h1>
      <Form page={page} action="/studio/announcements/settings" novalidate>
        <ErrorSummary errors={errors} lang={page.lang} />
        <section>
          <h2>{t('cap')}</h2>
          <p class="lead">{t('labelId' in sender ? 'cap_words_label' : 'cap_words')}</p>
          <Field
            name="cap"
            type="number"
            min="1"
            label={t('cap_most')}
            note={t('optional')}
            hint={t('cap_hint')}
            value={form['cap']}
            error={errors['cap']}
            inputmode="numeric"
          />
          <Field
            name="cap_days"
            type="number"
            min="1"
            label={t('cap_days')}
            value={form['cap_days']}
            error={errors['cap_days']}
            inputmode="numeric"
          />
        </section>
        <section>
          <h2>{t('quiet')}</h2>
          <p class="lead">{t('quiet_words')}</p>
          {quiet('fr')}
          {quiet('all')}
        </section>
        <section>
          <h2>{t('digest')}</h2>
          <p class="lead">{t('digest_words')}</p>
          <Select
            name="digest_day"
            label={t('digest_day')}
            value={form['digest_day']}
            options={DAYS.map((day) => ({
              value: String(day),
              // The first of November 2026 was a Sunday.
              label: writeDate(new Date(Date.UTC(2026, 10, 1 + day)), { weekday: 'long' }, page.lang),
            }))}
          />
          <Select
            name="digest_hour"
            label={t('digest_hour')}
            value={form['digest_hour']}
            options={HOURS.slice(0, 24)}
          />
          <Select name="digest_zone" label={t('field_zone')} value={form['digest_zone']} options={zoneOptions()} />
        </section>
        <p class="actions">
          <Button>{t('save')}</Button>
        </p>
      </Form>
    </StudioPage>
  )
}
