import type { Context } from 'hono'
import { type SenderAtDesk, StudioPage, type WebEnv } from '../../domains/identity/index.ts'
import type { Segment } from '../../domains/reach/index.ts'
import { addDays } from '../../platform/days.ts'
import { formats, type Lang } from '../../platform/i18n/index.ts'
import { Button, Form } from '../../ui/forms.tsx'
import { mondayOf } from './calendar.rules.ts'
import { CALENDAR, calendarHref } from './calendar-page.tsx'
import { dayWords } from './day-words.ts'
import type { Proposal } from './proposals.rules.ts'
import type { Proposals } from './proposals.views.ts'
import { words } from './words.ts'

export const NEXT = `${CALENDAR}/next`

type Props = { c: Context<WebEnv>; own: SenderAtDesk; zone: string } & Proposals

/** Three things to give next, each with whom it is for, why, and the figures. */
export const ProposalsPage = ({ c, own, zone, proposals, people }: Props) => {
  const { lang } = c.get('page')
  const t = words(lang)
  const claims = proposals.some((proposal) => proposal.claims || proposal.also.length > 0)
  return (
    <StudioPage c={c} title={t('next')} current="calendar">
      <p class="quiet">
        <a href={calendarHref(own, {})}>{t('title')}</a>
      </p>
      <h1>{t('next')}</h1>
      <p class="lead">{t(claims ? 'next_words' : 'next_no_claims', { n: people })}</p>
      <ol class="proposals">
        {proposals.map((proposal, place) => (
          <ProposalView {...{ c, own, zone, proposal, place }} />
        ))}
      </ol>
      <details>
        <summary>{t('next_how')}</summary>
        {['kind', 'onward', 'faded', 'favourite', 'others'].map((rule) => (
          <p class="lead">{t(`how_${rule}` as 'how_kind')}</p>
        ))}
      </details>
    </StudioPage>
  )
}

type ViewProps = Pick<Props, 'c' | 'own' | 'zone'> & { proposal: Proposal<Segment>; place: number }

const ProposalView = ({ c, own, zone, proposal, place }: ViewProps) => {
  const page = c.get('page')
  const { lang } = page
  const t = words(lang)
  const { to, href, also } = proposal
  const claims = proposal.claims || also.length > 0
  return (
    <li>
      <h2>{whatWords(proposal, lang)}</h2>
      <p>{toWords(proposal, lang)}</p>
      {[proposal, ...also].map((one, at) => (
        <p>
          {reasonWords(one, zone, lang)} {claims && at === also.length && <em>{t('observed')}</em>}
        </p>
      ))}
      <div class="actions">
        {href ? (
          <Button kind={place ? 'plain' : 'main'} href={href}>
            {t(`go_${proposal.rule === 'series' ? 'lay_in' : (GO[href] ?? 'there')}`)}
          </Button>
        ) : (
          <Form page={page} action={calendarHref(own, {}, '/next')}>
            <input type="hidden" name="subject" value={proposal.what?.subject ?? ''} />
            <input type="hidden" name="segment" value={JSON.stringify(to?.segment ?? { all: [] })} />
            <Button kind={place ? 'plain' : 'main'}>{t('go_draft')}</Button>
          </Form>
        )}
      </div>
    </li>
  )
}

const GO: Record<string, 'song' | 'post' | 'operation'> = {
  '/studio/music/new': 'song',
  '/studio/journal': 'post',
  '/studio/operations': 'operation',
}

/** What is given. */
function whatWords(proposal: Proposal<Segment>, lang: Lang): string {
  const t = words(lang)
  const { rule, what } = proposal
  switch (rule) {
    case 'kind':
      return what ? t('what_announce', { title: what.title }) : t(`what_another_${kindOf(proposal.best.kind)}`)
    case 'favourite':
      return t(what ? 'what_announce_on' : 'what_on', { title: what?.title ?? '', when: whenWords(proposal, lang) })
    case 'silent':
      return what ? t('what_silent_with', { title: what.title }) : t('what_silent')
    case 'newcomers':
      return what ? t('what_newcomers_with', { title: what.title }) : t('what_newcomers')
    case 'series':
      return t('what_series', { n: proposal.empty.number, of: proposal.empty.of })
    case 'hole':
      return t('what_hole', { date: dayWords(proposal.monday, 'date', lang) })
    case 'song':
    case 'begin':
      return t(`what_${rule}`)
    default:
      return what ? t('what_announce', { title: what.title }) : t('what_next')
  }
}

const PARTS = ['night', 'morning', 'afternoon', 'evening'] as const
const partOf = (at: number) => PARTS[at] ?? 'night'

function whenWords({ on, favourite }: Extract<Proposal<Segment>, { rule: 'favourite' }>, lang: Lang): string {
  const t = words(lang)
  const part = favourite.part && t(`part_${partOf(favourite.part.at)}`)
  const day = favourite.day && t('when_day', { day: dayWords(on, 'day', lang) })
  return [day, part].filter(Boolean).join(', ')
}

/** To whom. */
function toWords({ rule, to, ...proposal }: Proposal<Segment>, lang: Lang): string {
  const t = words(lang)
  if (!to) return t('to_whoever')
  if (rule === 'onward' && 'onward' in proposal)
    return t('to_onward', { n: to.people, from: proposal.onward.from.title })
  return t(rule === 'silent' || rule === 'newcomers' ? `to_${rule}` : 'to_all', { n: to.people })
}

/** One of what speaks for a proposal. */
type Reasoned = Proposal<Segment>['also'][number]
type Interval = { share: number; low: number; high: number }

/** Why, in a sentence with its figures. */
function reasonWords(proposal: Reasoned, zone: string, lang: Lang): string {
  const t = words(lang)
  const { date, number } = formats(lang)
  const inHundred = (value: number) => number(value * 100, value < 0.1 ? 1 : 0)
  const between = ({ share, low, high }: Interval) => ({
    ...{ share: inHundred(share), low: inHundred(low), high: inHundred(high) },
  })
  switch (proposal.rule) {
    case 'kind': {
      const { kind, rate, second } = proposal.best
      const said = (of: string, { rate: share, low, high, gifts, people }: typeof rate) =>
        t(`kind_rate_${kindOf(of)}`, { ...between({ share, low, high }), gifts, people })
      const next = said(second.kind, second.rate)
      return t('reason_kind', { best: said(kind, rate), second: next.charAt(0).toLowerCase() + next.slice(1) })
    }
    case 'onward': {
      const { from, to, took, went, part } = proposal.onward
      const known = { from: from.title, to: to.title, took, went }
      return part ? t('reason_onward', { ...known, ...between(part) }) : t('reason_onward_few', known)
    }
    case 'faded': {
      const { title, half, people, days } = proposal.faded
      const [of, low, high] = [half.hours, half.low, half.high].map((hours) => span(lang, hours)) as [
        string,
        string,
        string,
      ]
      return t('reason_faded', { title, half: of, low, high, people, days })
    }
    case 'favourite': {
      const { favourite, on } = proposal
      const said = (of: NonNullable<typeof favourite.day>) => ({
        ...{ ...between(of), even: inHundred(of.even), people: of.people },
      })
      const weekday = favourite.day ? dayWords(addDays(mondayOf(on), favourite.day.at), 'weekdayName', lang) : ''
      return [
        favourite.day && t('reason_favourite_day', { weekday, ...said(favourite.day) }),
        favourite.part &&
          t('reason_favourite_part', { part: t(`part_${partOf(favourite.part.at)}`), ...said(favourite.part) }),
      ]
        .filter(Boolean)
        .join(' ')
    }
    case 'untold':
      return t('reason_untold', { date: date(proposal.what?.publicAt ?? new Date(0), zone) })
    case 'series':
      return t('reason_series', { day: dayWords(proposal.empty.on, 'day', lang) })
    default:
      return t(`reason_${proposal.rule}`)
  }
}

const KINDS = ['release', 'post', 'operation', 'words'] as const
const kindOf = (kind: string) => KINDS.find((known) => known === kind) ?? 'words'

/** Hours until two days, then days. */
function span(lang: Lang, hours: number): string {
  const inDays = hours >= 48
  const value = inDays ? hours / 24 : hours
  return new Intl.NumberFormat(lang, {
    ...{ style: 'unit', unit: inDays ? 'day' : 'hour', unitDisplay: 'long' },
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value)
}
