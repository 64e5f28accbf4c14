import type { Context } from 'hono'
import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Table } from '../../../ui/table.tsx'
import type { WebEnv } from '../guard.ts'
import en from '../locales/history.en.json' with { type: 'json' }
import { StudioPage } from '../studio-page.tsx'
import type { HistoryLine } from './history.views.ts'
import { words } from './history-words.ts'

type Props = {
  c: Context<WebEnv>
  /** Whose history; without, the whole place's. */
  of?: { name: string; artistId?: string; labelId?: string }
  lines: HistoryLine[]
  older: string | null
}

/** The record of changes, in words. */
export const HistoryPage = ({ c, of, lines, older }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  const { dateTime } = formats(page.lang)
  const title = of ? t('title_of', { name: of.name }) : t('title')
  return (
    <StudioPage
      c={c}
      title={title}
      artistId={of?.artistId}
      labelId={of?.labelId}
      foot={of ? undefined : '/studio/settings'}
      wide
    >
      <h1>{title}</h1>
      {lines.length === 0 ? (
        <Empty title={t('none')}>
          <p>{t('none_lead')}</p>
        </Empty>
      ) : (
        <Table
          lang={page.lang}
          caption={title}
          captionHidden
          rows={lines}
          columns={[
            { label: t('what'), cell: (line) => whatHappened(page.lang, line) },
            { label: t('who'), cell: ({ who }) => who ?? t('nobody') },
            ...(of ? [] : [{ label: t('about'), cell: ({ about }: HistoryLine) => about ?? '–' }]),
            { label: t('when'), cell: ({ at }) => <time datetime={at.toISOString()}>{dateTime(at)}</time> },
          ]}
        />
      )}
      {older && (
        <p class="actions">
          <a href={`${c.req.path}?before=${older}`}>{t('older')}</a>
        </p>
      )}
    </StudioPage>
  )
}

type Known = Extract<keyof typeof en, `did_${string}`>
const isKnown = (key: string): key is Known => key in en

/** Something that was done under an earlier name, for which there are no words any more, is shown as it was written: better than hidden. */
function whatHappened(lang: Lang, { action, subject }: HistoryLine): string {
  const t = words(lang)
  const key = `did_${action}`
  const what = isKnown(key) ? t(key) : action
  return subject ? t('quote', { what, subject }) : what
}
