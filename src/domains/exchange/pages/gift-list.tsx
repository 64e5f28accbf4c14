import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { formatMoney, type Money } from '../../../platform/money.ts'
import { type Column, Table } from '../../../ui/table.tsx'
import type { GiftRow } from '../returns.views.ts'
import type { Subject, SubjectFacts } from '../subjects.ts'
import { words } from '../words.ts'

type GiftListProps = {
  lang: Lang
  zone: string
  gifts: GiftRow[]
  facts: Map<Subject, SubjectFacts>
  captionHidden?: boolean
}

/** Gifts with what each brought, to be compared. */
export const GiftList = ({ lang, zone, gifts, facts, captionHidden }: GiftListProps) => {
  const t = words(lang)
  const { date, number } = formats(lang)
  return (
    <Table
      lang={lang}
      caption={t('gifts_caption')}
      captionHidden={captionHidden ?? false}
      rows={gifts}
      columns={[
        {
          label: t('gift'),
          cell: (gift) => (
            <a href={`/studio/returns/${gift.id}`}>{facts.get(gift.subject)?.title ?? t('subject_gone')}</a>
          ),
        },
        { label: t('given_on'), cell: (gift) => date(gift.at, zone) },
        { label: t('touches'), numeric: true, cell: (gift) => number(gift.touches) },
        { label: t('people'), numeric: true, cell: (gift) => number(gift.people) },
        { label: t('listens'), numeric: true, cell: (gift) => number(gift.listens) },
        { label: t('downloads'), numeric: true, cell: (gift) => number(gift.downloads) },
        ...some(gifts, ({ taken }) => taken > 0, {
          label: t('taken'),
          numeric: true,
          cell: ({ taken }) => number(taken),
        }),
        ...some(gifts, ({ money }) => money.length > 0, {
          label: t('money'),
          numeric: true,
          cell: ({ money }) => amounts(money, lang),
        }),
      ]}
    />
  )
}

/** A column that is there when one of the rows has something to say in it. */
const some = <Row,>(rows: Row[], has: (row: Row) => boolean, column: Column<Row>): Column<Row>[] =>
  rows.some(has) ? [column] : []

/** Money in each of its currencies, side by side. */
export const amounts = (money: readonly Money[], lang: Lang): string =>
  money.map((one) => formatMoney(one, lang)).join(' + ') || '–'
