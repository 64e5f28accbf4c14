import { formats, type Lang } from '../../../../platform/i18n/index.ts'
import { Table } from '../../../../ui/table.tsx'
import { announceWords } from '../../words.ts'
import type { ThingAfter } from '../progress.views.ts'

/** What came back for each of several things. */
export const ByThing = ({ lang, things }: { lang: Lang; things: ThingAfter[] }) => {
  const t = announceWords(lang)
  const { number } = formats(lang)
  return (
    <Table
      lang={lang}
      caption={t('after_each')}
      rows={things}
      columns={[
        {
          label: t('thing'),
          cell: ({ title, path }) => (title && path ? <a href={path}>{title}</a> : t('thing_gone')),
        },
        { label: t('thing_opened'), numeric: true, cell: ({ opened }) => number(opened) },
        { label: t('thing_people'), numeric: true, cell: ({ people }) => number(people) },
        { label: t('thing_listens'), numeric: true, cell: ({ listens }) => number(listens) },
        { label: t('thing_downloads'), numeric: true, cell: ({ downloads }) => number(downloads) },
      ]}
    />
  )
}
