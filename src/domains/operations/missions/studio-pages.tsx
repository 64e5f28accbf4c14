import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { Button, ErrorSummary, Field, type FieldErrors, Form, Select, TextArea } from '../../../ui/forms.tsx'
import type { Offer } from '../../exchange/index.ts'
import { can, StudioPage, ThingPage, type WebEnv, zoneOptions } from '../../identity/index.ts'
import { SONG_LANGUAGES } from '../../music/index.ts'
import { missionPath, operationPath } from '../paths.rules.ts'
import { Prose } from '../public/parts.tsx'
import { type CloseChoices, CloseForm, type CloseTyped } from '../studio/closing.tsx'
import { HeldPicture } from '../studio/held-picture.tsx'
import { KEPT_DAYS } from '../tidy-sent-in.ts'
import { missionWords, words } from '../words.ts'
import type { Choices, MissionTyped, TaskTyped } from './mission.form.ts'
import { isNothing, MOST_TIMES, phaseOf, TASK_KINDS, type TaskKind, type Thanks } from './mission.rules.ts'
import type { Contribution, Mission, MissionCounts, Task } from './mission.views.ts'
import { ContributionView, nameOfContribution } from './parts.tsx'
import { languageName, type Titles, taskTitle, thingsGiven } from './task-text.ts'

/** In what state it is, in a sentence. */
export function missionSentence(mission: Mission, now: Date, lang: Lang): string {
  const phase = phaseOf(mission, now)
  const at = phase === 'closed' ? mission.closedAt : mission.endsAt
  return missionWords(lang)(`state_${phase}`, { at: at ? formats(lang).dateTime(at, mission.timeZone) : '' })
}

const SECTIONS = ['mission', 'contributions', 'close'] as const

type FrameProps = {
  c: Context<WebEnv>
  mission: Mission
  now: Date
  notice?: Child
}

const MissionFrame = ({
  c,
  mission,
  now,
  notice,
  section,
  wide,
  children,
}: FrameProps & { section: (typeof SECTIONS)[number]; wide?: boolean; children?: Child }) => {
  const { lang } = c.get('page')
  const t = missionWords(lang)
  return (
    <ThingPage
      c={c}
      heading={mission.title || words(lang)('untitled')}
      current="operations"
      artistId={mission.artistId}
      back={{ href: '/studio/operations', label: words(lang)('operations') }}
      state={missionSentence(mission, now, lang)}
      notice={notice}
      wide={wide}
      sections={{
        label: t('sections'),
        links: SECTIONS.map((one) => ({
          href: missionPath(mission.id, one === 'mission' ? '' : one),
          label: t(`section_${one}`),
          current: one === section,
        })),
      }}
    >
      <div class="contest">
        {mission.state !== 'draft' && (
          <p class="actions">
            <a href={operationPath(mission.artistSlug, mission.slug)}>{words(lang)('see_page')}</a>
          </p>
        )}
        {children}
      </div>
    </ThingPage>
  )
}

const named = (offers: Offer[]) => offers.map(({ subject, title }) => ({ value: subject, label: title }))

type ThanksProps = {
  lang: Lang
  typed: MissionTyped | TaskTyped
  errors?: FieldErrors | undefined
  choices: Choices
  /** What is given once it is open: it stays, a batch may be followed by another. */
  fixed?: Thanks | undefined
}

const ThanksFields = ({ lang, typed, errors, choices, fixed }: ThanksProps) => {
  const t = missionWords(lang)
  const batches = (choices.batches.length > 0 || typed.batch) && (
    <Select
      name="batch"
      label={t('field_batch')}
      hint={t('batch_hint')}
      value={typed.batch}
      error={errors?.['batch']}
      options={[
        ...(fixed ? [] : [{ value: '', label: t('batch_none') }]),
        ...choices.batches.map(({ id, name, left }) => ({ value: id, label: t('batch_choice', { name, left }) })),
      ]}
    />
  )
  if (fixed) return fixed.batch ? batches : null
  return (
    <>
      <TextArea
        name="thanks"
        label={t('field_thanks')}
        hint={t('thanks_hint')}
        value={typed.thanks}
        rows={3}
        maxlength={2000}
      />
      {choices.gifts.length > 0 && (
        <Select
          name="gift"
          label={t('field_gift')}
          hint={t('gift_hint')}
          value={typed.gift}
          error={errors?.['gift']}
          options={[{ value: '', label: t('gift_none') }, ...named(choices.gifts)]}
        />
      )}
      {batches}
    </>
  )
}

type MissionFormProps = {
  c: Context<WebEnv>
  action: string
  typed: MissionTyped
  errors?: FieldErrors | undefined
  choices: Choices
  /** Open: people count on it. */
  fixed?: Thanks | undefined
}

const MissionForm = ({ c, action, typed, errors, choices, fixed }: MissionFormProps) => {
  const page = c.get('page')
  const [t, shared] = [missionWords(page.lang), words(page.lang)]
  const said = (name: keyof MissionTyped) => ({ name, value: typed[name], error: errors?.[name] })
  return (
    <Form page={page} action={action} novalidate>
      <ErrorSummary errors={errors} lang={page.lang} />
      <Field
        {...said('title')}
        label={shared('field_title')}
        hint={t('title_hint')}
        maxlength={120}
        autocomplete="off"
        required
      />
      <TextArea {...said('words')} label={t('field_words')} hint={t('words_hint')} rows={6} />
      <Select
        {...said('language')}
        label={shared('field_language')}
        options={[
          { value: 'en', label: shared('lang_en') },
          { value: 'fr', label: shared('lang_fr') },
        ]}
      />
      <Field {...said('endsAt')} type="datetime-local" label={t('field_ends')} />
      {!fixed && <Select {...said('zone')} label={shared('field_zone')} options={zoneOptions()} />}
      {fixed ? (
        <p class="quiet">{t('fixed')}</p>
      ) : (
        <>
          <h2>{t('thanks_all_title')}</h2>
          <p>{t('thanks_all_hint')}</p>
        </>
      )}
      <ThanksFields lang={page.lang} {...{ typed, errors, choices, fixed }} />
      <p class="actions">
        <Button>{shared('save')}</Button>
      </p>
    </Form>
  )
}

export const NewMissionPage = ({ c, ...form }: Omit<MissionFormProps, 'action' | 'fixed'>) => {
  const shared = words(c.get('page').lang)
  return (
    <StudioPage c={c} title={shared('new_mission')} current="operations">
      <p class="quiet">
        <a href="/studio/operations">{shared('operations')}</a>
      </p>
      <h1>{shared('new_mission')}</h1>
      <div class="contest">
        <section>
          <MissionForm c={c} {...form} action="/studio/missions/new" />
        </section>
      </div>
    </StudioPage>
  )
}

type MissionProps = FrameProps & {
  tasks: Task[]
  titles: Titles
  batches: ReadonlyMap<string, string>
  choices: Choices
  typed: MissionTyped
  errors?: FieldErrors | undefined
  problem?: string | undefined
  /** How far it was carried on. */
  carried?: Child
}

/** What a mission says, asks and gives. */
export const MissionPage = (props: MissionProps) => {
  const { c, mission, now, notice, typed, errors, choices, problem, carried } = props
  const page = c.get('page')
  const [t, shared] = [missionWords(page.lang), words(page.lang)]
  const isDraft = mission.state === 'draft'
  const mayOpen = can(c.get('actor'), 'journal.publish', { kind: 'artist', artistId: mission.artistId })
  return (
    <MissionFrame {...{ c, mission, now, notice }} section="mission">
      <ErrorSummary errors={problem ? { '': problem } : {}} lang={page.lang} />
      <TaskList {...props} />
      {mission.state === 'closed' ? (
        <Prose text={mission.words} lang={mission.language} />
      ) : (
        <section>
          <h2>{shared('section_words')}</h2>
          <MissionForm
            {...{ c, typed, errors, choices }}
            action={missionPath(mission.id)}
            fixed={isDraft ? undefined : mission.thanks}
          />
        </section>
      )}
      {isDraft && (
        <section id="open">
          <h2>{shared('open_title')}</h2>
          <p>{t('open_words')}</p>
          {mayOpen ? (
            <Form page={page} action={missionPath(mission.id, 'open')} class="actions">
              <Button>{shared('open_button')}</Button>
            </Form>
          ) : (
            <p>{shared('open_may_not')}</p>
          )}
          <Form page={page} action={missionPath(mission.id, 'remove')} class="actions">
            <Button kind="quiet">{shared('remove_draft')}</Button>
          </Form>
        </section>
      )}
      {carried}
    </MissionFrame>
  )
}

const TaskList = ({ c, mission, tasks, titles, batches }: MissionProps) => {
  const { lang } = c.get('page')
  const t = missionWords(lang)
  const gives = (thanks: Thanks) =>
    isNothing(thanks)
      ? t('task_gives_nothing')
      : t('task_gives', {
          what: formats(lang).list([
            ...(thanks.words ? [t('gives_words')] : []),
            ...thingsGiven(thanks, titles, batches, lang),
          ]),
        })
  return (
    <section id="tasks">
      <h2>{t('tasks_title')}</h2>
      {tasks.length === 0 ? (
        <p>{t('tasks_none')}</p>
      ) : (
        <ul class="lines plain">
          {tasks.map((task) => (
            <li>
              <a href={missionPath(mission.id, `tasks/${task.id}`)}>
                <b>{taskTitle(task, titles, lang)}</b>
                <small>{gives(task.thanks)}</small>
              </a>
            </li>
          ))}
        </ul>
      )}
      {mission.state === 'draft' && (
        <>
          <h3>{t('tasks_add')}</h3>
          <p class="actions">
            {TASK_KINDS.map((kind) => (
              <Button kind="plain" href={missionPath(mission.id, `tasks/new/${kind}`)}>
                {t(`add_${kind}`)}
              </Button>
            ))}
          </p>
        </>
      )}
    </section>
  )
}

type TaskProps = FrameProps & {
  kind: TaskKind
  task: Task | null
  choices: Choices
  typed: TaskTyped
  errors?: FieldErrors | undefined
}

/** One thing that people are asked to do, and what it gives. */
export const TaskPage = ({ c, mission, now, notice, kind, task, choices, typed, errors }: TaskProps) => {
  const page = c.get('page')
  const { lang } = page
  const [t, shared] = [missionWords(lang), words(lang)]
  const path = missionPath(mission.id, task ? `tasks/${task.id}` : `tasks/new/${kind}`)
  const isFixed = mission.state !== 'draft'
  const offers = kind === 'bring' ? choices.passOn : choices.worded
  const said = (name: keyof TaskTyped) => ({ name, value: typed[name], error: errors?.[name] })
  return (
    <MissionFrame {...{ c, mission, now, notice }} section="mission">
      <section>
        <h2>{t(`kind_${kind}`)}</h2>
        {(kind === 'bring' || kind === 'translate') && !isFixed && offers.length === 0 && <p>{t('nothing_public')}</p>}
        <Form page={page} action={path} novalidate>
          <ErrorSummary errors={errors} lang={lang} />
          {isFixed && <p class="quiet">{t('fixed_task')}</p>}
          {!isFixed && (kind === 'bring' || kind === 'translate') && (
            <Select
              {...said('subject')}
              label={t(kind === 'bring' ? 'field_pass_on' : 'field_of')}
              options={[{ value: '', label: t('choose') }, ...named(offers)]}
              required
            />
          )}
          {!isFixed && kind === 'translate' && (
            <Select
              {...said('into')}
              label={t('field_into')}
              options={[{ value: '', label: t('choose') }, ...languages(lang)]}
              required
            />
          )}
          {!isFixed && kind !== 'translate' && (
            <Field
              {...said('times')}
              label={t(`field_times_${kind}`)}
              hint={t('times_hint', { most: MOST_TIMES })}
              type="number"
              min={1}
              max={MOST_TIMES}
              required
            />
          )}
          <TextArea {...said('words')} label={t('field_task_words')} hint={t(`hint_${kind}`)} rows={5} />
          {!isFixed && (
            <>
              <h3>{t('thanks_task_title')}</h3>
              <p>{t('thanks_task_hint')}</p>
            </>
          )}
          <ThanksFields lang={lang} {...{ typed, errors, choices }} fixed={isFixed ? task?.thanks : undefined} />
          {mission.state !== 'closed' && (
            <p class="actions">
              <Button>{t('save_task')}</Button>
            </p>
          )}
        </Form>
        {task && !isFixed && (
          <Form page={page} action={`${path}/remove`} class="actions">
            <Button kind="quiet">{t('remove_task')}</Button>
          </Form>
        )}
        <p>
          <a href={missionPath(mission.id)}>{mission.title || shared('untitled')}</a>
        </p>
      </section>
    </MissionFrame>
  )
}

const languages = (lang: Lang) =>
  SONG_LANGUAGES.map((value) => ({ value, label: languageName(value, lang) })).sort((a, b) =>
    a.label.localeCompare(b.label, lang),
  )

type ContributionsProps = FrameProps & {
  contributions: Contribution[]
  counts: MissionCounts
  titles: Titles
  /** The one whose taking down lacked a reason. */
  wrong?: string | undefined
}

/** What came in, each with the two things that can be done about it; and how many people take part and were thanked. */
export const ContributionsPage = (props: ContributionsProps) => {
  const { c, mission, now, notice, contributions, counts, wrong } = props
  const { lang } = c.get('page')
  const t = missionWords(lang)
  const { people, thanked, brought, owed } = counts
  return (
    <MissionFrame {...{ c, mission, now, notice }} section="contributions" wide>
      <p class="lead">
        {t('came_counts', { people, thanked })} {brought > 0 && t('came_brought', { n: brought })}
      </p>
      {owed > 0 && <p class="aside">{t('came_owed', { n: owed })}</p>}
      <section>
        <ErrorSummary errors={wrong ? { [`reason-${wrong}`]: t('error_reason') } : {}} lang={lang} />
        {contributions.length === 0 ? (
          <p>{t('came_none')}</p>
        ) : (
          <>
            <p>{t('came_lead')}</p>
            <ul class="entries">
              {contributions.map((one) => (
                <Looked {...props} one={one} isWrong={wrong === one.id} />
              ))}
            </ul>
          </>
        )}
      </section>
    </MissionFrame>
  )
}

const Looked = ({ c, mission, titles, one, isWrong }: ContributionsProps & { one: Contribution; isWrong: boolean }) => {
  const page = c.get('page')
  const { lang } = page
  const t = missionWords(lang)
  const what = nameOfContribution(one, lang)
  const href = (step: string) => missionPath(mission.id, `contributions/${one.id}/${step}`)
  const id = `reason-${one.id}`
  const isPictureGone = one.kind === 'poster' && !one.cover
  const mayAccept = one.state === 'waiting' || (one.state === 'blocked' && !isPictureGone)
  return (
    <li id={`contribution-${one.id}`}>
      <p class="quiet">
        <strong>{t(`is_${one.state}`, { reason: one.reason })}</strong>
      </p>
      {one.isHeld && <HeldPicture src={missionPath(mission.id, `contributions/${one.id}/picture`)} alt={one.alt} />}
      <ContributionView one={one} titles={titles} lang={lang} />
      {isPictureGone && <p class="quiet">{t('picture_gone')}</p>}
      <p class="quiet">
        <small>
          {t(`kind_${one.kind}`)}, {formats(lang).date(one.at, mission.timeZone)}
          {one.accepted && <> · {one.accepted}</>}
        </small>
      </p>
      {mayAccept && mission.state === 'open' && (
        <Form page={page} action={href('show')}>
          <Button kind="plain" aria-label={t('accept_label', { what })}>
            {t('accept')}
          </Button>
        </Form>
      )}
      {(one.state === 'waiting' || one.state === 'shown') && (
        <details open={isWrong}>
          <summary>{t('block')}</summary>
          <Form page={page} action={href('block')} novalidate>
            <Field
              name="reason"
              id={`f-${id}`}
              label={t('field_reason')}
              hint={t('reason_hint', { days: KEPT_DAYS })}
              error={isWrong ? t('error_reason') : undefined}
              maxlength={500}
              autocomplete="off"
              required
            />
            <Button kind="quiet" aria-label={t('block_label', { what })}>
              {t('block')}
            </Button>
          </Form>
        </details>
      )}
    </li>
  )
}

type CloseProps = FrameProps &
  CloseChoices & {
    counts: MissionCounts
    typed?: CloseTyped | undefined
    errors?: FieldErrors | undefined
  }

/** Closing: thanks to everybody, and what comes after, without which it is not closed. */
export const MissionClosePage = ({ c, mission, now, notice, counts, ...rest }: CloseProps) => {
  const { lang } = c.get('page')
  const [t, shared] = [missionWords(lang), words(lang)]
  const phase = phaseOf(mission, now)
  const { people, waiting } = counts
  const at = mission.endsAt ? formats(lang).dateTime(mission.endsAt, mission.timeZone) : ''
  return (
    <MissionFrame {...{ c, mission, now, notice }} section="close">
      {phase === 'draft' && <p>{shared('close_draft')}</p>}
      {phase === 'closed' && (
        <section>
          <p>
            {shared(mission.followUp === 'none' ? 'closed_none' : 'closed_words', { words: mission.followUpWords })}
          </p>
          <p>{shared('told', { n: people })}</p>
        </section>
      )}
      {phase === 'open' && people > 0 && <p class="lead">{t('close_early', { at })}</p>}
      {(phase === 'over' || (phase === 'open' && people === 0)) && (
        <CloseForm
          {...{ ...rest, c, people }}
          of={mission}
          action={missionPath(mission.id, 'close')}
          lead={
            <>
              <p class="lead">{t('close_lead', { n: people })}</p>
              {waiting > 0 && (
                <p>
                  {t('close_waiting', { n: waiting })}{' '}
                  <a href={missionPath(mission.id, 'contributions')}>{t('section_contributions')}</a>
                </p>
              )}
            </>
          }
        />
      )}
    </MissionFrame>
  )
}
