import { type Context, Hono } from 'hono'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import { describe, isSubject, type OfferSource, type Subjects } from '../../exchange/index.ts'
import {
  actorOf,
  can,
  readForm,
  senderAtDesk,
  senderHere,
  smallBody,
  type WebEnv,
  zoneAt,
} from '../../identity/index.ts'
import { batchesOf, batchSubjects } from '../../shop/index.ts'
import { closeOperation } from '../close-operation.ts'
import { removeDraft } from '../edit-operation.ts'
import { missionPath } from '../paths.rules.ts'
import { carriedOn } from '../studio/carried.tsx'
import { type CloseTyped, closeChoices, readClose } from '../studio/closing.tsx'
import { artistOnly, by, ID, onOne } from '../studio/frame.tsx'
import { sendHeld } from '../studio/held.routes.ts'
import { missionWords, words } from '../words.ts'
import { createMission, editMission, openMission, removeTask, saveTask } from './edit-mission.ts'
import {
  type Choices,
  type MissionTyped,
  missionTyped,
  noMissionTyped,
  noTaskTyped,
  readMission,
  readTask,
  type TaskTyped,
  taskTyped,
  typedFromMission,
  typedFromTask,
} from './mission.form.ts'
import { isTaskKind, MOST_TASKS, type TaskKind } from './mission.rules.ts'
import { type Mission, missionById, missionCounts, studioContributions, type Task, tasksOf } from './mission.views.ts'
import { moderateContribution } from './moderate-contribution.ts'
import { ContributionsPage, MissionClosePage, MissionPage, NewMissionPage, TaskPage } from './studio-pages.tsx'
import { subjectsIn, type Titles } from './task-text.ts'

const DONE = ['saved', 'opened', 'task', 'removed', 'shown', 'blocked'] as const

/** Missions in the studio. Who may write the journal prepares one and looks at what comes in; who may publish there opens and closes it; who may edit the shop gives its codes. */
export function missionsStudio(platform: Platform, offers: OfferSource, subjects: Subjects): Hono<WebEnv> {
  const { db, now } = platform
  const { may, mayPublish, on } = onOne(platform, missionById)
  const one = `/studio/missions/:id{${ID}}`
  const atDesk = senderAtDesk('journal.edit')

  const back = (c: Context<WebEnv>, { id }: Mission, done: (typeof DONE)[number], section = '') =>
    c.redirect(`${missionPath(id, section)}?done=${done}`, 303)
  const noticeOf = (c: Context<WebEnv>) => {
    const done = DONE.find((each) => each === c.req.query('done'))
    return done && missionWords(c.get('page').lang)(`said_${done}`)
  }

  async function choicesFor(c: Context<WebEnv>, of: { id: string; artistId: string }): Promise<Choices> {
    const { gifts, nexts } = await closeChoices(platform, offers, of)
    const mayCodes = can(actorOf(c), 'shop.edit', { kind: 'artist', artistId: of.artistId })
    const batches = mayCodes ? await batchesOf(db, of.artistId, now()) : []
    const out = nexts.filter(({ publicAt }) => publicAt && publicAt <= now())
    return {
      gifts,
      batches: batches.filter(({ state }) => state === 'open'),
      passOn: out.filter(({ subject }) => /^(?:release|track|post):/.test(subject)),
      worded: out.filter(({ subject }) => /^(?:release|track):/.test(subject)),
    }
  }

  /** What each batch of the artist gives. */
  const given = (artistId: string): Promise<ReadonlyMap<string, string>> => batchSubjects(db, artistId)

  const titlesOf = async (all: string[]): Promise<Titles> => describe(db, subjects, all.filter(isSubject))

  const newPage = async (c: Context<WebEnv>, typed: MissionTyped, errors?: FieldErrors) => {
    const choices = await choicesFor(c, { id: '', artistId: senderHere(c).id })
    return c.html(<NewMissionPage {...{ c, typed, errors, choices }} />, errors ? 422 : 200)
  }

  type Wrong = { typed?: MissionTyped; errors?: FieldErrors; problem?: string }
  const page = async (c: Context<WebEnv>, mission: Mission, wrong: Wrong = {}) => {
    const [tasks, batches, choices] = await Promise.all([
      tasksOf(db, mission.id),
      given(mission.artistId),
      choicesFor(c, mission),
    ])
    const titles = await titlesOf(subjectsIn(mission.thanks, tasks, batches))
    const isWrong = Boolean(wrong.errors ?? wrong.problem)
    return c.html(
      <MissionPage
        {...{ c, mission, tasks, batches, choices, titles }}
        now={now()}
        typed={wrong.typed ?? typedFromMission(mission)}
        errors={wrong.errors}
        problem={wrong.problem}
        notice={isWrong ? undefined : noticeOf(c)}
        carried={await carriedOn(c, platform, mission)}
      />,
      isWrong ? 422 : 200,
    )
  }

  const taskOf = async (c: Context<WebEnv>, mission: Mission): Promise<Task | null> =>
    (await tasksOf(db, mission.id)).find(({ id }) => id === c.req.param('task')) ?? null

  type TaskWrong = { typed: TaskTyped; errors: FieldErrors }
  async function taskPage(c: Context<WebEnv>, mission: Mission, kind: TaskKind, task: Task | null, wrong?: TaskWrong) {
    const typed = wrong?.typed ?? (task ? typedFromTask(task) : noTaskTyped(kind))
    const choices = await choicesFor(c, mission)
    return c.html(
      <TaskPage {...{ c, mission, kind, task, choices, typed }} now={now()} errors={wrong?.errors} />,
      wrong ? 422 : 200,
    )
  }

  async function save(c: Context<WebEnv>, mission: Mission, kind: TaskKind, task: Task | null) {
    const { lang } = c.get('page')
    const posted = taskTyped(await readForm(c))
    // What is fixed is not in the form.
    const typed =
      mission.state === 'draft' || !task
        ? posted
        : { ...typedFromTask(task), words: posted.words, batch: posted.batch || (task.thanks.batch ?? '') }
    const read = readTask(kind, typed, await choicesFor(c, mission), lang, task)
    if (!read.ok) return taskPage(c, mission, kind, task, { typed, errors: read.error })
    const of = { operationId: mission.id, taskId: task?.id ?? null, by: by(c), fields: read.value }
    const done = await saveTask(platform, of)
    if (done.ok) return back(c, mission, 'task')
    if (done.error !== 'many') return c.notFound()
    const errors = { '': missionWords(lang)('error_tasks', { most: MOST_TASKS }) }
    return taskPage(c, mission, kind, task, { typed, errors })
  }

  const contributionsPage = async (c: Context<WebEnv>, mission: Mission, wrong?: string) => {
    const [contributions, counts] = await Promise.all([
      studioContributions(db, mission.id),
      missionCounts(db, mission.id),
    ])
    const titles = await titlesOf(contributions.flatMap(({ of }) => of ?? []))
    return c.html(
      <ContributionsPage
        {...{ c, mission, contributions, counts, titles, wrong }}
        now={now()}
        notice={wrong ? undefined : noticeOf(c)}
      />,
      wrong ? 422 : 200,
    )
  }

  const closePage = async (
    c: Context<WebEnv>,
    mission: Mission,
    wrong: { typed?: CloseTyped; errors?: FieldErrors } = {},
  ) => {
    const counts = await missionCounts(db, mission.id)
    const done = c.req.query('done') === 'closed' && words(c.get('page').lang)('said_closed', { n: counts.people })
    return c.html(
      <MissionClosePage
        {...{ c, mission, counts, ...(await closeChoices(platform, offers, mission)), ...wrong }}
        now={now()}
        notice={wrong.errors ? undefined : done || undefined}
      />,
      wrong.errors ? 422 : 200,
    )
  }

  return new Hono<WebEnv>()
    .get('/studio/missions/new', atDesk, artistOnly, (c) => {
      const own = senderHere(c)
      return newPage(c, noMissionTyped(own.language, zoneAt(c, own.id)))
    })
    .post('/studio/missions/new', atDesk, artistOnly, smallBody, async (c) => {
      const artistId = senderHere(c).id
      const typed = missionTyped(await readForm(c))
      const read = readMission(typed, await choicesFor(c, { id: '', artistId }), c.get('page').lang, null)
      if (!read.ok) return newPage(c, typed, read.error)
      const id = await createMission(platform, { artistId, by: by(c), fields: read.value })
      return c.redirect(`${missionPath(id)}?done=saved`, 303)
    })
    .get(
      one,
      may,
      on((c, mission) => page(c, mission)),
    )
    .post(
      one,
      may,
      smallBody,
      on(async (c, mission) => {
        const { lang } = c.get('page')
        const posted = missionTyped(await readForm(c))
        const saved = typedFromMission(mission)
        const typed =
          mission.state === 'draft'
            ? posted
            : {
                ...posted,
                zone: saved.zone,
                thanks: saved.thanks,
                gift: saved.gift,
                batch: posted.batch || saved.batch,
              }
        const read = readMission(typed, await choicesFor(c, mission), lang, mission)
        if (!read.ok) return page(c, mission, { typed, errors: read.error })
        const done = await editMission(platform, { operationId: mission.id, by: by(c), fields: read.value })
        if (done.ok) return back(c, mission, 'saved')
        if (done.error !== 'past') return c.notFound()
        return page(c, mission, { typed, errors: { endsAt: missionWords(lang)('error_past') } })
      }),
    )
    .post(
      `${one}/open`,
      mayPublish,
      smallBody,
      on(async (c, mission) => {
        const t = missionWords(c.get('page').lang)
        const done = await openMission(platform, { operationId: mission.id, by: by(c) })
        if (done.ok) return back(c, mission, 'opened')
        if (done.error === 'missing') return c.notFound()
        const problem = done.error === 'untitled' ? t('error_title') : t(`error_${done.error}`)
        return page(c, mission, { problem })
      }),
    )
    .post(
      `${one}/remove`,
      may,
      smallBody,
      on(async (c, mission) =>
        (await removeDraft(platform, { operationId: mission.id, by: by(c) }))
          ? c.redirect('/studio/operations', 303)
          : c.notFound(),
      ),
    )
    .get(
      `${one}/tasks/new/:kind{[a-z]+}`,
      may,
      on((c, mission) => {
        const kind = c.req.param('kind') ?? ''
        return isTaskKind(kind) && mission.state === 'draft' ? taskPage(c, mission, kind, null) : c.notFound()
      }),
    )
    .post(
      `${one}/tasks/new/:kind{[a-z]+}`,
      may,
      smallBody,
      on((c, mission) => {
        const kind = c.req.param('kind') ?? ''
        return isTaskKind(kind) ? save(c, mission, kind, null) : c.notFound()
      }),
    )
    .get(
      `${one}/tasks/:task{${ID}}`,
      may,
      on(async (c, mission) => {
        const task = await taskOf(c, mission)
        return task ? taskPage(c, mission, task.kind, task) : c.notFound()
      }),
    )
    .post(
      `${one}/tasks/:task{${ID}}`,
      may,
      smallBody,
      on(async (c, mission) => {
        const task = await taskOf(c, mission)
        return task ? save(c, mission, task.kind, task) : c.notFound()
      }),
    )
    .post(
      `${one}/tasks/:task{${ID}}/remove`,
      may,
      smallBody,
      on(async (c, mission) => {
        const task = await taskOf(c, mission)
        const done = task && (await removeTask(platform, { operationId: mission.id, taskId: task.id, by: by(c) }))
        return done ? back(c, mission, 'removed') : c.notFound()
      }),
    )
    .get(
      `${one}/contributions`,
      may,
      on((c, mission) => contributionsPage(c, mission)),
    )
    .get(
      `${one}/contributions/:of{${ID}}/picture`,
      may,
      on((c, mission) => sendHeld(c, platform, mission.id)),
    )
    .post(
      `${one}/contributions/:contribution{${ID}}/:step{show|block}`,
      may,
      smallBody,
      on(async (c, mission) => {
        const contributionId = c.req.param('contribution')
        const reason = (await readForm(c)).text('reason').slice(0, 500)
        const isBlock = c.req.param('step') === 'block'
        if (!isId(contributionId)) return c.notFound()
        if (isBlock && reason.length < 3) return contributionsPage(c, mission, contributionId)
        const of = { operationId: mission.id, contributionId, by: by(c) }
        const done = await moderateContribution(
          platform,
          isBlock ? { ...of, state: 'blocked', reason } : { ...of, state: 'shown' },
        )
        return done.ok ? back(c, mission, isBlock ? 'blocked' : 'shown', 'contributions') : c.notFound()
      }),
    )
    .get(
      `${one}/close`,
      may,
      on((c, mission) => closePage(c, mission)),
    )
    .post(
      `${one}/close`,
      mayPublish,
      smallBody,
      on(async (c, mission) => {
        const choices = await closeChoices(platform, offers, mission)
        const { value, ...wrong } = readClose(await readForm(c), choices, c.get('page').lang)
        if (!value) return closePage(c, mission, wrong)
        const done = await closeOperation(platform, { operationId: mission.id, by: by(c), ...value })
        if (done.ok) return c.redirect(`${missionPath(mission.id, 'close')}?done=closed`, 303)
        return done.error === 'early' ? closePage(c, mission) : c.notFound()
      }),
    )
}
