import { type Context, Hono } from 'hono'
import { LANGUAGES } from '../../../platform/i18n/index.ts'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import {
  describe,
  giftsWithReturns,
  isSubject,
  type OfferSource,
  offersFor,
  type Subject,
  type Subjects,
} from '../../exchange/index.ts'
import type { Channel } from '../../fans/index.ts'
import {
  actorOf,
  can,
  guard,
  readForm,
  type Sender,
  StudioPage,
  senderAtDesk,
  senderColumns,
  senderHere,
  senderId,
  senderThing,
  smallBody,
  type Thing,
  type WebEnv,
  zoneAt,
} from '../../identity/index.ts'
import { canSend, previewLetter } from '../../reach/index.ts'
import { batchesOf } from '../../shop/index.ts'
import { problemsNow } from '../givers.ts'
import { giveSubject, sequencePath } from '../paths.rules.ts'
import { CHANNELS, type Give, givesOf, isWritten, MOST_STEPS, type Plan, type Step, subjectsIn } from '../plan.rules.ts'
import { limitOf, planOf, type Sequence, saveLimit, sequenceById, type Version } from '../sequence.store.ts'
import { runCounts, type Sent, sentBy, sequencesOf, underwayIn } from '../sequence.views.ts'
import { shortCodes } from '../short-codes.views.ts'
import { switchOff, switchOn } from '../switch-sequence.ts'
import { askTry, MONTHS } from '../try-sequence.ts'
import { words } from '../words.ts'
import { changeSequence, createSequence, dropChange, removeSequence } from '../write-sequence.ts'
import {
  type Choices,
  choicesOf,
  moveStep,
  newStep,
  nothingTyped,
  readLimit,
  readStep,
  readWhen,
  stepPosted,
  stepTyped,
  type Typed,
  typedOf,
  WHEN_FIELDS,
  whenTyped,
} from './forms.ts'
import { SequenceFrame } from './frame.tsx'
import { LaidPage } from './laid-page.tsx'
import { ListPage } from './list-page.tsx'
import { PeoplePage } from './people-page.tsx'
import { type Preview, StepPage } from './step-page.tsx'
import { TryPage } from './try-page.tsx'
import { WhenForm } from './when-form.tsx'

const ID = '[0-9a-f-]{36}'
const DONE = ['saved', 'removed', 'dropped', 'on', 'off', 'limit'] as const

type Found = { sequence: Sequence; last: Version; walking: number }

/** Sequences in the studio: who may write announcements lays one down and tries it, who may send them switches it on and off. */
export function sequencesStudio(
  platform: Platform,
  { subjects, offers }: { subjects: Subjects; offers: OfferSource },
): Hono<WebEnv> {
  const { db, config } = platform
  const whose = async (c: Context<WebEnv>): Promise<Thing | null> => {
    const id = c.req.param('id')
    const found = isId(id) ? await sequenceById(db, id) : null
    return found && senderThing(found.sequence.sender)
  }
  const may = guard('announce.edit', whose)
  const maySwitch = guard('announce.send', whose)
  const one = `/studio/sequences/:id{${ID}}`
  const oneStep = `${one}/steps/:step{${ID}}`
  const atDesk = senderAtDesk('announce.edit')
  const by = (c: Context<WebEnv>) => actorOf(c).accountId

  /** A route on one sequence. */
  const on =
    (act: (c: Context<WebEnv>, found: Found) => Response | Promise<Response>) =>
    async (c: Context<WebEnv>): Promise<Response> => {
      const id = c.req.param('id')
      const found = isId(id) ? await sequenceById(db, id) : null
      if (!found) return c.notFound()
      const walking = (await runCounts(db, found.sequence.id)).find(({ state }) => state === 'walking')?.people ?? 0
      return act(c, { ...found, walking })
    }
  const noticeOf = (c: Context<WebEnv>) => {
    const done = DONE.find((each) => each === c.req.query('done'))
    return done && words(c.get('page').lang)(`said_${done}`)
  }
  /** Codes are an artist's to give, and so is the word that theirs run short. */
  const batchesFor = async (sender: Sender) =>
    'artistId' in sender ? batchesOf(db, sender.artistId, platform.now()) : []
  const shortOf = async (sender: Sender) =>
    'artistId' in sender ? shortCodes(db, sender.artistId, platform.now()) : []
  const choicesFor = async (sender: Sender): Promise<Choices> =>
    choicesOf(
      sender,
      await offersFor(offers, db, sender),
      (await batchesFor(sender)).filter(({ state }) => state === 'open'),
    )
  const titlesOf = async (sender: Sender, plans: Plan[]) => {
    const named = plans.flatMap((plan) => [
      ...subjectsIn(plan),
      ...plan.steps.flatMap((step) => (step.kind === 'give' && isSubject(step.subject) ? [step.subject] : [])),
    ])
    const known = await describe(db, subjects, named)
    const batches = plans.some((plan) => givesOf(plan).some(({ batch }) => batch)) ? await batchesFor(sender) : []
    return new Map<string, string>([
      ...[...known].map(([subject, { title }]) => [subject, title] as const),
      ...batches.map(({ id, name }) => [`codes:${id}`, name] as const),
    ])
  }

  const listPage = async (c: Context<WebEnv>, limit?: Typed, errors?: FieldErrors) => {
    const own = senderHere(c)
    const { most, days } = await limitOf(db, own.sender)
    return c.html(
      <ListPage
        {...{ c, own, errors }}
        lines={await sequencesOf(db, own.sender)}
        short={await shortOf(own.sender)}
        limit={limit ?? { most: String(most), days: String(days) }}
        notice={errors ? undefined : noticeOf(c)}
      />,
      errors ? 422 : 200,
    )
  }

  const newPage = async (c: Context<WebEnv>, typed: Typed, errors?: FieldErrors) => {
    const own = senderHere(c)
    const t = words(c.get('page').lang)
    return c.html(
      <StudioPage c={c} title={t('new')} current="announcements" {...own.sender}>
        <p class="quiet">
          <a href="/studio/sequences">{t('sequences')}</a>
        </p>
        <h1>{t('new')}</h1>
        <WhenForm {...{ c, typed, errors }} choices={await choicesFor(own.sender)} action="/studio/sequences/new" />
      </StudioPage>,
      errors ? 422 : 200,
    )
  }

  const whenPage = async (c: Context<WebEnv>, found: Found, typed: Typed, errors?: FieldErrors) => {
    const t = words(c.get('page').lang)
    const { sequence, walking } = found
    return c.html(
      <SequenceFrame {...{ c, sequence, walking }} section="" title={t('change_when')}>
        <h2>{t('comes_in')}</h2>
        <WhenForm
          {...{ c, typed, errors }}
          choices={await choicesFor(sequence.sender)}
          action={sequencePath(sequence.id, 'when')}
        />
        <p>
          <a href={sequencePath(sequence.id)}>{t('back')}</a>
        </p>
      </SequenceFrame>,
      errors ? 422 : 200,
    )
  }

  /** Steps of the version that runs, while another is being made, that people go past since their artist lets a label give it no more. */
  async function passedOver({ sequence: { id, sender, state, version }, last }: Found): Promise<number[]> {
    if (state !== 'on' || version === null || version === last.number) return []
    const now = await problemsNow(db, offers, sender, await planOf(db, id, version))
    return now.flatMap((problem) => (problem.is === 'not-lent' ? [problem.step] : []))
  }

  const laidPage = async (c: Context<WebEnv>, found: Found, problem?: string) =>
    c.html(
      <LaidPage
        {...{ c, ...found, problem }}
        titles={await titlesOf(found.sequence.sender, [found.last.plan])}
        short={(await shortOf(found.sequence.sender)).filter(({ sequenceId }) => sequenceId === found.sequence.id)}
        problems={await problemsNow(db, offers, found.sequence.sender, found.last.plan)}
        passedOver={await passedOver(found)}
        notice={problem ? undefined : noticeOf(c)}
      />,
      problem ? 422 : 200,
    )

  const tryPage = async (c: Context<WebEnv>, found: Found, problem?: string) => {
    const { sender } = found.sequence
    const unsent: Channel[] = []
    for (const channel of CHANNELS.filter((one) =>
      givesOf(found.last.plan).some((give) => give.channels.includes(one)),
    ))
      if (!(await canSend(platform, channel, senderColumns(sender)))) unsent.push(channel)
    const now = platform.now()
    const batches = found.last.tried?.codes?.length ? await batchesFor(sender) : []
    const mayTry = (await problemsNow(db, offers, sender, found.last.plan)).length === 0
    return c.html(
      <TryPage
        {...{ c, ...found, problem, mayTry, unsent, batches, now }}
        notice={problem ? undefined : noticeOf(c)}
      />,
      problem ? 422 : 200,
    )
  }

  const editable = (c: Context<WebEnv>, { last }: Found) => {
    const step = last.plan.steps.find(({ id }) => id === c.req.param('step'))
    return step && step.kind !== 'stop' ? step : null
  }

  async function previewsOf(
    { sequence }: Found,
    step: Give,
    name: (language: 'en' | 'fr') => string,
  ): Promise<Preview[]> {
    if (!isWritten(step)) return []
    const { subject, channels, texts, giveId } = step
    const letter = { sender: sequence.sender, subject, gift: giveSubject(giveId), channels, texts }
    return Promise.all(
      LANGUAGES.filter((language) => texts[language]).map(async (language) => {
        const letters = []
        for (const channel of CHANNELS.filter((one) => channels.includes(one))) {
          const to = { channel, language, name: name(language) }
          const shown = await previewLetter({ db, config }, subjects, letter, to)
          if (shown) letters.push({ ...shown, channel })
        }
        return { language, letters }
      }),
    )
  }

  const stepPage = async (
    c: Context<WebEnv>,
    found: Found,
    step: Exclude<Step, { kind: 'stop' }>,
    typed: Typed,
    errors?: FieldErrors,
  ) =>
    c.html(
      <StepPage
        {...{ c, ...found, step, typed, errors }}
        choices={await choicesFor(found.sequence.sender)}
        previews={
          step.kind === 'give' ? await previewsOf(found, step, (language) => words(language)('preview_name')) : []
        }
        notice={errors ? undefined : noticeOf(c)}
      />,
      errors ? 422 : 200,
    )

  /** What came back of what was given: in the books of whom it stands with, as far as this person may look into them. */
  async function giftsOf(c: Context<WebEnv>, { sequence: { sender } }: Found, sent: Sent[]) {
    const own = senderId(sender)
    const subjectsOf = (whose: string) =>
      sent.flatMap(({ giveId, givenBy }): Subject[] => ((givenBy ?? own) === whose ? [giveSubject(giveId)] : []))
    const books = [...new Set(sent.map(({ givenBy }) => givenBy ?? own))]
    const seen = books.filter(
      (whose) => whose === own || can(actorOf(c), 'returns.see', { kind: 'artist', artistId: whose }),
    )
    const gifts = []
    for (const whose of seen) gifts.push(...(await giftsWithReturns(db, whose, sent.length, subjectsOf(whose))))
    const facts = await describe(db, subjects, seen.flatMap(subjectsOf))
    return { gifts, facts, hidden: seen.length < books.length }
  }

  /** Changes the steps, and goes on to what is said. */
  const change = (id: string, act: (steps: Step[]) => Step[] | null) =>
    changeSequence(platform, {
      id,
      change: (plan) => {
        const steps = act(plan.steps)
        return steps && { ...plan, steps }
      },
    })

  return new Hono<WebEnv>()
    .get('/studio/sequences', atDesk, (c) => listPage(c))
    .post('/studio/sequences/limit', senderAtDesk('announce.send'), smallBody, async (c) => {
      const own = senderHere(c)
      const typed = typedOf(await readForm(c), ['most', 'days'])
      const read = readLimit(typed, c.get('page').lang)
      if (!read.ok) return listPage(c, typed, read.error)
      await saveLimit(db, own.sender, read.value)
      return c.redirect('/studio/sequences?done=limit', 303)
    })
    .get('/studio/sequences/new', atDesk, (c) => newPage(c, nothingTyped))
    .post('/studio/sequences/new', atDesk, smallBody, async (c) => {
      const own = senderHere(c)
      const typed = typedOf(await readForm(c), WHEN_FIELDS)
      const read = readWhen(typed, await choicesFor(own.sender), null, c.get('page').lang)
      if (!read.ok) return newPage(c, typed, read.error)
      const { name, when, again } = read.value
      const plan: Plan = { when, again, timeZone: zoneAt(c, own.id), steps: [] }
      const id = await createSequence(platform, { sender: own.sender, by: by(c), name, plan })
      return c.redirect(`${sequencePath(id)}?done=saved`, 303)
    })
    .get(
      one,
      may,
      on((c, found) => laidPage(c, found)),
    )
    .get(
      `${one}/when`,
      may,
      on((c, found) => whenPage(c, found, whenTyped(found.sequence.name, found.last.plan))),
    )
    .post(
      `${one}/when`,
      may,
      smallBody,
      on(async (c, found) => {
        const { id, sender } = found.sequence
        const typed = typedOf(await readForm(c), WHEN_FIELDS)
        const read = readWhen(typed, await choicesFor(sender), found.last.plan, c.get('page').lang)
        if (!read.ok) return whenPage(c, found, typed, read.error)
        const { name, when, again } = read.value
        const timeZone = zoneAt(c, senderId(sender))
        await changeSequence(platform, { id, name, change: (plan) => ({ ...plan, when, again, timeZone }) })
        return c.redirect(`${sequencePath(id)}?done=saved`, 303)
      }),
    )
    .post(
      `${one}/add`,
      may,
      smallBody,
      on(async (c, found) => {
        const { id, sender } = found.sequence
        const step = newStep((await readForm(c)).text('kind'), [...CHANNELS], sender)
        if (!step) return c.notFound()
        if (found.last.plan.steps.length >= MOST_STEPS)
          return laidPage(c, found, words(c.get('page').lang)('error_steps'))
        await change(id, (steps) => (steps.length < MOST_STEPS ? [...steps, step] : null))
        return c.redirect(
          step.kind === 'stop' ? `${sequencePath(id)}#step-${step.id}` : sequencePath(id, `steps/${step.id}`),
          303,
        )
      }),
    )
    .post(
      `${one}/order`,
      may,
      smallBody,
      on(async (c, { sequence: { id } }) => {
        const [stepId = '', how] = (await readForm(c)).text('move').split(':')
        if (how !== 'up' && how !== 'down' && how !== 'out') return c.notFound()
        if (!(await change(id, (steps) => moveStep(steps, stepId, how)))) return c.notFound()
        return c.redirect(
          how === 'out' ? sequencePath(id) : `${sequencePath(id)}?moved=${stepId}&by=${how}#step-${stepId}`,
          303,
        )
      }),
    )
    .get(
      oneStep,
      may,
      on((c, found) => {
        const step = editable(c, found)
        return step ? stepPage(c, found, step, stepTyped(step)) : c.notFound()
      }),
    )
    .post(
      oneStep,
      may,
      smallBody,
      on(async (c, found) => {
        const step = editable(c, found)
        if (!step) return c.notFound()
        const { id, sender } = found.sequence
        const typed = stepPosted(step, await readForm(c))
        const read = readStep(step, typed, await choicesFor(sender), c.get('page').lang)
        if (!read.ok) return stepPage(c, found, step, typed, read.error)
        await change(id, (steps) => steps.map((before) => (before.id === step.id ? read.value : before)))
        return c.redirect(
          step.kind === 'give'
            ? `${sequencePath(id, `steps/${step.id}`)}?done=saved#preview`
            : `${sequencePath(id)}?done=saved`,
          303,
        )
      }),
    )
    .post(
      `${one}/remove`,
      may,
      smallBody,
      on(async (c, { sequence: { id } }) =>
        (await removeSequence(platform, { id, by: by(c) }))
          ? c.redirect('/studio/sequences?done=removed', 303)
          : c.notFound(),
      ),
    )
    .post(
      `${one}/drop`,
      may,
      smallBody,
      on(async (c, { sequence: { id } }) =>
        (await dropChange(platform, { id })) ? c.redirect(`${sequencePath(id)}?done=dropped`, 303) : c.notFound(),
      ),
    )
    .get(
      `${one}/try`,
      may,
      on((c, found) => tryPage(c, found)),
    )
    .post(
      `${one}/try`,
      may,
      smallBody,
      on(async (c, found) => {
        const { id } = found.sequence
        const asked = Number((await readForm(c)).text('months'))
        const done = await askTry(platform, offers, { id, months: MONTHS.find((n) => n === asked) ?? 3 })
        if (done.ok) return c.redirect(`${sequencePath(id, 'try')}${done.value === 'tried' ? '#would' : ''}`, 303)
        const t = words(c.get('page').lang)
        return tryPage(c, found, t(done.error === 'unfinished' ? 'error_unfinished' : 'error_unseen'))
      }),
    )
    .post(
      `${one}/on`,
      maySwitch,
      smallBody,
      on(async (c, found) => {
        const { id } = found.sequence
        const done = await switchOn(platform, offers, { id, by: by(c), seen: (await readForm(c)).text('seen') })
        if (done.ok) return c.redirect(`${sequencePath(id, 'people')}?done=on`, 303)
        const t = words(c.get('page').lang)
        return tryPage(c, found, t(done.error === 'unfinished' ? 'error_unfinished' : 'error_unseen'))
      }),
    )
    .post(
      `${one}/off`,
      maySwitch,
      smallBody,
      on(async (c, { sequence: { id } }) => {
        await switchOff(platform, { id, by: by(c) })
        return c.redirect(`${sequencePath(id, 'people')}?done=off`, 303)
      }),
    )
    .get(
      `${one}/people`,
      may,
      on(async (c, found) => {
        const { id, sender } = found.sequence
        const [counts, sent] = await Promise.all([runCounts(db, id), sentBy(db, id)])
        const underway = can(actorOf(c), 'fans.edit', senderThing(sender)) ? await underwayIn(db, id) : null
        const numbers = [...new Set(underway?.map(({ version }) => version))]
        const plans = new Map(await Promise.all(numbers.map(async (n) => [n, await planOf(db, id, n)] as const)))
        const gifts =
          sent.length && can(actorOf(c), 'returns.see', senderThing(sender)) ? await giftsOf(c, found, sent) : null
        return c.html(
          <PeoplePage
            {...{ c, ...found, counts, sent, underway, plans }}
            gifts={gifts}
            titles={await titlesOf(sender, [...plans.values()])}
            notice={noticeOf(c)}
          />,
        )
      }),
    )
}
