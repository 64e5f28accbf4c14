import { csvLine } from '../../../platform/csv.ts'
import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { CurveChart } from '../../../ui/chart/curve-chart.tsx'
import { Table } from '../../../ui/table.tsx'
import { DAY_HOURS, FEWEST_PEOPLE, LASTING_HOURS } from '../lasting/lasting.rules.ts'
import type { Age, Lasting } from '../lasting/lasting.views.ts'
import { words } from '../words.ts'

type LastingProps = {
  lang: Lang
  zone: string
  gift: { id: string; at: Date }
  lasting: Lasting
}

/** How long a gift lasts: what had come by which age, beside the others of its kind. */
export const HowLong = ({ lang, zone, gift, lasting }: LastingProps) => {
  const t = words(lang)
  const { returns, after, others, hours } = lasting
  const says = whatItSays(lang, zone, gift.at, lasting)
  return (
    <section>
      <h2>{t('lasting')}</h2>
      {hours === 0 || (returns === 0 && !after?.returns) ? (
        <p class="quiet">{says}</p>
      ) : (
        <>
          <Drawing lang={lang} id={gift.id} lasting={lasting} title={says} />
          {others && <p>{besideOthers(lang, lasting, others)}</p>}
          <details>
            <summary>{t('lasting_table')}</summary>
            <Ages lang={lang} lasting={lasting} />
            <p>
              <a href={`/studio/returns/${gift.id}/lasting.csv`}>{t('csv')}</a>
            </p>
          </details>
          <details>
            <summary>{t('lasting_how')}</summary>
            <p class="lead">{t('lasting_how_words', { least: FEWEST_PEOPLE })}</p>
          </details>
        </>
      )}
    </section>
  )
}

/** Hours until two days, then days; weeks where they are whole. */
function span(lang: Lang, hours: number, style: 'long' | 'short' = 'long'): string {
  const [unit, length] =
    hours % 168 === 0
      ? (['week', 168] as const)
      : hours < 2 * DAY_HOURS && hours !== DAY_HOURS
        ? (['hour', 1] as const)
        : (['day', DAY_HOURS] as const)
  const maximumFractionDigits = hours / length < 10 ? 1 : 0
  return new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: style, maximumFractionDigits }).format(
    hours / length,
  )
}

/** The sentence that the drawing shows: what is known, and from when on the rest is. */
export function whatItSays(lang: Lang, zone: string, at: Date, lasting: Lasting): string {
  const t = words(lang)
  const { half, over, returns, after } = lasting
  const { date, number } = formats(lang)
  const dayOf = (hours: number) => date(new Date(at.getTime() + hours * 3_600_000), zone)
  const ended = { date: dayOf(LASTING_HOURS) }
  if (!over && returns === 0) return t('lasting_nothing_yet', ended)
  if (!over)
    return half
      ? t('lasting_so_far', { half: span(lang, half.hours), ...ended })
      : t('lasting_early', { returns, ...ended })

  const [of, low, high] = half ? [half.hours, half.low, half.high].map((hours) => span(lang, hours)) : []
  const first = !half
    ? t(returns === 0 ? 'lasting_nothing' : 'lasting_few', { returns })
    : low === high
      ? t('lasting_half_alone', { half: of as string })
      : t('lasting_half', { half: of as string, low: low as string, high: high as string })
  if (!after) return `${first} ${t('lasting_after_unknown', { date: dayOf(LASTING_HOURS + 168) })}`
  if (after.returns === 0) return `${first} ${t('lasting_after_none', { weeks: after.weeks })}`
  const rate = after.returns / after.weeks
  return `${first} ${t('lasting_after', { weeks: after.weeks, rate: number(rate, rate < 10 && !Number.isInteger(rate) ? 1 : 0) })}`
}

function besideOthers(lang: Lang, { over, ages }: Lasting, others: NonNullable<Lasting['others']>): string {
  const t = words(lang)
  if (over) return t('lasting_others', { gifts: others.gifts, half: span(lang, others.half ?? 0) })
  const last = ages.findLast((age) => age.over)
  if (!last) return t('lasting_others_soon', { gifts: others.gifts })
  return t('lasting_others_by', {
    gifts: others.gifts,
    age: span(lang, last.to),
    own: last.by ?? 0,
    theirs: formats(lang).number(last.others ?? 0),
  })
}

/** Across: the first hours wide, the later weeks narrow. */
const across = (hours: number) => Math.log1p(hours) / Math.log1p(LASTING_HOURS)

const TIMES = [
  { hours: 1, minor: false },
  { hours: 6, minor: true },
  { hours: 24, minor: false },
  { hours: 72, minor: true },
  { hours: 168, minor: false },
  { hours: 672, minor: true },
  { hours: LASTING_HOURS, minor: false },
]

const Drawing = ({ lang, id, lasting, title }: { lang: Lang; id: string; lasting: Lasting; title: string }) => {
  const t = words(lang)
  const { ages, over, returns, hours, half, others } = lasting
  const { number } = formats(lang)
  const percent = new Intl.NumberFormat(lang, { style: 'percent' })
  const shown = ages.filter(({ to }) => to <= LASTING_HOURS)
  const share = (by: number) => (over ? by / Math.max(1, returns) : by)
  const own = shown.filter((age) => age.by !== null).map(({ to, by }) => ({ x: across(to), y: share(by ?? 0) }))
  // What came since the last of the ages that are over.
  if (!over) own.push({ x: across(hours), y: returns })
  const theirs = others ? shown.map((age) => ({ x: across(age.to), y: age.others ?? 0 })) : []
  const start = { x: 0, y: 0 }
  return (
    <CurveChart
      id={`lasting-${id}`}
      title={title}
      description={t(over ? 'lasting_reads_share' : 'lasting_reads_count', {
        points: formats(lang).list(
          shown
            .filter(({ to, by }) => by !== null && TIMES.some((time) => time.hours === to))
            .map(({ to, by }) => `${span(lang, to)}: ${over ? percent.format(share(by ?? 0)) : number(by ?? 0)}`),
        ),
      })}
      times={TIMES.map((time) => ({
        x: across(time.hours),
        label: span(lang, time.hours, 'short'),
        minor: time.minor,
      }))}
      curves={[
        { label: t('lasting_this'), points: [start, ...own] },
        ...(others ? [{ label: t('lasting_those'), points: [start, ...theirs] }] : []),
      ]}
      top={over ? 1 : undefined}
      number={over ? (value) => percent.format(value) : number}
      between={
        over && half
          ? {
              x: across(half.hours),
              low: across(half.low),
              high: across(half.high),
              label: t('lasting_half_mark', { half: span(lang, half.hours) }),
            }
          : undefined
      }
      unknown={over ? undefined : { from: across(hours), label: t('lasting_unknown') }}
    />
  )
}

/** What the drawing shows, and the weeks after it: an age that is still to come says so. */
const Ages = ({ lang, lasting: { ages, over, returns } }: { lang: Lang; lasting: Lasting }) => {
  const t = words(lang)
  const { number } = formats(lang)
  const percent = new Intl.NumberFormat(lang, { style: 'percent' })
  const named = ({ from, to }: Age) => {
    if (to <= DAY_HOURS) return t('lasting_hours', { from: from + 1, to })
    if (to <= 168) return t('lasting_day', { day: to / DAY_HOURS })
    return t('lasting_week', { week: to / 168 })
  }
  const within = ages.some((age) => age.others !== null)
  return (
    <Table
      lang={lang}
      caption={t('lasting_table')}
      captionHidden
      rows={ages.filter(({ to, returns }) => to <= LASTING_HOURS || returns !== null)}
      columns={[
        { label: t('lasting_age'), cell: named },
        {
          label: t('came_back'),
          numeric: true,
          cell: (age) =>
            age.returns === null
              ? t('lasting_unknown')
              : age.over
                ? number(age.returns)
                : t('lasting_until_now', { returns: age.returns }),
        },
        {
          label: t(over ? 'lasting_part' : 'lasting_by'),
          numeric: true,
          cell: ({ by, to }) => {
            if (by === null || (over && (to > LASTING_HOURS || !returns))) return '–'
            return over ? percent.format(by / returns) : number(by)
          },
        },
        ...(within
          ? [
              {
                label: t('lasting_those_column'),
                numeric: true,
                cell: ({ others }: Age) => (others === null ? '–' : over ? percent.format(others) : number(others)),
              },
            ]
          : []),
      ]}
    />
  )
}

/** The points of the drawing and the four weeks after: ages in hours; empty is what is not known yet. */
export const lastingCsv = ({ ages, over, returns }: Lasting): string =>
  [
    [
      'from_hour',
      'to_hour',
      'returns',
      'over',
      'returns_by_then',
      'part_of_12_weeks',
      over ? 'others_part' : 'others_returns',
    ],
    ...ages.map(({ from, to, by, ...age }) => [
      String(from),
      String(to),
      String(age.returns ?? ''),
      age.returns === null ? '' : age.over ? 'yes' : 'no',
      String(by ?? ''),
      over && by !== null && returns && to <= LASTING_HOURS ? (by / returns).toFixed(4) : '',
      age.others === null ? '' : over ? age.others.toFixed(4) : String(age.others),
    ]),
  ]
    .map(csvLine)
    .join('')
