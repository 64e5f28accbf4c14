import type { Context } from 'hono'
import { formats, type Lang } from '../../../../platform/i18n/index.ts'
import {
  Button,
  Checkbox,
  ErrorSummary,
  Field,
  type FieldErrors,
  Form,
  type Option,
  Radios,
  Select,
} from '../../../../ui/forms.tsx'
import { Table } from '../../../../ui/table.tsx'
import type { Offer } from '../../../exchange/index.ts'
import type { Channel } from '../../../fans/index.ts'
import type { WebEnv } from '../../../identity/index.ts'
import { type ConditionForm, type ConditionKind, conditionsFor } from '../../segment.rules.ts'
import { announceWords } from '../../words.ts'
import type { Announcement } from '../announcement.store.ts'
import type { Audience } from '../audience.views.ts'
import { toldIn, writtenIn } from '../words.rules.ts'
import { conditionWords, countryName } from './condition-words.ts'
import { AnnounceFrame, announceHref } from './frame.tsx'

export type AudienceProps = {
  c: Context<WebEnv>
  announcement: Announcement
  audience: Audience
  /** All fans on the channels chosen, whatever the conditions. */
  everyone: number
  offers: Offer[]
  /** The countries of these fans, those of most first. */
  countries: string[]
  /** What it gives that members alone may open. */
  forMembers: Offer[]
  adding: { kind: ConditionKind; form: ConditionForm; errors: FieldErrors } | null
}

/** Whom a draft is for. */
export const AudiencePage = (props: AudienceProps) => {
  const { c, announcement, audience, everyone, offers, adding, forMembers } = props
  const page = c.get('page')
  const t = announceWords(page.lang)
  const { all } = announcement.segment
  const here = announceHref(announcement.id, 'audience')
  const titles = new Map(offers.map(({ subject, title }) => [subject as string, title]))
  return (
    <AnnounceFrame c={c} announcement={announcement} section="audience" scripts={['islands/announce-size.js']}>
      <section>
        <p class="size" role="status" data-size-sentence="">
          {sizeSentence(audience, everyone, all.length + forMembers.length > 0, page.lang)}
        </p>
        {forMembers.map(({ title }) => (
          <p class="lead">{t('warning_members', { title })}</p>
        ))}
        <BySize {...props} />
      </section>
      <section>
        <h2>{t('conditions')}</h2>
        {all.length === 0 ? (
          <p class="lead">{t('conditions_none')}</p>
        ) : (
          <ul class="lines plain conditions">
            {all.map((condition, at) => (
              <li>
                <span>{conditionWords(condition, page.lang, titles)}</span>
                <Form page={page} action={`${here}/remove`}>
                  <input type="hidden" name="at" value={String(at)} />
                  <input type="hidden" name="condition" value={JSON.stringify(condition)} />
                  <Button
                    kind="quiet"
                    aria-label={t('condition_remove_named', {
                      condition: conditionWords(condition, page.lang, titles),
                    })}
                  >
                    {t('condition_remove')}
                  </Button>
                </Form>
              </li>
            ))}
          </ul>
        )}
        {adding ? (
          <Adding {...props} adding={adding} here={here} />
        ) : (
          <form method="get" action={here} class="field">
            <label for="f-add">{t('condition_add')}</label>
            <p class="actions" style="margin:0">
              <span class="select" style="flex:1 1 14rem">
                <select id="f-add" name="add">
                  {conditionsFor(announcement.sender).map((kind) => (
                    <option value={kind}>{t(`condition_${kind}`)}</option>
                  ))}
                </select>
              </span>
              <Button kind="plain">{t('condition_choose')}</Button>
            </p>
          </form>
        )}
        <p class="actions">
          <Button href={announceHref(announcement.id, 'send')}>{t('next_send')}</Button>
        </p>
        <p class="hint">{t('audience_how')}</p>
      </section>
    </AnnounceFrame>
  )
}

/** How many people there are, in a sentence. */
export function sizeSentence(
  { people }: Pick<Audience, 'people'>,
  everyone: number,
  narrowed: boolean,
  lang: Lang,
): string {
  const t = announceWords(lang)
  if (everyone === 0) return t('size_nobody_yet')
  return narrowed ? t('size_some', { people, everyone }) : t('size_everyone', { people })
}

const BySize = ({ c, announcement, audience }: AudienceProps) => {
  const { lang } = c.get('page')
  const t = announceWords(lang)
  const { number } = formats(lang)
  const written = writtenIn(announcement.variants)
  if (audience.people === 0) return null
  return (
    <>
      <Table
        lang={lang}
        caption={t('size_by')}
        captionHidden
        rows={audience.languages}
        columns={[
          { label: t('size_language'), cell: ({ language }) => t(language === 'fr' ? 'in_fr' : 'in_en') },
          { label: t('size_people'), numeric: true, cell: ({ people }) => number(people) },
          ...announcement.channels.map((channel: Channel) => ({
            label: t(`channel_${channel}`),
            numeric: true,
            cell: (row: Audience['languages'][number]) => number(row[channel]),
          })),
        ]}
      />
      {audience.languages
        .filter(({ language }) => written.length > 0 && !written.includes(language))
        .map(({ language, people }) => (
          <p class="hint">
            {t('size_other_language', {
              people,
              language: t(language === 'fr' ? 'in_fr' : 'in_en'),
              told: t(toldIn(language, written) === 'fr' ? 'in_fr' : 'in_en'),
            })}
          </p>
        ))}
    </>
  )
}

const Adding = ({
  c,
  announcement,
  adding,
  offers,
  countries,
  here,
}: AudienceProps & { adding: NonNullable<AudienceProps['adding']>; here: string }) => {
  const page = c.get('page')
  const t = announceWords(page.lang)
  const { kind, form, errors } = adding
  const music: Option[] = offers.map(({ subject, title, within }) => ({
    value: subject,
    label: within ? `\u2003${title}` : title,
  }))
  const sentence = t('size_with')
  return (
    <Form
      page={page}
      action={here}
      novalidate
      data-size={`${announceHref(announcement.id)}/size`}
      data-size-words={sentence}
    >
      <ErrorSummary errors={errors} lang={page.lang} />
      <h3>{t(`condition_${kind}`)}</h3>
      <input type="hidden" name="is" value={kind} />
      {kind === 'country' && (
        <Select
          name="what"
          label={t('field_country')}
          value={form.what}
          error={errors['what']}
          options={countries.map((code) => ({ value: code, label: countryName(code, page.lang) }))}
        />
      )}
      {kind === 'place' && (
        <Field name="what" label={t('field_place')} value={form.what} error={errors['what']} maxlength={100} />
      )}
      {kind === 'language' && (
        <Radios
          name="what"
          label={t('field_language')}
          value={form.what || 'en'}
          options={[
            { value: 'en', label: t('in_en') },
            { value: 'fr', label: t('in_fr') },
          ]}
        />
      )}
      {kind === 'channel' && (
        <Radios
          name="what"
          label={t('field_channel')}
          value={form.what || 'mail'}
          options={(['mail', 'sms', 'push'] as const).map((one) => ({ value: one, label: t(`channel_${one}`) }))}
        />
      )}
      {(kind === 'took' || kind === 'listened') && (
        <Select
          name="what"
          label={t('field_what')}
          value={form.what}
          options={[{ value: '', label: t('any_music') }, ...music]}
        />
      )}
      {kind === 'listened' && (
        <Field
          name="number"
          type="number"
          min="1"
          label={t('field_times')}
          value={form.number || '1'}
          inputmode="numeric"
        />
      )}
      {kind === 'joined' && (
        <Radios
          name="number"
          label={t('field_joined')}
          value={form.number || 'within'}
          options={[
            { value: 'within', label: t('joined_within') },
            { value: 'before', label: t('joined_before') },
          ]}
        />
      )}
      {(kind === 'joined' || kind === 'took' || kind === 'listened' || kind === 'answered' || kind === 'not-told') && (
        <Field
          name="days"
          type="number"
          min="1"
          label={t('field_within')}
          hint={kind === 'joined' || kind === 'not-told' ? undefined : t('hint_days')}
          value={form.days}
          error={errors['days']}
          inputmode="numeric"
        />
      )}
      {kind !== 'joined' && kind !== 'not-told' && <Checkbox name="not" label={t('field_not')} checked={form.not} />}
      <p class="quiet" role="status" data-size-with="" />
      <p class="actions">
        <Button kind="plain">{t('condition_put')}</Button>
        <a href={here}>{t('cancel')}</a>
      </p>
    </Form>
  )
}
