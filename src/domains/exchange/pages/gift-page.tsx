import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { LineChart } from '../../../ui/chart/line-chart.tsx'
import { Table } from '../../../ui/table.tsx'
import { type Sender, StudioPage, type WebEnv, zoneName } from '../../identity/index.ts'
import { FEWEST_SPENDERS } from '../money.views.ts'
import type { BySubject, Day, GiftReport, Way } from '../returns.views.ts'
import type { Subject, SubjectFacts } from '../subjects.ts'
import { words } from '../words.ts'
import { CarriedOn } from './carried-on.tsx'
import { amounts } from './gift-list.tsx'
import { HowLong } from './lasting.tsx'

type GiftPageProps = {
  c: Context<WebEnv>
  sender: Sender
  /** Where the days of the report begin. */
  zone: string
  report: GiftReport
  facts: Map<Subject, SubjectFacts>
  /** What the domain that gave it says besides. */
  aside: Child
}

/** One gift: what came back, day by day, by which way, for which tracks. */
export const GiftPage = ({ c, sender, zone, report, facts, aside }: GiftPageProps) => {
  const { lang } = c.get('page')
  const t = words(lang)
  const { gift, days, reading } = report
  const subject = facts.get(gift.subject)
  const title = subject?.title ?? t('subject_gone')
  return (
    <StudioPage c={c} title={title} current="returns" {...sender}>
      <p class="quiet">
        <a href="/studio/returns">{t('back')}</a>
      </p>
      <h1>{subject ? <a href={subject.path}>{title}</a> : title}</h1>
      <p class="lead">{t('gift_given', { date: formats(lang).date(gift.at, zone) })}</p>
      {aside}
      <section>
        <Drawing lang={lang} report={report} />
        <details>
          <summary>{t('by_day')}</summary>
          <Days lang={lang} days={days} />
          <p>
            <a href={`/studio/returns/${gift.id}.csv`}>{t('csv')}</a>
          </p>
        </details>
      </section>
      {reading && <HowLong lang={lang} zone={zone} gift={gift} lasting={reading.lasting} />}
      <CameAsMoney lang={lang} report={report} />
      <section>
        <h2>{t('ways')}</h2>
        {report.ways.length ? <Ways lang={lang} ways={report.ways} /> : <p class="quiet">{t('ways_none')}</p>}
      </section>
      {reading && <CarriedOn lang={lang} spread={reading.spread} />}
      <section>
        <h2>{t('tracks')}</h2>
        <Tracks lang={lang} subjects={report.subjects} facts={facts} />
      </section>
      {report.readAt && <p class="quiet">{t('read_at', { at: formats(lang).dateTime(report.readAt, zone) })}</p>}
      {!reading && (
        <p class="quiet" role="status">
          {t('read_soon')}
        </p>
      )}
      <HowCounted lang={lang} zone={zone} />
    </StudioPage>
  )
}

const Drawing = ({ lang, report }: { lang: Lang; report: GiftReport }) => {
  const t = words(lang)
  const { number, shortDate } = formats(lang)
  return (
    <LineChart
      title={sentence(lang, report)}
      points={report.days.map(({ day }) => shortDate(new Date(`${day}T12:00:00Z`)))}
      number={number}
      series={[
        { label: t('line_listens'), values: report.days.map((day) => day.listens) },
        { label: t('line_downloads'), values: report.days.map((day) => day.downloads), dash: '6 4' },
        { label: t('line_touches'), values: report.days.map((day) => day.touches), dash: '1 4' },
      ]}
    />
  )
}

/** What the drawing says. */
export function sentence(
  lang: Lang,
  { days, firstDay, later }: Pick<GiftReport, 'days' | 'firstDay' | 'later'>,
): string {
  const t = words(lang)
  const returns = firstDay + later
  const touches = days.reduce((sum, day) => sum + day.touches, 0)
  if (returns === 0) return touches === 0 ? t('chart_nothing') : t('chart_reached_only', { touches })
  if (later === 0) return t('chart_first_day', { returns })
  const share = new Intl.NumberFormat(lang, { style: 'percent' }).format(later / returns)
  return t('chart_after', { returns, share })
}

const Days = ({ lang, days }: { lang: Lang; days: Day[] }) => {
  const t = words(lang)
  const { date, number } = formats(lang)
  return (
    <Table
      lang={lang}
      caption={t('by_day')}
      captionHidden
      rows={days}
      columns={[
        { label: t('day'), cell: ({ day }) => date(new Date(`${day}T12:00:00Z`)) },
        { label: t('touches'), numeric: true, cell: (day) => number(day.touches) },
        { label: t('listens'), numeric: true, cell: (day) => number(day.listens) },
        { label: t('downloads'), numeric: true, cell: (day) => number(day.downloads) },
        ...(days.some(({ money }) => money.length > 0)
          ? [{ label: t('money'), numeric: true, cell: (day: Day) => amounts(day.money, lang) }]
          : []),
      ]}
    />
  )
}

const KINDS = ['order', 'tip', 'membership', 'refund'] as const

/** What was paid in answer to it, and what people who took it for nothing paid later. */
const CameAsMoney = ({ lang, report: { money, reading } }: { lang: Lang; report: GiftReport }) => {
  const t = words(lang)
  const { number } = formats(lang)
  const spent = reading?.spent ?? { takers: 0, spenders: null }
  if (money.length === 0 && spent.takers === 0) return null
  const sums = [...Map.groupBy(money, ({ currency }) => currency)].map(([currency, of]) => ({
    currency,
    amount: of.reduce((sum, { amount }) => sum + amount, 0),
  }))
  const named = (kind: string) => t(`kind_${KINDS.find((known) => known === kind) ?? 'other'}`)
  return (
    <section>
      <h2>{t('money')}</h2>
      {money.length > 0 && (
        <>
          <p class="lead">{t('money_in_all', { money: amounts(sums, lang) })}</p>
          <Table
            lang={lang}
            caption={t('money')}
            captionHidden
            rows={money}
            columns={[
              { label: t('what'), cell: ({ kind }) => named(kind) },
              { label: t('how_many'), numeric: true, cell: ({ count }) => number(count) },
              { label: t('before_tax'), numeric: true, cell: (one) => amounts([one], lang) },
            ]}
          />
        </>
      )}
      {spent.takers > 0 && (
        <p>
          {spent.spenders
            ? t('spent_later', {
                takers: spent.takers,
                people: spent.spenders.people,
                money: amounts(spent.spenders.money, lang),
              })
            : t('spent_few', { takers: spent.takers, least: FEWEST_SPENDERS })}
        </p>
      )}
    </section>
  )
}

const Ways = ({ lang, ways }: { lang: Lang; ways: Way[] }) => {
  const t = words(lang)
  const { number } = formats(lang)
  const named = ({ way, token, host }: Way) => {
    if (!token) return way || t('way_self')
    if (way === 'm.') return t('way_message')
    if (way === 's.') return t('way_shared')
    if (way === 'q.') return t('way_poster')
    if (way === 'c.') return t('way_copy')
    if (way !== 'embed') return t('way_token', { token: way })
    return host ? t('way_embed_on', { host }) : t('way_embed')
  }
  return (
    <Table
      lang={lang}
      caption={t('ways')}
      captionHidden
      rows={ways}
      columns={[
        { label: t('way'), cell: named },
        { label: t('pages_opened'), numeric: true, cell: ({ touches }) => number(touches) },
        { label: t('came_back'), numeric: true, cell: ({ returns }) => number(returns) },
        ...(ways.some(({ money }) => money.length > 0)
          ? [{ label: t('money'), numeric: true, cell: ({ money }: Way) => amounts(money, lang) }]
          : []),
      ]}
    />
  )
}

const Tracks = ({
  lang,
  subjects,
  facts,
}: {
  lang: Lang
  subjects: BySubject[]
  facts: Map<Subject, SubjectFacts>
}) => {
  const t = words(lang)
  const { number } = formats(lang)
  const tracks = subjects.filter(({ subject }) => subject.startsWith('track:'))
  if (!tracks.length) return <p class="quiet">{t('tracks_none')}</p>
  return (
    <Table
      lang={lang}
      caption={t('tracks')}
      captionHidden
      rows={tracks}
      columns={[
        { label: t('track'), cell: ({ subject }) => facts.get(subject)?.title ?? t('subject_gone') },
        { label: t('starts'), numeric: true, cell: ({ starts }) => number(starts) },
        { label: t('listens'), numeric: true, cell: ({ listens }) => number(listens) },
        { label: t('downloads'), numeric: true, cell: ({ downloads }) => number(downloads) },
      ]}
    />
  )
}

/** The definitions, beside the figures that they define. */
export const HowCounted = ({ lang, zone }: { lang: Lang; zone: string }) => {
  const t = words(lang)
  return (
    <section>
      <details>
        <summary>{t('how_counted')}</summary>
        <p class="lead">{t('how_words', { zone: zoneName(zone) })}</p>
      </details>
    </section>
  )
}
