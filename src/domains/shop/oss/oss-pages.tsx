import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { countryName, formats, type Lang } from '../../../platform/i18n/index.ts'
import { currencyName, formatMoney } from '../../../platform/money.ts'
import { Button, ErrorSummary, Field, type FieldErrors, Form } from '../../../ui/forms.tsx'
import { Table } from '../../../ui/table.tsx'
import type { Seller } from '../../books/index.ts'
import { StudioPage, type WebEnv } from '../../identity/index.ts'
import type { YearAbroad } from '../cross-border.store.ts'
import { THRESHOLD_EUR_CENTS } from '../tax.rules.ts'
import { evidenceOf, type Quarter, quarterDays, quarterName } from './oss.rules.ts'
import type { OssReport, OssSale, Worth } from './oss.views.ts'
import { words } from './words.ts'

const PATH = '/studio/shop/oss'
const euro = (amount: number, lang: Lang) => formatMoney({ amount, currency: 'EUR' }, lang)
const dayAt = (day: string) => new Date(`${day}T12:00:00Z`)

const withDesk = (c: Context<WebEnv>, path: string): string => {
  const { current } = c.get('desk')
  const slug = current?.kind === 'artist' ? current.artist.slug : (current?.label.slug ?? '')
  return `${path}?desk=${encodeURIComponent(slug)}`
}

const named = ({ year, quarter }: Quarter, lang: Lang) => words(lang)('quarter', { year: String(year), quarter })

type OssView = {
  seller: Seller
  today: string
  years: YearAbroad[]
  quarters: Quarter[]
  current: string
  mayEdit: boolean
}

/** How near the threshold is, since when the seller is registered, and the quarters. */
export const OssPage = ({ c, view }: { c: Context<WebEnv>; view: OssView }) => {
  const { lang } = c.var.page
  const t = words(lang)
  const { date } = formats(lang)
  const { seller, years, quarters, today, current } = view
  return (
    <StudioPage c={c} title={t('oss')} current="books">
      <p class="quiet">
        <a href="/studio/books/accountant">{t('accountant')}</a>
      </p>
      <h1>{t('oss')}</h1>
      <p class="lead">{t('oss_lead')}</p>
      <section>
        <h2>{t('threshold')}</h2>
        <p class="lead">{t('threshold_lead', { most: euro(THRESHOLD_EUR_CENTS, lang) })}</p>
        <ul class="lines">
          {years.map((year) => (
            <li>
              <b>{String(year.year)}</b>
              <small>{yearWords(year, lang)}</small>
            </li>
          ))}
        </ul>
        <p style="margin-top:1rem">{state(view, lang)}</p>
        {view.mayEdit && (
          <p class="actions">
            <a href="/studio/books/seller">{t(seller.ossSince ? 'since_change' : 'since_say')}</a>
          </p>
        )}
      </section>
      <section>
        <h2>{t('quarters')}</h2>
        {quarters.length === 0 ? (
          <p class="quiet">{t('quarters_none')}</p>
        ) : (
          <ul class="lines">
            {quarters.map((quarter) => {
              const { due } = quarterDays(quarter)
              return (
                <li>
                  <b>
                    <a href={`${PATH}/${quarterName(quarter)}`}>{named(quarter, lang)}</a>
                  </b>
                  <small>
                    {quarterName(quarter) === current
                      ? t('quarter_runs')
                      : t(due < today ? 'quarter_was_due' : 'quarter_due', { day: date(dayAt(due)) })}
                  </small>
                </li>
              )
            })}
          </ul>
        )}
      </section>
    </StudioPage>
  )
}

function yearWords({ sold, passedOn }: YearAbroad, lang: Lang): string {
  const t = words(lang)
  const amount = sold === null ? t('year_unknown') : t('year_sold', { amount: euro(sold, lang) })
  return passedOn ? `${amount} · ${t('year_passed', { day: formats(lang).date(dayAt(passedOn)) })}` : amount
}

/** What follows from all that, in a sentence. */
function state({ seller, years, today }: OssView, lang: Lang): string {
  const t = words(lang)
  const { date } = formats(lang)
  if (seller.vatRegime !== 'registered') return t(seller.vatRegime === 'small' ? 'state_small' : 'state_outside')
  if (seller.ossSince && seller.ossSince <= today) return t('state_since', { day: date(dayAt(seller.ossSince)) })
  if (seller.ossSince) return t('state_from', { day: date(dayAt(seller.ossSince)) })
  return t(years.some(({ isAbove }) => isAbove) ? 'state_must' : 'state_below')
}

type QuarterView = {
  report: OssReport
  sales: OssSale[]
  hasMore: boolean
  zone: string
  today: string
  mayEdit: boolean
}

/** The return of one quarter, as its form asks for it. */
export const QuarterPage = ({
  c,
  view,
  errors,
  typed,
}: {
  c: Context<WebEnv>
  view: QuarterView
  errors: FieldErrors | undefined
  typed: string
}) => {
  const { lang } = c.var.page
  const t = words(lang)
  const { date, number } = formats(lang)
  const { report, sales, today } = view
  const { quarter, rows, corrections, due } = report
  const days = quarterDays(quarter)
  const path = `${PATH}/${quarterName(quarter)}`
  const title = named(quarter, lang)
  return (
    <StudioPage c={c} title={title} current="books">
      <p class="quiet">
        <a href={PATH}>{t('oss')}</a>
      </p>
      <h1>{title}</h1>
      <p class="lead">
        {t(days.through < today ? 'quarter_lead' : 'quarter_lead_runs', {
          from: date(dayAt(days.from)),
          through: date(dayAt(days.through)),
          due: date(dayAt(days.due)),
        })}
      </p>
      <ErrorSummary errors={errors} lang={lang} />
      <Rates {...{ c, view, errors, typed, path }} />
      {!report.agrees && <p class="error">{t('differs')}</p>}
      <section>
        <h2>{t('return')}</h2>
        {rows.length === 0 && corrections.length === 0 ? (
          <p>{t('return_nothing')}</p>
        ) : (
          <p>
            {due === null
              ? t('return_open')
              : t(due < 0 ? 'return_back' : 'return_due', { amount: euro(Math.abs(due), lang) })}
          </p>
        )}
        {rows.length > 0 && (
          <Table
            lang={lang}
            caption={t('sales_caption')}
            rows={rows}
            columns={[
              { label: t('country'), cell: ({ country }) => countryName(country, lang) },
              { label: t('supply'), cell: ({ isGoods }) => t(isGoods ? 'goods' : 'services') },
              { label: t('rate'), numeric: true, cell: ({ rate }) => percent(rate, lang) },
              { label: t('taxable'), numeric: true, cell: ({ net, currency }) => worth(net, currency, lang) },
              { label: t('vat'), numeric: true, cell: ({ tax, currency }) => worth(tax, currency, lang) },
            ]}
          />
        )}
        {corrections.length > 0 && (
          <Table
            lang={lang}
            caption={t('corrections_caption')}
            rows={corrections}
            columns={[
              { label: t('corrects'), cell: ({ sold }) => quarterWords(sold, lang) },
              { label: t('country'), cell: ({ country }) => countryName(country, lang) },
              { label: t('vat'), numeric: true, cell: ({ tax, currency }) => worth(tax, currency, lang) },
            ]}
          />
        )}
        {report.agrees && rows.length + corrections.length > 0 && <p class="quiet">{t('agrees')}</p>}
        <p class="actions">
          <a href={`${path}/return.csv`}>{t('csv_return')}</a>
        </p>
      </section>
      <section>
        <h2>{t('evidence')}</h2>
        <p>{t('evidence_lead')}</p>
        {sales.length === 0 ? (
          <p class="quiet">{t('evidence_none')}</p>
        ) : (
          <Table
            lang={lang}
            caption={t('evidence_caption', { n: number(sales.length) })}
            captionHidden
            rows={sales}
            columns={[
              { label: t('order'), cell: ({ code }) => code },
              { label: t('day'), cell: ({ paidAt }) => date(paidAt, view.zone) },
              {
                label: t('taxed_in'),
                cell: ({ countries }) => countries.map((one) => countryName(one, lang)).join(', '),
              },
              {
                label: t('vat'),
                numeric: true,
                cell: ({ tax, currency }) => formatMoney({ amount: tax, currency }, lang),
              },
              { label: t('evidence'), cell: (sale) => evidenceWords(sale, lang) },
            ]}
          />
        )}
        {view.hasMore && <p class="quiet">{t('evidence_more', { n: number(sales.length) })}</p>}
        <p>
          <a href={`${path}/sales.csv`}>{t('csv_sales')}</a>
        </p>
      </section>
    </StudioPage>
  )
}

type RatesProps = Pick<Parameters<typeof QuarterPage>[0], 'c' | 'view' | 'errors' | 'typed'> & { path: string }

/** What the Central Bank published and is not here. */
const Rates = ({ c, view, errors, typed, path }: RatesProps) => {
  const { page } = c.var
  const t = words(page.lang)
  const [first] = view.report.missing
  if (!first) return null
  const said = { currency: currencyName(first.currency, page.lang), day: formats(page.lang).date(dayAt(first.day)) }
  if (first.day >= view.today) return <p class="quiet">{t('rate_later', said)}</p>
  if (!view.mayEdit) return <p>{t('rate_missing', said)}</p>
  return (
    <Form page={page} action={withDesk(c, `${path}/rate`)} novalidate>
      <p>{t('rate_missing', said)}</p>
      <input type="hidden" name="currency" value={first.currency} />
      <input type="hidden" name="day" value={first.day} />
      <Field
        name="rate"
        label={t('rate_field', said)}
        hint={t('rate_hint', said)}
        value={typed}
        error={errors?.['rate']}
        inputmode="decimal"
        size={12}
      />
      <Button>{t('rate_save')}</Button>
    </Form>
  )
}

/** In euros where that is known, with the currency of the books beside it when it is another. */
function worth({ amount, euro: cents }: Worth, currency: string, lang: Lang): Child {
  const own = formatMoney({ amount, currency }, lang)
  if (currency === 'EUR' || cents === null) return own
  return (
    <>
      {euro(cents, lang)} <small>({own})</small>
    </>
  )
}

const percent = (rate: number, lang: Lang) =>
  new Intl.NumberFormat(lang === 'fr' ? 'fr-FR' : 'en-GB', { style: 'percent', maximumFractionDigits: 2 }).format(
    rate / 10_000,
  )

const quarterWords = (name: string, lang: Lang) =>
  words(lang)('quarter', { year: name.slice(0, 4), quarter: Number(name.slice(-1)) })

function evidenceWords({ evidence, country, parcel }: OssSale, lang: Lang): string {
  const t = words(lang)
  const pieces = evidence.map((one) => t(`evidence_${one.kind}`, { country: countryName(one.country, lang) }))
  const found = evidenceOf(country, evidence)
  // A parcel's address is all that goods need.
  const short = found === 'two' || parcel !== null ? [] : [t(`evidence_is_${found}`)]
  return [...pieces, ...short].join(' · ')
}
