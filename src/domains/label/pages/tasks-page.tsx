import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { Empty } from '../../../ui/empty.tsx'
import { Button, ErrorSummary, Field, type FieldErrors, Form, Select } from '../../../ui/forms.tsx'
import { type SenderAtDesk, StudioPage, type WebEnv } from '../../identity/index.ts'
import { PLANS } from '../plan.rules.ts'
import type { Typed } from '../task.form.ts'
import { MOMENTS, momentOf } from '../task.rules.ts'
import type { Choices, TaskRow } from '../tasks.views.ts'
import { words } from '../words.ts'
import { dayWords, TaskFields, Who } from './task-fields.tsx'

export const SHOWN = ['day', 'person', 'done'] as const
export type Shown = (typeof SHOWN)[number]
export type TypedPlan = { plan: string; release: string; day: string; who: string }

type Props = {
  c: Context<WebEnv>
  own: SenderAtDesk
  rows: TaskRow[]
  shown: Shown
  today: string
  choices: Choices
  typed: Typed
  errors?: FieldErrors | undefined
  plan: TypedPlan
  planErrors?: FieldErrors | undefined
  notice: Child
}

export const tasksHref = (own: SenderAtDesk, shown: Shown = 'day', path = ''): string =>
  `/studio/tasks${path}?${new URLSearchParams({ desk: own.slug, ...(shown !== 'day' && { show: shown }) })}`

/** Who does what, by when: by day or by person, with what is overdue first, and what was done. */
export const TasksPage = (props: Props) => {
  const { c, own, rows, shown, choices, typed, errors, planErrors, notice } = props
  const page = c.get('page')
  const t = words(page.lang)
  return (
    <StudioPage c={c} title={t('tasks')} current="tasks" notice={notice}>
      <h1>{t('tasks')}</h1>
      <ErrorSummary errors={errors ?? planErrors} lang={page.lang} />
      <nav class="actions" aria-label={t('shown')} style="margin:0.25rem 0 1rem;gap:0 0.9rem">
        {SHOWN.map((one) => (
          <a
            href={tasksHref(own, one)}
            aria-current={one === shown ? 'page' : undefined}
            style={
              one === shown
                ? 'font-weight:700;text-decoration:none;padding:0.6rem 0'
                : 'text-underline-offset:0.25em;padding:0.6rem 0'
            }
          >
            {t(`shown_${one}`)}
          </a>
        ))}
      </nav>
      {rows.length === 0 ? (
        <Empty title={t(shown === 'done' ? 'none_done' : 'none')}>
          <p>{t(shown === 'done' ? 'none_done_lead' : 'none_lead')}</p>
        </Empty>
      ) : (
        <Groups {...props} />
      )}
      <section>
        <h2>{t('add')}</h2>
        <Form page={page} action={tasksHref(own, shown)} novalidate>
          <TaskFields c={c} choices={choices} typed={typed} errors={errors} />
          <Button>{t('add_send')}</Button>
        </Form>
      </section>
      <Plan {...props} />
    </StudioPage>
  )
}

const Groups = (props: Props) => {
  const { c, rows, shown, today } = props
  const t = words(c.get('page').lang)
  if (shown === 'done') return <Tasks {...props} />
  const groups =
    shown === 'person'
      ? [...Map.groupBy(rows, ({ who }) => who?.id ?? '')].map(([id, of]) => ({
          id,
          title: of[0]?.who?.name ?? t('nobody'),
          of,
        }))
      : MOMENTS.map((id) => ({
          id,
          title: t(`moment_${id}`),
          of: rows.filter(({ dueOn }) => momentOf(dueOn, today) === id),
        })).filter(({ of }) => of.length)
  // What nobody does yet comes first: it waits for a name.
  groups.sort((a, b) =>
    shown === 'person' ? Number(a.id !== '') - Number(b.id !== '') || a.title.localeCompare(b.title) : 0,
  )
  return (
    <>
      {groups.map(({ title, of }) => (
        <section>
          <h2>{title}</h2>
          <Tasks {...props} rows={of} />
        </section>
      ))}
    </>
  )
}

const Tasks = ({ c, own, rows, shown, today }: Props) => (
  <ul class="lines plain">
    {rows.map((row) => (
      <TaskLine
        c={c}
        row={row}
        today={today}
        href={(path) => tasksHref(own, shown, path)}
        withWho={shown !== 'person'}
      />
    ))}
  </ul>
)

type LineProps = { c: Context<WebEnv>; row: TaskRow; today: string; href: (path: string) => string; withWho: boolean }

/** One task, what is known of it, and the one press that settles it. */
export const TaskLine = ({ c, row, today, href, withWho }: LineProps) => {
  const page = c.get('page')
  const t = words(page.lang)
  const { id, title, dueOn, doneAt, who, artist, release, askedBy } = row
  const moment = momentOf(dueOn, today)
  const says = [
    dueOn && !doneAt && t(moment === 'overdue' ? 'was_due' : 'is_due', { day: dayWords(c, dueOn) }),
    doneAt && t('was_done', { day: dayWords(c, doneAt.toISOString().slice(0, 10)) }),
    withWho && (who?.name ?? t('nobody')),
    release && artist ? t('about_release', { artist, title: release.title }) : (release?.title ?? artist),
    askedBy && t('asked_by', { label: askedBy }),
  ].filter(Boolean)
  return (
    <li>
      <span>
        <b>{askedBy ? title : <a href={href(`/${id}`)}>{title}</a>}</b>
        <small style={moment === 'overdue' && !doneAt ? 'color:var(--wrong);display:block' : 'display:block'}>
          {says.join(' · ')}
        </small>
      </span>
      <Form page={page} action={href(`/${id}/${doneAt ? 'undone' : 'done'}`)}>
        <Button kind="quiet" aria-label={t(doneAt ? 'undone_named' : 'done_named', { title })}>
          {t(doneAt ? 'undone' : 'done')}
        </Button>
      </Form>
    </li>
  )
}

const Plan = ({ c, own, shown, choices, plan, planErrors }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  const { releases, artists } = choices
  if (!releases.length) return null
  return (
    <section>
      <h2>{t('plan')}</h2>
      <p class="lead">{t('plan_lead')}</p>
      <Form page={page} action={tasksHref(own, shown, '/plan')} novalidate>
        <Select
          name="plan"
          label={t('plan_which')}
          value={plan.plan}
          error={planErrors?.['plan']}
          options={(Object.keys(PLANS) as (keyof typeof PLANS)[]).map((value) => ({
            value,
            label: t(`plan_name_${value}`),
          }))}
        />
        <Select
          name="release"
          label={t('plan_release')}
          value={plan.release}
          error={planErrors?.['release']}
          options={[
            { value: '', label: t('plan_choose') },
            ...releases.map(({ id, title, artist, day }) => {
              const label = artists.length ? t('about_release', { artist, title }) : title
              return { value: id, label: day ? `${label} (${dayWords(c, day)})` : label }
            }),
          ]}
        />
        <Field
          name="day"
          type="date"
          label={t('plan_day')}
          hint={t('plan_day_hint')}
          value={plan.day}
          error={planErrors?.['day']}
        />
        <Who c={c} name="planWho" choices={choices} value={plan.who} error={planErrors?.['planWho']} />
        <Button kind="plain">{t('plan_send')}</Button>
      </Form>
    </section>
  )
}
