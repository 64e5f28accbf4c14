import type { Context } from 'hono'
import { dayIn } from '../../../platform/days.ts'
import { formats, type Lang, writeDate } from '../../../platform/i18n/index.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Button } from '../../../ui/forms.tsx'
import type { WebEnv } from '../guard.ts'
import en from '../locales/history.en.json' with { type: 'json' }
import { StudioPage } from '../studio-page.tsx'
import { zoneName } from '../zones.ts'
import type { HistoryLine } from './history.views.ts'
import { words } from './history-words.ts'

type Props = {
  c: Context<WebEnv>
  /** Whose history; without, the whole place's. */
  of?: { name: string; artistId?: string; labelId?: string }
  /** Whose clocks the hours and the days are read on. */
  zone: string
  lines: HistoryLine[]
  older: string | null
}

/** The record of changes, in words. */
export const HistoryPage = ({ c, of, zone, lines, older }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  const { date } = formats(page.lang)
  const isOlder = c.req.query('before') !== undefined
  const title = of ? t('title_of', { name: of.name }) : t('title')
  return (
    <StudioPage
      c={c}
      title={title}
      artistId={of?.artistId}
      labelId={of?.labelId}
      foot={of ? undefined : '/studio/settings'}
    >
      <h1>{title}</h1>
      {lines.length > 0 && <p class="lead">{t('hours', { zone: zoneName(zone) })}</p>}
      {lines.length === 0 ? (
        <Empty title={t('none')}>
          <p>{t('none_lead')}</p>
        </Empty>
      ) : (
        [...Map.groupBy(lines, ({ at }) => dayIn(at, zone)).values()].map((ofDay) => (
          <section>
            <h2>{ofDay[0] && date(ofDay[0].at, zone)}</h2>
            <ul class="lines plain history">
              {ofDay.map((line) => (
                <li>
                  <span>
                    {whatHappened(page.lang, line)}
                    <small>{[line.who ?? t('nobody'), !of && line.about].filter(Boolean).join(' · ')}</small>
                  </span>
                  <time datetime={line.at.toISOString()}>
                    {writeDate(line.at, { timeStyle: 'short' }, page.lang, zone)}
                  </time>
                </li>
              ))}
            </ul>
          </section>
        ))
      )}
      {(older || isOlder) && (
        <p class="actions">
          {older && (
            <Button kind="plain" href={`${c.req.path}?before=${older}`}>
              {t('older')}
            </Button>
          )}
          {isOlder && <a href={c.req.path}>{t('newest')}</a>}
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
