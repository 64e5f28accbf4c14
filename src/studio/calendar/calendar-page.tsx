import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { Dated, MoveProblem } from '../../domains/exchange/index.ts'
import { can, type SenderAtDesk, StudioPage, senderThing, type WebEnv, zoneName } from '../../domains/identity/index.ts'
import { addDays } from '../../platform/days.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { Button, ErrorSummary, Field, Form, fieldId } from '../../ui/forms.tsx'
import { holeOf, monthAfter, type Placed, weeksOf } from './calendar.rules.ts'
import type { Whose } from './calendar.views.ts'
import { dayWords } from './day-words.ts'
import { isMoved, MOVED_BY } from './moves.ts'
import { kindWords, titleWords } from './named.ts'
import { words } from './words.ts'

export const CALENDAR = '/studio/calendar'
export const VIEWS = ['list', 'month'] as const

/** Which days of whom, and how they are laid out: as a list on a phone and as a month where there is room, or as was asked. */
export type Shown = { month: string; view: (typeof VIEWS)[number] | null; all: boolean }

/** What was asked for and refused. */
export type Refused = { key: string; problem: MoveProblem; day: string }

export type CalendarProps = {
  c: Context<WebEnv>
  own: SenderAtDesk
  shown: Shown
  whose: Whose[]
  /** Whether this person works for others than those. */
  hasMore: boolean
  placed: Placed<Dated>[]
  zone: string
  today: string
  firstGift: string | null
  /** What was just moved, and where it stood before (`2026-12-01T18:00`). */
  moved: { key: string; was: string } | null
  refused: Refused | null
  /** Whether this person may ask what to give next. */
  proposes: boolean
  /** At a label's desk, the artists for whom they may. */
  proposedFor: { id: string; name: string; slug: string }[]
  children?: Child
}

export function calendarHref(own: Pick<SenderAtDesk, 'slug'>, { month, view, all }: Partial<Shown>, path = ''): string {
  const asked = { desk: own.slug, ...(month && { month }), ...(view && { view }), ...(all && { of: 'all' }) }
  return `${CALENDAR}${path}?${new URLSearchParams(asked)}`
}

/** What was given and what is to come, day by day, with the weeks in which nothing is. */
export const CalendarPage = (props: CalendarProps) => {
  const { c, own, shown, whose, hasMore, zone, proposes, proposedFor, children } = props
  const { lang } = c.get('page')
  const t = words(lang)
  const isLabel = 'labelId' in own.sender
  const scopes = [
    { all: false, label: isLabel ? t('scope_label', { name: own.name }) : own.name },
    { all: true, label: t('scope_all') },
  ]
  return (
    <StudioPage
      c={c}
      title={t('title')}
      current="calendar"
      scripts={['islands/calendar.js', 'islands/copy-links.js']}
      wide
    >
      <h1>{t('title')}</h1>
      {(hasMore || shown.all) && (
        <nav class="actions steps" aria-label={t('scope')}>
          {scopes.map(({ all, label }) => (
            <a href={calendarHref(own, { ...shown, all })} aria-current={all === shown.all ? 'page' : undefined}>
              {label}
            </a>
          ))}
        </nav>
      )}
      {proposes && (
        <p class="actions">
          <a href={calendarHref(own, {}, '/next')}>{t('next_link')}</a>
        </p>
      )}
      {proposedFor.length > 0 && (
        <p class="actions">
          <span class="quiet">{t('next_for')}</span>
          {proposedFor.map((artist) => (
            <a href={calendarHref(artist, {}, '/next')}>{artist.name}</a>
          ))}
        </p>
      )}
      <Region {...props} />
      <p class="quiet">
        {t('hours', { zone: zoneName(zone) })} {whose.length > 1 && t('whose', { n: whose.length })}
      </p>
      {children}
    </StudioPage>
  )
}

/** What a move changes: the month itself, and the sentence about what was moved. */
const Region = (props: CalendarProps) => {
  const { c, own, shown, placed, today, refused } = props
  const { lang } = c.get('page')
  const t = words(lang)
  const { month, view } = shown
  const weeks = weeksOf(month)
  const says = {
    at: t('says_at', { day: '{day}' }),
    stays: t('says_stays'),
    past: t('says_past'),
    edge: t('says_edge'),
    lost: t('says_lost'),
  }
  const to = (months: number) => {
    const other = monthAfter(month, months)
    return { href: calendarHref(own, { ...shown, month: other }), name: dayWords(`${other}-01`, 'monthName', lang) }
  }
  return (
    <div class={`calendar ${view ?? 'auto'}`} data-calendar={JSON.stringify(says)}>
      <p class="hidden" role="status" data-said="" />
      <Moved {...props} />
      {refused && (
        <ErrorSummary errors={{ [dayField(refused.key)]: refusedWords(refused, placed, lang) }} lang={lang} />
      )}
      <div class="month-head">
        <h2>{dayWords(`${month}-01`, 'month', lang)}</h2>
        <nav class="actions" aria-label={t('months')}>
          <a href={to(-1).href} rel="prev">
            <span aria-hidden="true">← </span>
            {to(-1).name}
          </a>
          <a href={`${calendarHref(own, { ...shown, month: today.slice(0, 7) })}#today`}>{t('today')}</a>
          <a href={to(1).href} rel="next">
            {to(1).name}
            <span aria-hidden="true"> →</span>
          </a>
          <a class="to-list" href={calendarHref(own, { ...shown, view: 'list' })}>
            {t('as_list')}
          </a>
          <a class="to-month" href={calendarHref(own, { ...shown, view: 'month' })}>
            {t('as_month')}
          </a>
        </nav>
      </div>
      <div class="weekdays" aria-hidden="true">
        {Array.from({ length: 7 }, (_, day) => (
          <span>{dayWords(addDays(weeks[0] ?? today, day), 'weekday', lang)}</span>
        ))}
      </div>
      <ol class="weeks">
        {weeks.map((monday) => (
          <WeekOf {...props} monday={monday} />
        ))}
      </ol>
    </div>
  )
}

const WeekOf = (props: CalendarProps & { monday: string }) => {
  const { c, monday, placed, today, firstGift, shown } = props
  const { lang } = c.get('page')
  const t = words(lang)
  const hole = holeOf(monday, placed, { today, firstGift })
  const days = Array.from({ length: 7 }, (_, day) => addDays(monday, day))
  return (
    <li class="week" data-hole={hole ?? undefined}>
      <h3>{t('week_of', { date: dayWords(monday, 'date', lang) })}</h3>
      <ol class="days">
        {days.map((day) => {
          const entries = placed.filter(({ on }) => on === day)
          return (
            <li
              class="day"
              id={day === today ? 'today' : undefined}
              data-day={day}
              data-says={dayWords(day, 'day', lang)}
              data-past={day < today ? '' : undefined}
              data-other={day.startsWith(shown.month) ? undefined : ''}
              data-empty={entries.length ? undefined : ''}
            >
              <p class="date">
                <time datetime={day} aria-current={day === today ? 'date' : undefined}>
                  <span class="number" aria-hidden="true">
                    {Number(day.slice(8))}
                  </span>
                  <span class="full">
                    {dayWords(day, 'day', lang)}
                    {day === today && <b>, {t('today')}</b>}
                  </span>
                </time>
              </p>
              {entries.length > 0 && (
                <ul>
                  {entries.map((entry) => (
                    <Entry {...props} entry={entry} />
                  ))}
                </ul>
              )}
            </li>
          )
        })}
      </ol>
      {hole && <p class="hole">{t(`hole_${hole}`)}</p>}
    </li>
  )
}

/** A date to know of is what its kind says. */
const DATES = ['entries-until', 'votes-until', 'ends', 'closes']

function stateOf({ given, empty, kind }: Dated) {
  if (DATES.includes(kind)) return 'date'
  if (empty) return 'empty'
  return given ? (kind === 'task' ? 'done' : 'given') : 'planned'
}

const Entry = (props: CalendarProps & { entry: Placed<Dated> }) => {
  const { c, entry, whose } = props
  const { lang } = c.get('page')
  const t = words(lang)
  const title = titleWords(entry, lang)
  const state = stateOf(entry)
  const about = [
    entry.time,
    kindWords(entry, lang),
    whose.length > 1 ? whose.find(({ id }) => id === entry.senderId)?.name : null,
  ]
  const moves = mayMove(props, entry)
  return (
    <li
      class="entry"
      id={entry.key}
      data-state={state}
      data-move={moves ? t('grip', { title }) : undefined}
      data-title={moves ? title : undefined}
    >
      <span class="what">
        {entry.href ? <a href={entry.href}>{title}</a> : title}
        <small>
          {about.filter(Boolean).join(' · ')}
          {state !== 'date' && entry.kind !== 'opens' && <span class="state"> · {t(`state_${state}`)}</span>}
        </small>
      </span>
      {moves && <MoveForm {...props} title={title} />}
    </li>
  )
}

function mayMove({ c, whose }: CalendarProps, { kind, senderId, stands }: Dated): boolean {
  const sender = whose.find(({ id }) => id === senderId)?.sender
  return (
    stands !== null && sender !== undefined && isMoved(kind) && can(c.get('actor'), MOVED_BY[kind], senderThing(sender))
  )
}

const dayField = (key: string) => `day-${key}`

/** To another day, at the same time of it. */
const MoveForm = ({
  c,
  own,
  shown,
  zone,
  today,
  refused,
  entry,
  title,
}: CalendarProps & { entry: Placed<Dated>; title: string }) => {
  const page = c.get('page')
  const t = words(page.lang)
  const wrong = refused?.key === entry.key ? refused : null
  return (
    <details class="move" open={wrong !== null}>
      <summary aria-label={t('move_named', { title })}>{t('move')}</summary>
      <Form page={page} action={moveHref(own, shown, entry)} novalidate>
        <Standing entry={entry} zone={zone} />
        <Field
          name="day"
          id={fieldId(dayField(entry.key))}
          type="date"
          label={t('move_to')}
          value={wrong?.day || entry.on}
          min={today}
          error={wrong ? refusedWords(wrong, [entry], page.lang) : undefined}
          required
        />
        <Button kind="plain">{t('move_button')}</Button>
      </Form>
    </details>
  )
}

const moveHref = (own: SenderAtDesk, shown: Shown, { kind, id }: Dated) =>
  calendarHref(own, shown, `/move/${kind}/${id}`)

/** How it stands on this page: moved from another place in the meantime, it is left there. */
const Standing = ({ entry, zone }: { entry: Placed<Dated>; zone: string }) => (
  <>
    <input type="hidden" name="from" value={entry.stands ?? ''} />
    <input type="hidden" name="time" value={entry.time ?? ''} />
    <input type="hidden" name="was" value={momentOf(entry)} />
    <input type="hidden" name="zone" value={zone} />
  </>
)

const momentOf = ({ on, time }: Pick<Placed<Dated>, 'on' | 'time'>) => `${on}T${time ?? '00:00'}`

/** What was moved just now, and back with one press. */
const Moved = (props: CalendarProps) => {
  const { c, own, shown, placed, moved, zone } = props
  const page = c.get('page')
  const t = words(page.lang)
  const entry = moved && placed.find(({ key }) => key === moved.key)
  if (!moved || !entry) return null
  const title = titleWords(entry, page.lang)
  const [day = '', time = ''] = moved.was.split('T')
  return (
    <div class="notice" role="status" data-moved="">
      <p>
        {t(entry.time ? 'moved' : 'moved_day', {
          title,
          day: dayWords(entry.on, 'day', page.lang),
          time: entry.time ?? '',
        })}
      </p>
      {mayMove(props, entry) && (
        <Form page={page} action={moveHref(own, shown, entry)}>
          <Standing entry={{ ...entry, time }} zone={zone} />
          <input type="hidden" name="day" value={day} />
          <Button kind="quiet">{t('move_back', { day: dayWords(day, 'day', page.lang) })}</Button>
        </Form>
      )}
    </div>
  )
}

function refusedWords({ key, problem }: Refused, placed: Placed<Dated>[], lang: Lang): string {
  const t = words(lang)
  const entry = placed.find((one) => one.key === key)
  if (!entry) return t('refused_missing')
  const title = titleWords(entry, lang)
  return t(`refused_${problem}`, { title, day: dayWords(entry.on, 'day', lang) })
}
