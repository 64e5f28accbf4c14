import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { Table } from '../../../ui/table.tsx'
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
      ]}
    />
  )
}
