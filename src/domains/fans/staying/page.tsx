import type { Context } from 'hono'
import { csvLine } from '../../../platform/csv.ts'
import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Table } from '../../../ui/table.tsx'
import { STAYING } from '../../exchange/index.ts'
import { type SenderAtDesk, StudioPage, type WebEnv, zoneName } from '../../identity/index.ts'
import { ACTIVE_DAYS, AFTER_DAYS, type Cohort, longest, shown } from './staying.rules.ts'
import { words } from './words.ts'

type Props = { c: Context<WebEnv>; own: SenderAtDesk; zone: string; cohorts: Cohort[] }

/** Fans by the month in which they came: who is still there. */
export const StayingPage = ({ c, own, zone, cohorts }: Props) => {
  const { lang } = c.get('page')
  const t = words(lang)
  return (
    <StudioPage c={c} title={t('title')} current="returns" {...own.sender} wide>
      <p class="quiet">
        <a href="/studio/returns">{t('back')}</a>
      </p>
      <h1>{t('title')}</h1>
      {cohorts.length ? (
        <>
          <p class="lead">{whatItSays(lang, cohorts)}</p>
          <section>
            <Cohorts lang={lang} cohorts={shown(cohorts)} />
            <p>
              <a href={`${STAYING}.csv`}>{t('csv')}</a>
            </p>
          </section>
          <section>
            <h2>{t('how')}</h2>
            <p class="lead">{t('how_words', { zone: zoneName(zone), days: ACTIVE_DAYS })}</p>
          </section>
        </>
      ) : (
        <Empty title={t('none_title')}>
          <p>{t('none_words')}</p>
        </Empty>
      )}
    </StudioPage>
  )
}

const percent = (lang: Lang, part: number, of: number) =>
  new Intl.NumberFormat(lang, { style: 'percent' }).format(part / of)

/** What the table says. */
function whatItSays(lang: Lang, cohorts: Cohort[]): string {
  const t = words(lang)
  const found = longest(cohorts)
  const arrived = cohorts.reduce((sum, cohort) => sum + cohort.arrived, 0)
  if (!found) return t('says_early', { arrived, there: cohorts.reduce((sum, { now }) => sum + now, 0) })
  return t('says', {
    arrived: found.arrived,
    after: t(`after_${found.days as (typeof AFTER_DAYS)[number]}`),
    share: percent(lang, found.there, found.arrived),
  })
}

const Cohorts = ({ lang, cohorts }: { lang: Lang; cohorts: Cohort[] }) => {
  const t = words(lang)
  const { number, month: written } = formats(lang)
  /** The figure is the text; how dark its ground is says the same. */
  const tinted = (count: number | null, of: number) =>
    count === null ? (
      <span class="quiet">{t('unknown')}</span>
    ) : (
      <span class="tinted" data-part={Math.floor((count / of) * 5)}>
        {t('part', { share: percent(lang, count, of), count })}
      </span>
    )
  return (
    <Table
      lang={lang}
      caption={t('caption')}
      rows={cohorts}
      columns={[
        {
          label: t('month'),
          cell: ({ month }) => (month ? written(new Date(`${month}-15T12:00:00Z`)) : t('before')),
        },
        { label: t('arrived'), numeric: true, cell: ({ arrived }) => number(arrived) },
        ...AFTER_DAYS.map((days, at) => ({
          label: t(`after_${days}`),
          numeric: true,
          cell: ({ after, arrived }: Cohort) => tinted(after[at] ?? null, arrived),
        })),
        { label: t('now'), numeric: true, cell: ({ now, arrived }) => tinted(now, arrived) },
        { label: t('active'), numeric: true, cell: ({ active, arrived }) => tinted(active, arrived) },
      ]}
    />
  )
}

/** Every month, as numbers of people: empty is what is not known yet. */
export const stayingCsv = (cohorts: readonly Cohort[]): string =>
  [
    [
      'month',
      'arrived',
      ...AFTER_DAYS.map((days) => `there_after_${days}_days`),
      'there_now',
      `active_in_${ACTIVE_DAYS}_days`,
    ],
    ...cohorts.map(({ month, arrived, after, now, active }) =>
      [month, arrived, ...after, now, active].map((value) => String(value ?? '')),
    ),
  ]
    .map(csvLine)
    .join('')
