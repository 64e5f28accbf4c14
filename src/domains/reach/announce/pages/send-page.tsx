import type { Context } from 'hono'
import { formats } from '../../../../platform/i18n/index.ts'
import { Button, ErrorSummary, Field, type FieldErrors, Form, Radios, Select } from '../../../../ui/forms.tsx'
import { can, senderThing, type WebEnv, zoneName, zoneOptions } from '../../../identity/index.ts'
import { CouldShow } from '../../waves/brought.tsx'
import type { Foreseen } from '../../waves/foresee.ts'
import { announceWords } from '../../words.ts'
import type { Announcement } from '../announcement.store.ts'
import type { Forecast } from '../send.ts'
import { UNDO_MINUTES, WAVE_DAYS, WAVES } from '../send.ts'
import { AnnounceFrame, announceHref } from './frame.tsx'

export type SendForm = {
  when: string
  at: string
  zone: string
  undo: string
  number: string
  waves: string
  days: string
}

export type SendProps = {
  c: Context<WebEnv>
  announcement: Announcement
  forecast: Forecast
  form: SendForm
  errors: FieldErrors
  /** What stands in the way of sending, in sentences. */
  missing: string[]
  warnings: string[]
  cost: string | null
  /** What waves could show, once asked. */
  foreseen?: Foreseen[] | undefined
}

/** The last page before it leaves: a test to oneself, when, and what the press will do. */
export const SendPage = (props: SendProps) => {
  const { c, announcement, errors, missing, warnings } = props
  const page = c.get('page')
  const t = announceWords(page.lang)
  const actor = c.get('actor')
  const maySend = can(actor, 'announce.send', senderThing(announcement.sender))
  const done = c.req.query('done')
  const notice = Object.keys(errors).length
    ? undefined
    : done === 'tested'
      ? t('done_tested')
      : done === 'undone'
        ? t('done_undone')
        : undefined
  return (
    <AnnounceFrame c={c} announcement={announcement} section="send" notice={notice}>
      <ErrorSummary errors={errors} lang={page.lang} />
      <section>
        <h2>{t('test')}</h2>
        <Form page={page} action={`${announceHref(announcement.id)}/test`}>
          <p class="lead">{t('test_words', { address: actor?.email ?? '' })}</p>
          {announcement.channels.includes('sms') && (
            <Field
              name="number"
              type="tel"
              label={t('test_number')}
              hint={t('test_number_hint')}
              note={t('optional')}
              value={props.form.number}
              error={errors['number']}
              autocomplete="tel"
            />
          )}
          <Button kind="plain">{t('test_button')}</Button>
        </Form>
      </section>
      <section>
        <h2>{t('send')}</h2>
        {missing.length > 0 ? (
          <ul class="facts plain">
            {missing.map((sentence) => (
              <li>{sentence}</li>
            ))}
          </ul>
        ) : (
          <Facts {...props} />
        )}
        {warnings.length > 0 && (
          <ul class="facts plain">
            {warnings.map((sentence) => (
              <li>{sentence}</li>
            ))}
          </ul>
        )}
        {!maySend && <p class="lead">{t('may_not_send')}</p>}
        {maySend && missing.length === 0 && <When {...props} />}
      </section>
    </AnnounceFrame>
  )
}

const Facts = ({ c, announcement, forecast, cost }: SendProps) => {
  const { lang } = c.get('page')
  const t = announceWords(lang)
  const { channels, otherLanguage, silent, tired, noHour, first, last } = forecast
  const { dateTime } = formats(lang)
  const zone = announcement.timeZone ?? 'UTC'
  const late = first && last && last.getTime() - first.getTime() > 60_000 ? last : null
  const weekly = channels.reduce((sum, one) => sum + one.weekly, 0)
  return (
    <ul class="facts plain">
      {channels.map(({ channel, people }) => (
        <li>
          {t(`fact_${channel}`, { people })}
          {channel === 'sms' && people > 0 && cost && ` ${cost}`}
        </li>
      ))}
      {weekly > 0 && <li>{t('fact_weekly', { people: weekly })}</li>}
      {otherLanguage > 0 && <li>{t('fact_other_language', { people: otherLanguage })}</li>}
      {late && <li>{t('fact_late', { date: dateTime(late, zone), zone: zoneName(zone) })}</li>}
      {tired > 0 && <li>{t('fact_tired', { people: tired })}</li>}
      {silent > 0 && <li>{t('fact_silent', { people: silent })}</li>}
      {noHour > 0 && <li>{t('fact_no_hour', { people: noHour })}</li>}
    </ul>
  )
}

const When = ({ c, announcement, forecast, form, errors, foreseen }: SendProps) => {
  const page = c.get('page')
  const t = announceWords(page.lang)
  return (
    <Form page={page} action={`${announceHref(announcement.id)}/send`} novalidate>
      <Radios
        name="when"
        label={t('field_when')}
        value={form.when}
        error={errors['when']}
        options={[
          { value: 'now', label: t('when_now') },
          { value: 'moment', label: t('when_moment'), hint: t('when_moment_hint', { zone: zoneName(form.zone) }) },
          { value: 'local', label: t('when_local'), hint: t('when_local_hint') },
        ]}
      />
      <Field
        name="at"
        type="datetime-local"
        label={t('field_at')}
        note={t('unless_now')}
        value={form.at}
        error={errors['at']}
      />
      <Select name="zone" label={t('field_zone')} value={form.zone} options={zoneOptions()} />
      <Select
        name="undo"
        label={t('field_undo')}
        hint={t('hint_undo')}
        value={form.undo}
        options={UNDO_MINUTES.map((minutes) => ({ value: String(minutes), label: t('undo_minutes', { minutes }) }))}
      />
      <Select
        name="waves"
        label={t('field_waves')}
        hint={t('hint_waves')}
        value={form.waves}
        options={WAVES.map((count) => ({ value: String(count), label: t('waves_count', { count }) }))}
      />
      <Select
        name="days"
        label={t('field_days')}
        note={t('unless_one_wave')}
        value={form.days}
        options={WAVE_DAYS.map((days) => ({ value: String(days), label: t('waves_days', { days }) }))}
      />
      <p class="actions">
        <Button kind="plain" formaction={`${announceHref(announcement.id)}/foresee#foreseen`}>
          {t('foresee')}
        </Button>
      </p>
      {foreseen && <CouldShow lang={page.lang} foreseen={foreseen} days={Number(form.days)} />}
      <p class="actions">
        <Button>{t('send_button', { people: forecast.people })}</Button>
      </p>
    </Form>
  )
}
