import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { Button, Form } from '../../../ui/forms.tsx'
import type { Page } from '../../../ui/page.ts'
import { sharePath } from '../../exchange/index.ts'
import { zoneName } from '../../identity/index.ts'
import { codePath, codeShown } from '../../shop/index.ts'
import { operationPath } from '../paths.rules.ts'
import { Prose } from '../public/parts.tsx'
import { missionWords, publicWords } from '../words.ts'
import { isNothing, type Phase, TASK_KINDS, type Thanks } from './mission.rules.ts'
import type { Contribution, Given, Mission, Task } from './mission.views.ts'
import { ContributionView } from './parts.tsx'
import { type Titles, taskTitle, thingsGiven, titleOf } from './task-text.ts'

export const taskPath = ({ artistSlug, slug }: Pick<Mission, 'artistSlug' | 'slug'>, taskId: string): string =>
  `${operationPath(artistSlug, slug)}/tasks/${taskId}`

/** What somebody who is known by this browser did here, was given, and passes on. */
export type Mine = {
  done: Contribution[]
  given: Given[]
  /** Their links, by what they lead to. */
  links: ReadonlyMap<string, string>
  /** Where each of what they did is seen and taken back. */
  pathOf: (id: string) => string
}

type Props = {
  page: Page
  mission: Mission
  phase: Phase
  tasks: Task[]
  /** One page of it, from 0. */
  wall: { shown: Contribution[]; isMore: boolean; page: number }
  titles: Titles
  batches: ReadonlyMap<string, string>
  mine: Mine | null
  baseUrl: string
  notice?: string | undefined
  /** Where the next thing is. */
  next?: { title: string; path: string } | undefined
}

/** A mission for those who come to it: what is asked, what is given, what they did, and the wall. */
export const MissionBody = (props: Props) => {
  const { page, mission, phase, tasks, titles, batches, mine, notice, next } = props
  const { lang } = page
  const t = missionWords(lang)
  return (
    <div class="contest">
      {notice && <p role="status">{notice}</p>}
      <p class="facts">
        <a href={`/${encodeURIComponent(mission.artistSlug)}`}>{mission.artistName}</a> ·{' '}
        {phaseText(mission, phase, lang)}
      </p>
      {mission.words && <Prose text={mission.words} lang={mission.language} />}
      {phase === 'closed' && mission.followUp === 'next' && (
        <section>
          <h2>{publicWords(lang)('next_title')}</h2>
          <Prose text={mission.followUpWords} lang={mission.language} />
          {next && (
            <p>
              <a href={next.path}>{next.title}</a>
            </p>
          )}
        </section>
      )}
      {mine && mine.done.length > 0 && <MineView {...props} mine={mine} />}
      {tasks.map((task) => (
        <section id={`task-${task.id}`}>
          <h2>{taskTitle(task, titles, lang)}</h2>
          {task.words && <Prose text={task.words} lang={mission.language} />}
          {phase === 'open' && <p class="quiet">{howTo(mission, task, titles, lang)}</p>}
          {phase === 'open' && <Reading task={task} titles={titles} lang={lang} />}
          <InThanks {...{ mission, titles, batches, lang }} thanks={task.thanks} />
          {phase === 'open' && <DoIt {...props} task={task} />}
        </section>
      ))}
      {tasks.length > 1 && !isNothing(mission.thanks) && (
        <section>
          <h2>{t('all_title')}</h2>
          <InThanks {...{ mission, titles, batches, lang }} thanks={mission.thanks} />
        </section>
      )}
      {tasks.length === 1 && <InThanks {...{ mission, titles, batches, lang }} thanks={mission.thanks} />}
      <Wall {...props} />
    </div>
  )
}

function phaseText({ timeZone, endsAt, closedAt }: Mission, phase: Phase, lang: Lang): string {
  const at = phase === 'closed' ? closedAt : endsAt
  const values = { at: at ? formats(lang).dateTime(at, timeZone) : '', zone: zoneName(timeZone) }
  return phase === 'draft' ? '' : missionWords(lang)(`phase_${phase}`, values)
}

export const howTo = (mission: Mission, task: Task, titles: Titles, lang: Lang): string =>
  missionWords(lang)(`how_${task.kind}`, { artist: mission.artistName, of: titleOf(task.subject, titles, lang) })

/** Where the words are that are to be translated. */
export const Reading = ({ task, titles, lang }: { task: Task; titles: Titles; lang: Lang }) => {
  const of = task.kind === 'translate' && task.subject ? titles.get(task.subject) : undefined
  return of ? (
    <p>
      <a href={of.path}>{missionWords(lang)('read_original', { of: of.title })}</a>
    </p>
  ) : null
}

type ThanksProps = {
  mission: Mission
  thanks: Thanks
  titles: Titles
  batches: ReadonlyMap<string, string>
  lang: Lang
}

const InThanks = ({ mission, thanks, titles, batches, lang }: ThanksProps) => {
  if (isNothing(thanks)) return null
  const things = thingsGiven(thanks, titles, batches, lang)
  return (
    <div class="aside">
      <p>
        <strong>{missionWords(lang)('in_thanks')}</strong>
        {things.length > 0 && <> · {formats(lang).list(things)}</>}
      </p>
      {thanks.words && <Prose text={thanks.words} lang={mission.language} />}
    </div>
  )
}

const DoIt = ({ page, mission, task, mine }: Props & { task: Task }) => {
  const t = missionWords(page.lang)
  const own = mine?.done.filter(({ taskId, state }) => taskId === task.id && (state === 'waiting' || state === 'shown'))
  const isEnough = (own?.length ?? 0) >= (task.kind === 'bring' ? 1 : task.times)
  if (isEnough && task.kind !== 'bring') return <p>{t('do_enough')}</p>
  if (isEnough) return null
  return (
    <p class="actions">
      <Button href={`${taskPath(mission, task.id)}?lang=${page.lang}`}>{t(`do_${task.kind}`)}</Button>
    </p>
  )
}

const MineView = ({ page, mission, tasks, titles, mine, baseUrl }: Props & { mine: Mine }) => {
  const { lang } = page
  const t = missionWords(lang)
  const taskOf = (id: string) => tasks.find((task) => task.id === id)
  return (
    <section id="mine">
      <h2>{t('mine')}</h2>
      <ul class="done">
        {mine.done.map((one) => {
          const task = taskOf(one.taskId)
          if (!task) return null
          return (
            <li>
              <b>{taskTitle(task, titles, lang)}</b>
              {task.kind === 'bring' ? (
                <Bringing
                  {...{ page, mission, task, titles, baseUrl }}
                  people={one.people}
                  code={mine.links.get(task.subject ?? '')}
                />
              ) : (
                <>
                  <p>{t(`my_${one.state}`, { reason: one.reason })}</p>
                  <p>
                    <a href={`${mine.pathOf(one.id)}?lang=${lang}`}>{t('my_see')}</a>
                  </p>
                </>
              )}
            </li>
          )
        })}
      </ul>
      {mine.given.length > 0 && (
        <>
          <h3>{t('my_thanks')}</h3>
          <ul class="done">
            {mine.given.map((one) => {
              const task = one.taskId ? taskOf(one.taskId) : null
              return (
                <li>
                  <b>{task ? taskTitle(task, titles, lang) : t('for_all')}</b>
                  {one.words && <Prose text={one.words} lang={mission.language} />}
                  {one.isOwed && <p>{t('code_owed')}</p>}
                  {one.hadCode && <p>{t('code_had')}</p>}
                  {one.code && (
                    <p>
                      <a href={codePath(one.code)}>{t('your_code', { code: codeShown(one.code) })}</a>
                    </p>
                  )}
                  {one.subject && (
                    <Form
                      page={page}
                      action={`${operationPath(mission.artistSlug, mission.slug)}/thanks/${one.id}?lang=${lang}`}
                    >
                      <Button kind="plain">{t('take_again', { title: titleOf(one.subject, titles, lang) })}</Button>
                    </Form>
                  )}
                </li>
              )
            })}
          </ul>
        </>
      )}
    </section>
  )
}

type BringingProps = Pick<Props, 'page' | 'mission' | 'titles' | 'baseUrl'> & {
  task: Task
  people: number
  code: string | undefined
}

const Bringing = ({ page, mission, task, titles, baseUrl, people, code }: BringingProps) => {
  const { lang } = page
  const t = missionWords(lang)
  const of = titleOf(task.subject, titles, lang)
  return (
    <>
      <p>{t('my_people', { n: people, times: task.times })}</p>
      {code ? (
        <>
          <p>
            {t('my_link', { of })}
            <br />
            <a href={sharePath(code)} class="own-link">
              {(baseUrl + sharePath(code)).replace(/^https?:\/\//, '')}
            </a>
          </p>
          <p>
            <a href={`${sharePath(code)}/pass?lang=${lang}`}>{t('my_link_more')}</a>
          </p>
        </>
      ) : (
        <Form page={page} action={`${taskPath(mission, task.id)}?lang=${lang}`}>
          <Button kind="plain">{t('do_bring')}</Button>
        </Form>
      )}
    </>
  )
}

const Wall = ({ page, mission, phase, tasks, wall, titles }: Props) => {
  const { lang } = page
  const to = (at: number) => `${operationPath(mission.artistSlug, mission.slug)}?wall=${at}&lang=${lang}#wall`
  const t = missionWords(lang)
  const sums = TASK_KINDS.flatMap((kind) => {
    const n = tasks.filter((task) => task.kind === kind).reduce((sum, { done }) => sum + done, 0)
    return n > 0 ? [t(`sum_${kind}`, { n })] : []
  })
  return (
    <section id="wall">
      <h2>{t('wall')}</h2>
      {sums.length > 0 && <p>{capital(formats(lang).list(sums))}</p>}
      {wall.shown.length > 0 ? (
        <ul class="entries">
          {wall.shown.map((one) => (
            <li id={`contribution-${one.id}`}>
              <ContributionView one={one} titles={titles} lang={lang} />
            </li>
          ))}
        </ul>
      ) : (
        sums.length === 0 && <p>{t(phase === 'closed' ? 'nobody_came' : 'wall_none')}</p>
      )}
      {(wall.page > 0 || wall.isMore) && (
        <p class="actions">
          {wall.page > 0 && <a href={to(wall.page - 1)}>{t('wall_newer')}</a>}{' '}
          {wall.isMore && <a href={to(wall.page + 1)}>{t('wall_older')}</a>}
        </p>
      )}
    </section>
  )
}

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
