import type { Context } from 'hono'
import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Button, Select } from '../../../ui/forms.tsx'
import { Table } from '../../../ui/table.tsx'
import { type Sender, StudioPage, type WebEnv } from '../../identity/index.ts'
import { DEFAULT_WINDOW, FEWEST_ANSWERS, type HalfLife, WHOLE, WINDOWS } from '../credit.rules.ts'
import type { CreditReport, CreditRow } from '../credit.views.ts'
import type { Subject, SubjectFacts } from '../subjects.ts'
import { words } from '../words.ts'
import { amounts } from './gift-list.tsx'

export const PERIODS = [30, 90, 365] as const
export const DEFAULT_PERIOD = 90
export const CREDIT = '/studio/returns/credit'

type CreditPageProps = {
  c: Context<WebEnv>
  sender: Sender
  zone: string
  report: CreditReport
  windowDays: number
  periodDays: number
  facts: Map<Subject, SubjectFacts>
}

/** To which gifts what came back is owed, as far as can be said, with another window to try at once. */
export const CreditPage = ({ c, sender, zone, report, windowDays, periodDays, facts }: CreditPageProps) => {
  const { lang } = c.get('page')
  const t = words(lang)
  const { date } = formats(lang)
  const part = (millionths: number) => (millionths ? formats(lang).number(millionths / WHOLE, 1) : '–')
  const title = (row: CreditRow) => (row.gift ? (facts.get(row.gift.subject)?.title ?? t('subject_gone')) : '')
  const csv = `${CREDIT}.csv?${new URLSearchParams({ window: String(windowDays), days: String(periodDays) })}`
  return (
    <StudioPage c={c} title={t('credit')} current="returns" {...sender} wide>
      <p class="quiet">
        <a href="/studio/returns">{t('back')}</a>
      </p>
      <h1>{t('credit')}</h1>
      <p class="lead">{t('credit_lead')}</p>
      <section>
        <form method="get" action={CREDIT}>
          <Select
            name="window"
            label={t('credit_window')}
            hint={t('credit_window_hint')}
            value={String(windowDays)}
            options={WINDOWS.map((days) => ({ value: String(days), label: t('credit_days', { days }) }))}
          />
          <Select
            name="days"
            label={t('credit_period')}
            value={String(periodDays)}
            options={PERIODS.map((days) => ({ value: String(days), label: t('credit_last', { days }) }))}
          />
          <Button kind="plain">{t('credit_try')}</Button>
        </form>
      </section>
      {report.rows.length ? (
        <section>
          <p>{sentence(lang, report)}</p>
          <Table
            lang={lang}
            caption={t('credit')}
            captionHidden
            rows={report.rows}
            columns={[
              {
                label: t('gift'),
                cell: (row) =>
                  row.gift ? <a href={`/studio/returns/${row.gift.id}`}>{title(row)}</a> : <b>{t('credit_itself')}</b>,
              },
              { label: t('given_on'), cell: ({ gift }) => (gift ? date(gift.at, zone) : '') },
              { label: t('listens'), numeric: true, cell: ({ listens }) => part(listens) },
              { label: t('downloads'), numeric: true, cell: ({ downloads }) => part(downloads) },
              { label: t('credit_other'), numeric: true, cell: ({ other }) => part(other) },
              { label: t('credit_all'), numeric: true, cell: ({ all }) => part(all) },
              { label: t('credit_link'), numeric: true, cell: ({ byLink }) => part(byLink) },
              ...(report.rows.some(({ money }) => money.length)
                ? [{ label: t('money'), numeric: true, cell: ({ money }: CreditRow) => amounts(money, lang) }]
                : []),
            ]}
          />
          <p>
            <a href={csv}>{t('csv')}</a>
          </p>
        </section>
      ) : (
        <Empty title={t('credit_none')}>
          <p>{t('credit_none_words')}</p>
        </Empty>
      )}
      <section>
        <h2>{t('credit_how')}</h2>
        <p class="lead">{t('credit_how_words', { window: windowDays })}</p>
        <p class="lead">{halfLifeSaid(lang, report.halfLife)}</p>
        <p class="lead">{t('credit_how_more')}</p>
      </section>
    </StudioPage>
  )
}

/** What the table says. */
function sentence(lang: Lang, { rows, returns }: CreditReport): string {
  const itself = rows.find(({ gift }) => gift === null)?.all ?? 0
  const share = new Intl.NumberFormat(lang, { style: 'percent' }).format(returns ? itself / WHOLE / returns : 0)
  return words(lang)('credit_says', { returns, share })
}

function halfLifeSaid(lang: Lang, { days, fitted, answers }: HalfLife): string {
  const t = words(lang)
  if (!fitted) return t('credit_half_life_few', { answers, least: FEWEST_ANSWERS, days })
  return days < 2
    ? t('credit_half_life_hours', { answers, hours: Math.round(days * 24) })
    : t('credit_half_life', { answers, days: formats(lang).number(days, 1) })
}

const oneOf = <N extends number>(choices: readonly N[], text: string | undefined, otherwise: N): N =>
  choices.find((choice) => String(choice) === text) ?? otherwise

/** What the form of the page asked for. */
export const readChoice = (query: (name: string) => string | undefined) => ({
  windowDays: oneOf(WINDOWS, query('window'), DEFAULT_WINDOW),
  periodDays: oneOf(PERIODS, query('days'), DEFAULT_PERIOD),
})
