import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { formats } from '../../../platform/i18n/index.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Button } from '../../../ui/forms.tsx'
import {
  backNotice,
  type Leaving,
  LeavingList,
  type SenderAtDesk,
  StudioPage,
  type WebEnv,
  zoneAt,
} from '../../identity/index.ts'
import { waitingAge } from '../../inbox/index.ts'
import { announceHref } from '../../reach/index.ts'
import { sequencePath, shortText } from '../../sequences/index.ts'
import type { Coming, Day } from '../day.views.ts'
import { words } from '../words.ts'
import { TaskLine, tasksHref } from './tasks-page.tsx'

type Props = { c: Context<WebEnv>; own: SenderAtDesk; day: Day; leaving: Leaving[]; now: Date; today: string }

const TASKS_SHOWN = 8
const RELEASES_SHOWN = 8

/** A label's home: what its day holds, for all of its artists. */
export const DayPage = (props: Props) => {
  const { c, own, day, leaving } = props
  const t = words(c.get('page').lang)
  return (
    <StudioPage c={c} title={t('day')} current="home" labelId={own.id} notice={backNotice(c)}>
      <h1 class="hidden">{t('day_of', { name: own.name })}</h1>
      <LeavingList c={c} leaving={leaving} />
      {day.roster === 0 && (
        <Empty
          title={t('day_no_roster')}
          action={<Button href={`/studio/labels/${own.id}/ask`}>{t('day_ask')}</Button>}
        >
          <p>{t(day.asked ? 'day_asked' : 'day_no_roster_lead', { n: day.asked })}</p>
        </Empty>
      )}
      <Tasks {...props} />
      {day.pack && <Pack {...props} pack={day.pack} />}
      <Waiting {...props} />
      {day.stopped.length > 0 && <StoppedOnes {...props} />}
      {day.short.length > 0 && <ShortOnes {...props} />}
      {day.lacking && <Lacking {...props} lacking={day.lacking} />}
      <Statements {...props} />
      {day.roster > 0 && <Next {...props} />}
      <Ending {...props} />
    </StudioPage>
  )
}

const Strip = ({ title, children }: { title: string; children: Child }) => (
  <section class="strip">
    <h2>{title}</h2>
    <div>{children}</div>
  </section>
)

const at = (path: string, slug: string) => `${path}?desk=${encodeURIComponent(slug)}`

const Rows = <T,>({ rows, none, row }: { rows: T[]; none: string; row: (one: T) => { name: Child; says: Child } }) =>
  rows.length === 0 ? (
    <p class="lead" style="margin:0">
      {none}
    </p>
  ) : (
    <ul class="lines plain">
      {rows.map(row).map(({ name, says }) => (
        <li>
          <b>{name}</b>
          <small>{says}</small>
        </li>
      ))}
    </ul>
  )

const Tasks = ({ c, own, day: { tasks }, today }: Props) => {
  const t = words(c.get('page').lang)
  return (
    <Strip title={t('day_tasks')}>
      {tasks.length === 0 ? (
        <p class="lead" style="margin:0">
          {t('day_tasks_none')}
        </p>
      ) : (
        <ul class="lines plain">
          {tasks.slice(0, TASKS_SHOWN).map((row) => (
            <TaskLine c={c} row={row} today={today} href={(path) => tasksHref(own, 'day', path)} withWho />
          ))}
        </ul>
      )}
      <p class="actions">
        <a href={tasksHref(own)}>
          {tasks.length > TASKS_SHOWN ? t('day_tasks_more', { n: tasks.length - TASKS_SHOWN }) : t('day_tasks_all')}
        </a>
      </p>
    </Strip>
  )
}

const Pack = ({ c, own, now, pack }: Props & { pack: NonNullable<Day['pack']> }) => {
  const { lang } = c.get('page')
  const t = words(lang)
  return (
    <Strip title={t('day_pack')}>
      <Rows
        rows={pack}
        none={t('day_pack_none')}
        row={({ name, slug, count, since }) => ({
          name: <a href={at('/studio/shop', slug)}>{name}</a>,
          says: t('day_pack_says', { n: count, age: waitingAge(since, now, lang) }),
        })}
      />
      {pack.length > 0 && (
        <p>
          <a href={at('/studio/parcels', own.slug)}>{t('day_pack_all')}</a>
        </p>
      )}
    </Strip>
  )
}

const Waiting = ({ c, now, day: { waiting } }: Props) => {
  const { lang } = c.get('page')
  const t = words(lang)
  return (
    <Strip title={t('day_waiting')}>
      <Rows
        rows={waiting}
        none={t('day_waiting_none')}
        row={({ name, slug, count, since }) => ({
          name: <a href={at('/studio/inbox', slug)}>{name}</a>,
          says: t('day_waiting_says', { n: count, age: waitingAge(since, now, lang) }),
        })}
      />
    </Strip>
  )
}

const StoppedOnes = ({ c, day: { stopped } }: Props) => {
  const t = words(c.get('page').lang)
  return (
    <Strip title={t('day_stopped')}>
      <Rows
        rows={stopped}
        none=""
        row={({ id, title, name, hasLeft }) => ({
          name: (
            <a href={announceHref(id)}>
              {t('about_release', { artist: name, title: title || t('day_stopped_nameless') })}
            </a>
          ),
          says: t(hasLeft ? 'day_stopped_says' : 'day_stopped_unsent'),
        })}
      />
    </Strip>
  )
}

/** Whose codes run short: people wait for one, or soon will. */
const ShortOnes = ({ c, day: { short } }: Props) => {
  const { lang } = c.get('page')
  const t = words(lang)
  return (
    <Strip title={t('day_short')}>
      <Rows
        rows={short}
        none=""
        row={({ name, ...one }) => ({
          name: <a href={sequencePath(one.sequenceId)}>{t('about_release', { artist: name, title: one.sequence })}</a>,
          says: shortText(one, lang),
        })}
      />
    </Strip>
  )
}

const Lacking = ({ c, lacking }: Props & { lacking: NonNullable<Day['lacking']> }) => {
  const { lang } = c.get('page')
  const t = words(lang)
  const { list } = formats(lang)
  return (
    <Strip title={t('day_lacking')}>
      <Rows
        rows={lacking.slice(0, RELEASES_SHOWN)}
        none={t('day_lacking_none')}
        row={({ id, title, artist, lacks }) => ({
          name: <a href={`/studio/music/${id}`}>{t('about_release', { artist, title })}</a>,
          says: t('day_lacks', { what: list(lacks.map((one) => t(`lack_${one}`))) }),
        })}
      />
      {lacking.length > RELEASES_SHOWN && (
        <p class="quiet">{t('day_lacking_more', { n: lacking.length - RELEASES_SHOWN })}</p>
      )}
    </Strip>
  )
}

const Statements = ({ c, day: { statements } }: Props) => {
  const t = words(c.get('page').lang)
  return (
    <Strip title={t('day_statements')}>
      <Rows
        rows={statements}
        none={t('day_statements_none')}
        row={({ name, slug, unsent, isDue }) => ({
          name: <a href={at('/studio/books', slug)}>{name}</a>,
          says: [isDue && t('day_statements_due'), unsent > 0 && t('day_statements_unsent', { n: unsent })]
            .filter(Boolean)
            .join(' · '),
        })}
      />
    </Strip>
  )
}

const HREF = { release: '/studio/music', post: '/studio/journal', announcement: '/studio/announcements' } as const

const Next = ({ c, day: { next } }: Props) => {
  const { lang } = c.get('page')
  const t = words(lang)
  const { dateTime } = formats(lang)
  const says = (artistId: string, slug: string, coming: Coming | null) =>
    coming ? (
      <>
        <a href={at(`${HREF[coming.kind]}/${coming.id}`, slug)}>
          {t(`coming_${coming.kind}`, { title: coming.title ?? '' })}
        </a>{' '}
        {t('coming_at', { at: dateTime(coming.at, zoneAt(c, artistId)) })}
      </>
    ) : (
      t('coming_none')
    )
  return (
    <Strip title={t('day_next')}>
      <Rows
        rows={next}
        none={t('coming_none')}
        row={({ id, name, slug, coming }) => ({
          name: <a href={at('/studio', slug)}>{name}</a>,
          says: says(id, slug, coming),
        })}
      />
    </Strip>
  )
}

const Ending = ({ c, own, day: { ending } }: Props) => {
  const { lang } = c.get('page')
  const t = words(lang)
  if (!ending.length) return null
  return (
    <Strip title={t('day_ending')}>
      <Rows
        rows={ending}
        none=""
        row={({ name, slug, endsAt }) => ({
          name,
          says: (
            <>
              {t('ending_on', { day: formats(lang).date(new Date(endsAt.getTime() - 1), zoneAt(c, own.id)) })}{' '}
              <a href={`/studio/labels/${own.id}/ask?artist=${encodeURIComponent(slug)}`}>
                {t('ending_ask', { name })}
              </a>
            </>
          ),
        })}
      />
    </Strip>
  )
}
