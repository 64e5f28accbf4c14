import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { formats } from '../../../platform/i18n/index.ts'
import {
  Button,
  Checkboxes,
  ErrorSummary,
  Field,
  type FieldErrors,
  Form,
  Select,
  TextArea,
} from '../../../ui/forms.tsx'
import { can, type WebEnv, zoneOptions } from '../../identity/index.ts'
import type { Contest } from '../contests/contest.views.ts'
import { CONTEST_SORTS } from '../operation.rules.ts'
import { studioPath } from '../paths.rules.ts'
import { Prose } from '../public/parts.tsx'
import { words } from '../words.ts'
import type { Typed } from './contest.form.ts'
import { ContestFrame } from './frame.tsx'

export type ReleaseChoice = { id: string; title: string }
/** What may be given to work with; null where the contest gives nothing, or its release is not saved yet. */
export type StemChoices = { id: string; fileName: string; size: number }[] | null

type FieldsProps = {
  c: Context<WebEnv>
  action: string
  typed: Typed
  errors?: FieldErrors | undefined
  /** Null for whoever may not give music. */
  releases: ReleaseChoice[] | null
  /** The release that it is of, as it stands. */
  releaseTitle?: string | null
  stems?: StemChoices
  /** Open or closed: what people agreed to stays. */
  fixed?: boolean
  submit: string
}

export const ContestForm = ({ c, action, typed, errors, releases, releaseTitle = null, ...more }: FieldsProps) => {
  const { stems = null, fixed, submit } = more
  const page = c.get('page')
  const t = words(page.lang)
  return (
    <Form page={page} action={action} novalidate>
      <ErrorSummary errors={errors} lang={page.lang} />
      <Field
        name="title"
        label={t('field_title')}
        hint={t('title_hint')}
        value={typed.title}
        error={errors?.['title']}
        maxlength={120}
        autocomplete="off"
        required
      />
      <TextArea name="words" label={t('field_words')} hint={t('words_hint')} value={typed.words} rows={8} />
      <Select
        name="language"
        label={t('field_language')}
        value={typed.language}
        error={errors?.['language']}
        options={[
          { value: 'en', label: t('lang_en') },
          { value: 'fr', label: t('lang_fr') },
        ]}
      />
      {fixed ? (
        <p class="quiet">{t('fixed')}</p>
      ) : (
        <Select
          name="sort"
          label={t('field_sort')}
          value={typed.sort}
          options={CONTEST_SORTS.map((value) => ({ value, label: t(`sort_${value}`) }))}
        />
      )}
      {releases ? (
        <>
          <Select
            name="release"
            label={t('field_release')}
            hint={t('release_hint')}
            value={typed.release}
            error={errors?.['release']}
            options={[
              { value: '', label: t('no_release') },
              ...releases.map(({ id, title }) => ({ value: id, label: title || t('untitled') })),
            ]}
          />
          {typed.sort === 'remix' && <Stems c={c} typed={typed} stems={stems} />}
        </>
      ) : (
        <p class="quiet">
          {releaseTitle !== null && `${t('release_is', { title: releaseTitle || t('untitled') })} `}
          {t('release_may_not')}
        </p>
      )}
      <Field
        name="entriesUntil"
        type="datetime-local"
        label={t('field_entries_until')}
        value={typed.entriesUntil}
        error={errors?.['entriesUntil']}
      />
      <Field
        name="endsAt"
        type="datetime-local"
        label={t('field_ends')}
        value={typed.endsAt}
        error={errors?.['endsAt']}
      />
      {!fixed && (
        <>
          <Select
            name="zone"
            label={t('field_zone')}
            value={typed.zone}
            error={errors?.['zone']}
            options={zoneOptions()}
          />
          <Field
            name="jury"
            label={t('field_jury')}
            hint={t('jury_hint')}
            value={typed.jury}
            error={errors?.['jury']}
            inputmode="numeric"
            maxlength={3}
          />
          <Field
            name="most"
            label={t('field_most')}
            value={typed.most}
            error={errors?.['most']}
            inputmode="numeric"
            maxlength={1}
          />
        </>
      )}
      <p class="actions">
        <Button>{submit}</Button>
      </p>
    </Form>
  )
}

const Stems = ({ c, typed, stems }: Pick<FieldsProps, 'c' | 'typed'> & { stems: StemChoices }) => {
  const { lang } = c.get('page')
  const t = words(lang)
  if (!stems?.length) return <p class="quiet">{t(stems ? 'stems_none' : 'stems_first')}</p>
  return (
    <Checkboxes
      name="stems"
      label={t('field_stems')}
      hint={t('stems_hint')}
      values={typed.stems}
      options={stems.map(({ id, fileName, size }) => ({
        value: id,
        label: `${fileName} (${formats(lang).bytes(size)})`,
      }))}
    />
  )
}

type Props = Omit<FieldsProps, 'action' | 'fixed' | 'submit' | 'releaseTitle'> & {
  contest: Contest
  now: Date
  /** The rules that opening it would write down; null while a date is missing. */
  rules: string | null
  problem?: string | undefined
  notice?: Child
  /** How far it was carried on. */
  carried?: Child
}

export const WordsPage = ({ c, contest, now, rules, problem, notice, carried, ...form }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  const mayOpen = can(c.get('actor'), 'journal.publish', { kind: 'artist', artistId: contest.artistId })
  return (
    <ContestFrame c={c} contest={contest} section="words" now={now} notice={notice}>
      {contest.state === 'closed' ? (
        <Prose text={contest.words} lang={contest.language} />
      ) : (
        <section>
          <ContestForm
            c={c}
            {...form}
            releaseTitle={contest.releaseTitle}
            action={studioPath(contest.id)}
            fixed={contest.state !== 'draft'}
            submit={t('save')}
          />
        </section>
      )}
      {contest.state === 'draft' && (
        <section id="open">
          <h2>{t('open_title')}</h2>
          <ErrorSummary errors={problem ? { '': problem } : {}} lang={page.lang} />
          {rules && (
            <>
              <p class="lead">{t('open_words')}</p>
              <details>
                <summary>{t('rules_preview')}</summary>
                <Prose text={rules} lang={page.lang} />
              </details>
            </>
          )}
          {!mayOpen ? (
            <p>{t('open_may_not')}</p>
          ) : rules ? (
            <Form page={page} action={studioPath(contest.id, 'open')} class="actions">
              <Button>{t('open_button')}</Button>
            </Form>
          ) : (
            <p>{t('error_dates')}</p>
          )}
          <Form page={page} action={studioPath(contest.id, 'remove')} class="actions">
            <Button kind="quiet">{t('remove_draft')}</Button>
          </Form>
        </section>
      )}
      {carried}
    </ContestFrame>
  )
}
