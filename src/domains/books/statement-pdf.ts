import { countryName, formats, type Lang } from '../../platform/i18n/index.ts'
import { formatMoney } from '../../platform/money.ts'
import { pdfOf } from '../../platform/sheet.ts'
import type { StatementContent } from './statement.rules.ts'
import { words } from './words.ts'

/** A statement on paper, from what was frozen. */
export function statementPdf(content: StatementContent, lang: Lang): Promise<Buffer> {
  const t = words(lang)
  const { date, number } = formats(lang)
  const money = (amount: number) => formatMoney({ amount, currency: content.currency }, lang)
  const day = (text: string) => date(new Date(text))
  const title = `${t('st_title', { number: content.number })} · ${content.payee.name}`
  return pdfOf({ lang, title, made: new Date(content.madeOn) }, (sheet) => {
    const { seller } = content
    sheet.title(title)
    sheet.text(
      t(content.from ? 'st_period' : 'st_period_first', {
        from: content.from ? day(content.from) : '',
        through: day(content.through),
      }),
    )
    sheet.text(t('st_by', { seller: seller.legalName, payee: content.payee.name, date: day(content.madeOn) }))
    sheet.text(
      [
        ...(seller.address.lines ?? []),
        [seller.address.postcode, seller.address.city].filter(Boolean).join(' '),
        countryName(seller.country, lang),
      ].join(', '),
    )
    if (!content.subjects.length) sheet.text(t('st_nothing'))
    for (const one of content.subjects) {
      sheet.heading(one.title)
      if (one.sold.length)
        sheet.table(
          [
            { label: t('csv_country'), weight: 3 },
            { label: t('csv_quantity'), weight: 1.4, numeric: true },
            ...(['csv_gross', 'csv_tax', 'csv_fees', 'st_net'] as const).map((name) => ({
              label: t(name),
              weight: 2,
              numeric: true,
            })),
          ],
          one.sold.map(({ country, quantity, gross, tax, fees }) => [
            country ? countryName(country, lang) : '–',
            number(quantity),
            ...[gross, tax, fees, gross - tax - fees].map(money),
          ]),
        )
      sheet.text(
        [
          t('st_earned_of', { amount: money(one.earned) }),
          one.costsTaken !== 0 && t('st_costs_of', { amount: money(one.costsTaken) }),
          one.lossTaken !== 0 && t('st_loss_of', { amount: money(one.lossTaken) }),
          `${t('st_share_of', { pool: money(one.pool), share: number(one.share / 100) })} ${money(one.part)}.`,
        ]
          .filter(Boolean)
          .join(' '),
      )
    }
    sheet.heading(t('st_stands'))
    sheet.table(
      [
        { label: t('st_step'), weight: 3 },
        { label: t('st_amount'), weight: 1, numeric: true },
      ],
      [
        [t('st_before'), money(content.balanceBefore)],
        [t('st_earned'), money(content.earned)],
        [t('st_recouped'), money(-content.recouped || 0)],
        [t('st_paid'), money(-content.paid || 0)],
        [t('st_after'), money(content.balanceAfter)],
      ],
    )
    if (content.advancesOpen > 0) sheet.text(t('st_advances_open', { amount: money(content.advancesOpen) }))
    for (const { kind, on, amount, note } of content.payments)
      sheet.text(
        [t(amount < 0 ? `st_${kind}_back` : `st_${kind}_on`, { date: day(on), amount: money(Math.abs(amount)) }), note]
          .filter(Boolean)
          .join(' · '),
      )
  })
}
