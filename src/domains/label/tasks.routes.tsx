import { type Context, Hono, type MiddlewareHandler } from 'hono'
import type { Child } from 'hono/jsx'
import { dayIn, isDay } from '../../platform/days.ts'
import { isId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { Button, type FieldErrors, Form } from '../../ui/forms.tsx'
import {
  actorOf,
  can,
  currentSender,
  guard,
  readForm,
  type SenderAtDesk,
  senderAtDesk,
  senderHere,
  senderId,
  senderOf,
  senderThing,
  smallBody,
  type Thing,
  type WebEnv,
  zoneAt,
} from '../identity/index.ts'
import { TaskPage } from './pages/task-page.tsx'
import { SHOWN, type Shown, TasksPage, type TypedPlan, tasksHref } from './pages/tasks-page.tsx'
import { isPlan, planned } from './plan.rules.ts'
import { NOTHING_TYPED, readTask, type Typed, typedFrom, typedOf } from './task.form.ts'
import { choicesFor, dueFor, settlingThing, type Task, taskById, tasksOf, taskThing } from './tasks.views.ts'
import { words } from './words.ts'
import { addTask, editTask, planRelease, type Settling, settleTask } from './write-task.ts'

const NO_PLAN: TypedPlan = { plan: 'release', release: '', day: '', who: '' }
type Wrong = { typed?: Typed; errors?: FieldErrors; plan?: TypedPlan; planErrors?: FieldErrors }

/** How many tasks of this person are due at this desk, for the rail of every page of the studio. */
export const countTasks =
  ({ db, now }: Pick<Platform, 'db' | 'now'>): MiddlewareHandler<WebEnv> =>
  async (c, next) => {
    const own = c.req.method === 'GET' ? currentSender(c) : null
    if (own && can(c.get('actor'), 'tasks.edit', senderThing(own.sender)))
      c.set('tasks', await dueFor(db, own.sender, actorOf(c).accountId, dayIn(now(), zoneAt(c, own.id))))
    await next()
  }

export function taskRoutes(platform: Platform): Hono<WebEnv> {
  const { db, now } = platform
  const app = new Hono<WebEnv>()
  const atDesk = senderAtDesk('tasks.edit')
  const today = (c: Context<WebEnv>, own: SenderAtDesk) => dayIn(now(), zoneAt(c, own.id))
  const shownIn = (c: Context<WebEnv>): Shown => SHOWN.find((one) => one === c.req.query('show')) ?? 'day'
  const back = (c: Context<WebEnv>, own: SenderAtDesk, done: string, more: Record<string, string> = {}) =>
    c.redirect(`${tasksHref(own, shownIn(c))}&${new URLSearchParams({ done, ...more })}`, 303)

  const list = async (c: Context<WebEnv>, wrong?: Wrong) => {
    const own = senderHere(c)
    const shown = shownIn(c)
    const [rows, choices] = await Promise.all([
      tasksOf(db, actorOf(c), own.sender, { done: shown === 'done' }),
      choicesFor(db, actorOf(c), own.sender, now()),
    ])
    const asked = { ...NOTHING_TYPED, about: c.req.query('about') ?? '' }
    return c.html(
      <TasksPage
        {...{ c, own, rows, shown, choices, today: today(c, own), notice: await noticeOf(c, own) }}
        typed={wrong?.typed ?? asked}
        errors={wrong?.errors}
        plan={wrong?.plan ?? NO_PLAN}
        planErrors={wrong?.planErrors}
      />,
      wrong ? 422 : 200,
    )
  }

  /** What just happened, with the way back. */
  const noticeOf = async (c: Context<WebEnv>, own: SenderAtDesk): Promise<Child> => {
    const t = words(c.get('page').lang)
    const done = c.req.query('done') ?? ''
    const id = c.req.query('task') ?? ''
    if (done === 'planned') return t('said_planned')
    if (done === 'added' || done === 'saved' || done === 'undone' || done === 'restore') return t(`said_${done}`)
    if ((done !== 'done' && done !== 'remove') || !isId(id)) return null
    const task = await taskById(db, id)
    if (!task) return null
    return (
      <Form
        page={c.get('page')}
        action={tasksHref(own, shownIn(c), `/${id}/${done === 'done' ? 'undone' : 'restore'}`)}
      >
        {t(`said_${done}`, { title: task.title })} <Button kind="quiet">{t('undo')}</Button>
      </Form>
    )
  }

  app.get('/studio/tasks', atDesk, (c) => list(c))

  app.post('/studio/tasks', atDesk, smallBody, async (c) => {
    const own = senderHere(c)
    const typed = typedOf(await readForm(c))
    const choices = await choicesFor(db, actorOf(c), own.sender, now())
    const read = readTask(typed, own.sender, choices, words(c.get('page').lang))
    if (!read.ok) return list(c, { typed, errors: read.error })
    await addTask(platform, actorOf(c), own.sender, read.value)
    return back(c, own, 'added')
  })

  app.post('/studio/tasks/plan', atDesk, smallBody, async (c) => {
    const own = senderHere(c)
    const t = words(c.get('page').lang)
    const form = await readForm(c)
    const plan = {
      plan: form.text('plan'),
      release: form.text('release'),
      day: form.text('day'),
      who: form.text('planWho'),
    }
    const { releases, people } = await choicesFor(db, actorOf(c), own.sender, now())
    const release = releases.find(({ id }) => id === plan.release)
    const day = plan.day || (release?.day ?? '')
    const who = people.find(({ id }) => id === plan.who)
    const planErrors: FieldErrors = {
      ...(!isPlan(plan.plan) && { plan: t('plan_missing') }),
      ...(!release && { release: t('plan_no_release') }),
      ...(release && !isDay(day) && { day: t(plan.day ? 'due_wrong' : 'plan_no_day') }),
      ...(plan.who && !who && { planWho: t('who_wrong') }),
      ...(who?.artistId &&
        who.artistId !== release?.artistId && {
          planWho: t('who_of_artist', { name: who.name, artist: who.artist ?? '' }),
        }),
    }
    if (!isPlan(plan.plan) || !release || Object.keys(planErrors).length) return list(c, { plan, planErrors })
    const steps = planned(plan.plan, day, today(c, own)).map((one) => ({
      ...one,
      title: t(`step_${one.step}`),
    }))
    await planRelease(platform, actorOf(c), own.sender, { release, assignedTo: who?.id ?? null, steps })
    return back(c, own, 'planned')
  })

  const taskIn = (c: Context<WebEnv>): Promise<Task | null> => {
    const id = c.req.param('id') ?? ''
    return isId(id) ? taskById(db, id) : Promise.resolve(null)
  }
  const mayEdit = guard('tasks.edit', async (c): Promise<Thing | null> => {
    const task = await taskIn(c)
    return task && taskThing(task)
  })
  const maySettle = guard('tasks.edit', async (c): Promise<Thing | null> => {
    const [task, actor] = [await taskIn(c), c.get('actor')]
    return task && actor && settlingThing(db, actor, task)
  })
  /** The desk that a task belongs to, which need not be the one turned to now. */
  const ownerOf = (c: Context<WebEnv>, task: Task): SenderAtDesk | null => {
    const sender = senderOf(task)
    const { artists, labels } = c.get('desk')
    const found = [...artists, ...labels].find(({ id }) => id === senderId(sender))
    return found ? { id: found.id, name: found.name, slug: found.slug, language: found.language, sender } : null
  }

  const showTask = async (c: Context<WebEnv>, task: Task, wrong?: { typed: Typed; errors: FieldErrors }) => {
    const own = ownerOf(c, task)
    if (!own) return c.notFound()
    const choices = await choicesFor(db, actorOf(c), own.sender, now())
    const page = { c, own, task, choices, typed: wrong?.typed ?? typedFrom(task), errors: wrong?.errors, notice: null }
    return c.html(<TaskPage {...page} />, wrong ? 422 : 200)
  }

  app.get('/studio/tasks/:id', mayEdit, async (c) => {
    const task = await taskIn(c)
    return task ? showTask(c, task) : c.notFound()
  })

  app.post('/studio/tasks/:id', mayEdit, smallBody, async (c) => {
    const task = await taskIn(c)
    const own = task && ownerOf(c, task)
    if (!task || !own) return c.notFound()
    const t = words(c.get('page').lang)
    const form = await readForm(c)
    const typed = typedOf(form)
    const read = readTask(typed, own.sender, await choicesFor(db, actorOf(c), own.sender, now()), t)
    if (!read.ok) return showTask(c, task, { typed, errors: read.error })
    if (await editTask(platform, task.id, Number(form.text('version')), read.value)) return back(c, own, 'saved')
    return showTask(c, task, { typed, errors: { title: t('changed_meanwhile', { title: task.title }) } })
  })

  const settle = (to: Settling) => async (c: Context<WebEnv>) => {
    const task = await taskIn(c)
    if (!task) return c.notFound()
    await settleTask(platform, actorOf(c), task.id, to)
    const own = currentSender(c) ?? ownerOf(c, task)
    return own ? back(c, own, to, { task: task.id }) : c.notFound()
  }
  app.post('/studio/tasks/:id/done', maySettle, settle('done'))
  app.post('/studio/tasks/:id/undone', maySettle, settle('undone'))
  app.post('/studio/tasks/:id/remove', mayEdit, settle('remove'))
  app.post('/studio/tasks/:id/restore', mayEdit, settle('restore'))
  return app
}
