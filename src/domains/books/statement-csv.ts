import { csvLine } from '../../platform/csv.ts'
import { countryName, type Lang } from '../../platform/i18n/index.ts'
import { decimal } from '../../platform/money.ts'
import type { StatementContent } from './statement.rules.ts'
import { words } from './words.ts'

/** A statement as a table that a spreadsheet reads: what was sold where, then each step to the balance. */
export function statementCsv(content: StatementContent, lang: Lang): string {
  const t = words(lang)
  const { currency } = content
  const money = (amount: number) => decimal({ amount, currency })
  const head = ['what', 'country', 'quantity', 'gross', 'tax', 'fees', 'costs', 'to_share', 'share', 'part'] as const
  const rows = content.subjects.flatMap((one) => [
    ...one.sold.map((sold) => [
      one.title,
      sold.country && countryName(sold.country, lang),
      sold.quantity,
      money(sold.gross),
      money(sold.tax),
      money(sold.fees),
      ...['', '', '', ''],
    ]),
    [
      ...[one.title, t('csv_together'), '', '', '', ''],
      money(one.costsTaken + one.lossTaken),
      money(one.pool),
      String(one.share / 100),
      money(one.part),
    ],
  ])
  const steps = [
    [t('st_before'), content.balanceBefore],
    [t('st_earned'), content.earned],
    [t('st_recouped'), -content.recouped],
    [t('st_paid'), -content.paid],
    [t('st_after'), content.balanceAfter],
  ] as const
  const table: (string | number | null)[][] = [
    [t('st_title', { number: content.number }), content.payee.name, content.from ?? '', content.through, currency],
    [],
    head.map((name) => t(`csv_${name}`)),
    ...rows,
    [],
    ...steps.map(([label, amount]) => [label, money(amount)]),
    ...content.payments.map(({ kind, on, amount, note }) => [t(`st_${kind}`), on, money(amount), note]),
  ]
  return `\ufeff${table.map((row) => csvLine(row.map((cell) => String(cell ?? '')))).join('')}`
}
