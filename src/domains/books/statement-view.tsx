import type { Child } from 'hono/jsx'
import { countryName, formats, type Lang } from '../../platform/i18n/index.ts'
import { formatMoney } from '../../platform/money.ts'
import type { StatementContent } from './statement.rules.ts'
import { words } from './words.ts'

/** A statement, read on a page: what was sold where, what came off, one's share, and where one stands. */
export const StatementView = ({ content, lang }: { content: StatementContent; lang: Lang }) => {
  const t = words(lang)
  const { date, number } = formats(lang)
  const money = (amount: number) => formatMoney({ amount, currency: content.currency }, lang)
  const day = (text: string) => date(new Date(text))
  return (
    <div style="display:grid;grid-template-columns:minmax(0,1fr);gap:1.25rem">
      <p>
        {t(content.from ? 'st_period' : 'st_period_first', {
          from: content.from ? day(content.from) : '',
          through: day(content.through),
        })}
        <br />
        {t('st_by', { seller: content.seller.legalName, payee: content.payee.name, date: day(content.madeOn) })}
      </p>
      {content.subjects.length === 0 && <p>{t('st_nothing')}</p>}
      {content.subjects.map((one) => (
        <section>
          <h2>{one.title}</h2>
          {one.sold.length > 0 && (
            <Figures
              caption={t('st_sold_caption', { title: one.title })}
              columns={[
                { label: t('csv_country'), cell: (row) => (row.country ? countryName(row.country, lang) : '–') },
                { label: t('csv_quantity'), cell: (row) => number(row.quantity), numeric: true },
                { label: t('csv_gross'), cell: (row) => money(row.gross), numeric: true },
                { label: t('csv_tax'), cell: (row) => money(row.tax), numeric: true },
                { label: t('csv_fees'), cell: (row) => money(row.fees), numeric: true },
                { label: t('st_net'), cell: (row) => money(row.gross - row.tax - row.fees), numeric: true },
              ]}
              rows={one.sold}
            />
          )}
          <p>
            {t('st_earned_of', { amount: money(one.earned) })}{' '}
            {one.costsTaken !== 0 && `${t('st_costs_of', { amount: money(one.costsTaken) })} `}
            {one.lossTaken !== 0 && `${t('st_loss_of', { amount: money(one.lossTaken) })} `}
            {t('st_share_of', { pool: money(one.pool), share: number(one.share / 100) })}{' '}
            <strong>{money(one.part)}</strong>.
          </p>
        </section>
      ))}
      <section>
        <h2>{t('st_stands')}</h2>
        <Figures
          caption={t('st_stands')}
          columns={[
            { label: t('st_step'), cell: (row) => row.label },
            { label: t('st_amount'), cell: (row) => money(row.amount), numeric: true },
          ]}
          rows={[
            { label: t('st_before'), amount: content.balanceBefore },
            { label: t('st_earned'), amount: content.earned },
            { label: t('st_recouped'), amount: -content.recouped || 0 },
            { label: t('st_paid'), amount: -content.paid || 0 },
            { label: t('st_after'), amount: content.balanceAfter },
          ]}
        />
        {content.advancesOpen > 0 && <p>{t('st_advances_open', { amount: money(content.advancesOpen) })}</p>}
        {content.payments.length > 0 && (
          <ul>
            {content.payments.map(({ kind, on, amount, note }) => (
              <li>
                {t(amount < 0 ? `st_${kind}_back` : `st_${kind}_on`, {
                  date: day(on),
                  amount: money(Math.abs(amount)),
                })}
                {note && ` · ${note}`}
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  )
}

type FiguresProps<Row> = {
  caption: string
  columns: { label: string; cell: (row: Row) => Child; numeric?: boolean }[]
  rows: Row[]
}

/** A table that looks the same on the site and in the studio, and rolls sideways where letters are large. */
function Figures<Row>({ caption, columns, rows }: FiguresProps<Row>) {
  const set = (numeric: boolean | undefined) =>
    `padding:0.4rem 1rem 0.4rem 0;border-bottom:1px solid var(--line);font-weight:400;text-align:${numeric ? 'end' : 'start'};font-variant-numeric:tabular-nums`
  return (
    <section aria-label={caption} tabindex={0} style="overflow-x:auto;margin-block:0.5rem">
      <table style="border-collapse:collapse;width:100%">
        <thead>
          <tr>
            {columns.map(({ label, numeric }) => (
              <th scope="col" style={`${set(numeric)};color:var(--quiet)`}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {columns.map(({ cell, numeric }, index) =>
                index === 0 ? (
                  <th scope="row" style={set(numeric)}>
                    {cell(row)}
                  </th>
                ) : (
                  <td style={set(numeric)}>{cell(row)}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
