import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { formats } from '../../../platform/i18n/index.ts'
import { digestOf } from '../../../platform/signing.ts'
import { Empty } from '../../../ui/empty.tsx'
import {
  Button,
  ErrorSummary,
  Field,
  type FieldErrors,
  Form,
  SAVING,
  SavedAsOneGoes,
  Select,
  TextArea,
} from '../../../ui/forms.tsx'
import type { Label } from '../artists.views.ts'
import { LANGUAGE_OPTIONS } from '../entrance/pages.tsx'
import type { WebEnv } from '../guard.ts'
import { Line, Lines } from '../lines.tsx'
import { lastDayOf } from '../people/mandates.ts'
import { words as peopleWords } from '../people/words.ts'
import { OwnersLinks } from '../removal/owners-links.tsx'
import { StudioPage } from '../studio-page.tsx'
import { zoneOptions } from '../zones.ts'
import type { AskedLine, RosterLine, ShownPicture } from './directory.views.ts'
import { labelFields, type Typed } from './inputs.ts'
import { AddressForm, PictureFields } from './parts.tsx'
import { words } from './words.ts'

type Props = {
  c: Context<WebEnv>
  label: Label
  lines: RosterLine[]
  asked: AskedLine[]
  picture: ShownPicture | null
  notice?: Child
  errors?: FieldErrors
  typed?: Typed
  address?: { typed: string; error: string }
}

/** A label: the artists that trust it and with what, and what its public page says. */
export const LabelPage = (props: Props) => {
  const { c, label, picture, notice, errors, typed, address } = props
  const page = c.get('page')
  const t = words(page.lang)
  const path = `/studio/labels/${label.id}`
  const now = labelFields(label)
  const of = (name: keyof typeof now) => ({ name, value: typed?.[name] ?? now[name], error: errors?.[name] })
  return (
    <StudioPage c={c} title={t('label_title')} current="label" labelId={label.id} notice={notice} scripts={[SAVING]}>
      <h1>{label.name}</h1>
      <ErrorSummary errors={errors} lang={page.lang} />
      <Roster {...props} />
      <section>
        <h2>{t('label_title')}</h2>
        <Form page={page} action={path} files novalidate>
          <input type="hidden" name="seen" value={digestOf(now)} />
          <Field {...of('name')} label={t('name')} required />
          <TextArea {...of('description')} label={t('description')} hint={t('biography_hint')} lang={label.language} />
          <TextArea {...of('links')} label={t('links')} hint={t('links_hint')} rows={4} spellcheck="false" />
          <Select
            {...of('language')}
            label={t('language')}
            hint={t('label_language_hint')}
            options={LANGUAGE_OPTIONS}
          />
          <Select {...of('timeZone')} label={t('time_zone')} hint={t('label_time_zone_hint')} options={zoneOptions()} />
          <PictureFields c={c} label={t('picture')} picture={picture} errors={errors} />
          <p class="actions">
            <Button>{t('save')}</Button>
            <Button kind="plain" href={`/${label.slug}`}>
              {t('see_page')}
            </Button>
            <SavedAsOneGoes lang={page.lang} />
          </p>
        </Form>
      </section>
      <AddressForm
        c={c}
        action={`${path}/address`}
        slug={label.slug}
        {...(address && { typed: address.typed, error: address.error })}
      />
      <p class="actions">
        <a href={`/studio/label/feeds?desk=${encodeURIComponent(label.slug)}`}>{t('feeds')}</a>
        <a href={`${path}/people`}>{t('people')}</a>
        <a href={`${path}/history`}>{t('history')}</a>
        <OwnersLinks c={c} kind="label" id={label.id} />
      </p>
    </StudioPage>
  )
}

const Roster = ({ c, label, lines, asked }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  const p = peopleWords(page.lang)
  const { date, list } = formats(page.lang)
  const path = `/studio/labels/${label.id}`
  const create = (
    <>
      <Button href={`${path}/artists/new`} kind={lines.length ? 'plain' : 'main'}>
        {t('new_artist')}
      </Button>
      <Button href={`${path}/ask`} kind="plain">
        {t('ask_artist')}
      </Button>
    </>
  )
  const until = ({ endsAt, ...artist }: RosterLine) =>
    endsAt ? p('mandate_until', { date: date(new Date(lastDayOf(endsAt, artist))) }) : p('mandate_open')
  if (!lines.length && !asked.length)
    return (
      <Empty title={t('roster_none')} action={create}>
        <p>{t('roster_none_lead')}</p>
      </Empty>
    )
  return (
    <section>
      <h2>{t('roster')}</h2>
      <Lines>
        {lines
          .map((line) => ({ ...line, until: until(line) }))
          .map(({ id, artistId, name, slug, permissions, vacant, until }) => (
            <Line
              name={<a href={`/studio?desk=${encodeURIComponent(slug)}`}>{name}</a>}
              says={
                <>
                  {list(permissions.map((one) => p(`may_${one}`).toLowerCase()))} · {until}
                  {vacant && ' · '}
                  {vacant && <a href={`/studio/artists/${artistId}/people`}>{t('hand_over')}</a>}
                </>
              }
            >
              {!vacant && (
                <Form page={page} action={`${path}/mandates/${id}/renounce`}>
                  <Button
                    kind="quiet"
                    href={`${path}/ask?artist=${encodeURIComponent(slug)}`}
                    aria-label={t('ask_more_named', { name })}
                  >
                    {t('ask_more')}
                  </Button>
                  <Button kind="quiet" aria-label={t('renounce_named', { name })}>
                    {t('renounce')}
                  </Button>
                </Form>
              )}
            </Line>
          ))}
        {asked.map(({ id, name, askedAt }) => (
          <Line name={name} says={t('asked_since', { date: date(askedAt) })}>
            <Form page={page} action={`${path}/requests/${id}/withdraw`}>
              <Button kind="quiet" aria-label={t('asked_back_named', { name })}>
                {t('asked_back')}
              </Button>
            </Form>
          </Line>
        ))}
      </Lines>
      <p class="actions">{create}</p>
    </section>
  )
}
