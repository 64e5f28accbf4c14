import type { Context } from 'hono'
import { LANGUAGES, type Lang } from '../../../../platform/i18n/index.ts'
import {
  Button,
  Checkboxes,
  ErrorSummary,
  Field,
  Form,
  SAVING,
  SavedAsOneGoes,
  Select,
  TextArea,
} from '../../../../ui/forms.tsx'
import type { Offer } from '../../../exchange/index.ts'
import type { WebEnv } from '../../../identity/index.ts'
import { announceWords } from '../../words.ts'
import type { Announcement } from '../announcement.store.ts'
import { CLOSED } from '../for-members.ts'
import { CHANNELS, fieldName, MOST_THINGS } from '../words.form.ts'
import { AnnounceFrame, announceHref, WORDS_FORM } from './frame.tsx'
import { type PreviewProps, Previews } from './previews.tsx'

export type WordsProps = {
  c: Context<WebEnv>
  announcement: Announcement
  /** What stands in the form, and what names it. */
  fields: Record<string, string>
  seen: string
  offers: Offer[]
  /** What stands in the form, by name. */
  titles: ReadonlyMap<string, string>
  previews: Omit<PreviewProps, 'c' | 'announcement'>
  meanwhile?: boolean
}

/** The words of a draft, with what each channel makes of them beside. */
export const WordsPage = ({ c, announcement, fields, seen, offers, titles, previews, meanwhile }: WordsProps) => {
  const page = c.get('page')
  const { lang } = page
  const t = announceWords(lang)
  const notice = !meanwhile && c.req.query('done') === 'saved' ? t('saved') : undefined
  return (
    <AnnounceFrame
      c={c}
      announcement={announcement}
      section="words"
      wide
      notice={notice}
      scripts={[SAVING, 'islands/announce-live.js']}
    >
      {announcement.stopped === CLOSED && <p class="lead">{t('stopped_closed')}</p>}
      <div class="compose">
        <Form page={page} action={announceHref(announcement.id) + shownQuery(c)} id={WORDS_FORM} novalidate>
          <ErrorSummary errors={meanwhile ? { '': t('meanwhile') } : undefined} lang={lang} />
          <input type="hidden" name="seen" value={seen} />
          <input type="hidden" name="letters" value={fields['letters']} />
          {/* Return in a field presses the first button of a form. */}
          <button type="submit" hidden />
          <Things
            lang={lang}
            subjects={(fields['subjects'] ?? '').split(' ').filter(Boolean)}
            offers={offers}
            titles={titles}
          />
          <Checkboxes
            name="channels"
            label={t('field_channels')}
            hint={t('hint_channels')}
            values={(fields['channels'] ?? '').split(' ')}
            options={CHANNELS.map((channel) => ({ value: channel, label: t(`channel_${channel}`) }))}
          />
          {order(announcement, lang).map((language, at) => (
            <Language lang={lang} language={language} fields={fields} first={at === 0} />
          ))}
          <p class="actions">
            <Button kind="plain">{t('save')}</Button>
            <Button href={announceHref(announcement.id, 'audience')}>{t('next_audience')}</Button>
            <SavedAsOneGoes lang={lang} />
          </p>
        </Form>
        <Previews c={c} announcement={announcement} {...previews} />
      </div>
      <Form page={page} action={`${announceHref(announcement.id)}/remove`}>
        <Button kind="quiet">{t('remove')}</Button>
      </Form>
    </AnnounceFrame>
  )
}

type ThingsProps = { lang: Lang; subjects: string[]; offers: Offer[]; titles: ReadonlyMap<string, string> }

/** What it gives, in order: buttons move a thing and take it away; one more is chosen below. */
const Things = ({ lang, subjects, offers, titles }: ThingsProps) => {
  const t = announceWords(lang)
  const others = offers.filter(({ subject }) => !subjects.includes(subject))
  const some = subjects.length > 0
  return (
    <fieldset class="field" id="things" tabindex={-1}>
      <legend class={some ? undefined : 'hidden'}>{t('field_subject')}</legend>
      {some && (
        <ol class="lines plain things">
          {subjects.map((subject, at) => {
            const title = titles.get(subject) ?? t('thing_gone')
            const press = (step: 'up' | 'down' | 'away') => (
              <Button kind="quiet" name="do" value={`${step}:${at}`} aria-label={t(`thing_${step}_named`, { title })}>
                {t(`thing_${step}`)}
              </Button>
            )
            return (
              <li>
                <input type="hidden" name="subjects" value={subject} />
                <span>
                  {title} {at === 0 && subjects.length > 1 && <span class="note">{t('thing_leads')}</span>}
                </span>
                <span>
                  {at > 0 && press('up')}
                  {at < subjects.length - 1 && press('down')}
                  {press('away')}
                </span>
              </li>
            )
          })}
        </ol>
      )}
      {subjects.length < MOST_THINGS && others.length > 0 && (
        <>
          <Select
            name="subject"
            label={some ? t('field_more') : t('field_subject')}
            hint={some ? t('hint_more') : t('hint_subject')}
            options={[{ value: '', label: some ? t('more_none') : t('subject_none') }, ...others.map(offerOption)]}
          />
          <p class="add">
            <Button kind="plain" name="do" value="add">
              {t('thing_add')}
            </Button>
          </p>
        </>
      )}
    </fieldset>
  )
}

/** A save keeps the preview as it was chosen. */
export function shownQuery(c: Context<WebEnv>, more: Record<string, string> = {}): string {
  const chosen = Object.fromEntries(['show', 'as'].flatMap((name) => [[name, c.req.query(name) ?? '']]))
  const query = new URLSearchParams(Object.entries({ ...chosen, ...more }).filter(([, value]) => value))
  return query.size ? `?${query}` : ''
}

const offerOption = ({ subject, title, within }: Offer) => ({
  value: subject,
  label: within ? `\u2003${title}` : title,
})

/** The language that has words comes first; else that of whoever writes. */
function order({ variants }: Announcement, lang: Lang): Lang[] {
  const written = LANGUAGES.filter((language) =>
    variants.some((one) => one.language === language && one.title + one.body),
  )
  const first = written.includes(lang) ? lang : (written[0] ?? lang)
  return [first, ...LANGUAGES.filter((language) => language !== first)]
}

const Language = ({
  lang,
  language,
  fields,
  first,
}: {
  lang: Lang
  language: Lang
  fields: Record<string, string>
  first: boolean
}) => {
  const t = announceWords(lang)
  const named = (what: 'title' | 'body', channel: '' | (typeof CHANNELS)[number] = '') => {
    const name = fieldName(what, language, channel)
    return { name, value: fields[name], lang: language }
  }
  const own = CHANNELS.some(
    (channel) => fields[fieldName('body', language, channel)] || fields[fieldName('title', language, channel)],
  )
  const inside = (
    <>
      <Field
        {...named('title')}
        label={t('field_title')}
        hint={first ? t('hint_title', { name: '{name}' }) : undefined}
        maxlength={200}
      />
      <TextArea
        {...named('body')}
        label={t('field_body')}
        hint={first ? t('hint_body') : undefined}
        rows={10}
        maxlength={50_000}
      />
      <details open={own}>
        <summary>{t('own_words')}</summary>
        <p class="hint">{t('hint_own')}</p>
        <Field {...named('title', 'mail')} label={t('own_mail_title')} note={t('optional')} maxlength={200} />
        <TextArea {...named('body', 'mail')} label={t('own_mail_body')} note={t('optional')} rows={5} />
        <TextArea
          {...named('body', 'sms')}
          label={t('own_sms')}
          hint={t('hint_sms')}
          note={t('optional')}
          rows={3}
          style="min-height:5rem"
        />
        <Field {...named('title', 'push')} label={t('own_push_title')} note={t('optional')} maxlength={200} />
        <TextArea
          {...named('body', 'push')}
          label={t('own_push_body')}
          note={t('optional')}
          rows={2}
          style="min-height:4rem"
        />
      </details>
    </>
  )
  const written = fields[fieldName('title', language)] || fields[fieldName('body', language)]
  return first ? (
    <fieldset>
      <legend style="padding:0">
        <h2>{t(`in_${language}`)}</h2>
      </legend>
      {inside}
    </fieldset>
  ) : (
    <details open={Boolean(written)}>
      <summary>{t(`in_${language}`)}</summary>
      <p class="hint">{t(`without_${language}`)}</p>
      {inside}
    </details>
  )
}
