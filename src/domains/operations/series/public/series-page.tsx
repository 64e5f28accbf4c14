import { formats, type Lang } from '../../../../platform/i18n/index.ts'
import type { Page } from '../../../../ui/page.ts'
import { postPath } from '../../../journal/index.ts'
import { releasePath } from '../../../music/index.ts'
import { Prose } from '../../public/parts.tsx'
import { publicWords, seriesWords } from '../../words.ts'
import { isOnTime } from '../series.rules.ts'
import type { Series, SeriesItem, Standing } from '../series.views.ts'
import { momentText, rhythmText } from '../series-text.ts'

type Props = {
  page: Page
  series: Series
  given: SeriesItem[]
  standing: Standing
  /** Where the thing after it is. */
  after?: { title: string; path: string } | undefined
}

/** A series for those who come to it: its rhythm, what comes next, and everything from the first. */
export const SeriesBody = ({ page, series, given, standing, after }: Props) => {
  const { lang } = page
  const t = seriesWords(lang)
  const { next } = standing
  const isBegun = standing.due > 0 || given.length > 0
  const follow = `/follow/${encodeURIComponent(series.artistSlug)}?lang=${lang}`
  return (
    <div class="contest">
      <p class="facts">
        <a href={`/${encodeURIComponent(series.artistSlug)}`}>{series.artistName}</a> ·{' '}
        {series.state === 'closed' && series.closedAt
          ? t('ended', { at: formats(lang).date(series.closedAt, series.timeZone) })
          : rhythmText(series, lang)}
      </p>
      {series.words && <Prose text={series.words} lang={series.language} />}
      {series.state === 'closed' && series.followUp === 'next' && (
        <section>
          <h2>{publicWords(lang)('next_title')}</h2>
          <Prose text={series.followUpWords} lang={series.language} />
          {after && (
            <p>
              <a href={after.path}>{after.title}</a>
            </p>
          )}
        </section>
      )}
      {series.state === 'open' && (
        <section>
          <h2>{t('next_title')}</h2>
          <p>
            {next
              ? t(series.count === null ? 'next' : 'next_of', {
                  ...{ n: next.number, of: series.count ?? 0, at: momentText(series, next.number, lang) },
                })
              : t('next_none')}
          </p>
          {standing.due > 0 && <p>{t('streak', { n: standing.streak })}</p>}
          <p>
            <a href={follow}>{t('follow', { artist: series.artistName })}</a>
          </p>
        </section>
      )}
      {isBegun || series.state === 'open' ? (
        <section>
          <h2>{t('given_title')}</h2>
          {isBegun ? <Given {...{ series, given, standing, lang }} /> : <p>{t('given_none')}</p>}
        </section>
      ) : null}
    </div>
  )
}

type GivenProps = { series: Series; given: SeriesItem[]; standing: Standing; lang: Lang }

/** All that had its hour, from the first; what did not come is said where it would be. */
export const Given = ({ series, given, standing, lang }: GivenProps) => {
  const t = seriesWords(lang)
  const at = new Map(given.map((item) => [item.number, item]))
  const last = Math.max(standing.due, ...given.map(({ number }) => number ?? 0))
  const numbers = Array.from({ length: last }, (_, index) => index + 1)
  return (
    <ol class="given">
      {numbers.map((number) => {
        const item = at.get(number)
        const late = item?.givenAt && !isOnTime(series, number, item.givenAt) ? item.givenAt : null
        return (
          <li>
            <span class="figures">{t('number', { n: number })}</span>
            <div>
              <ItemTitle series={series} item={item} lang={lang} />
              <p class="facts">
                {momentText(series, number, lang)}
                {late && <> · {t('late', { at: formats(lang).dateTime(late, series.timeZone) })}</>}
              </p>
            </div>
          </li>
        )
      })}
    </ol>
  )
}

const ItemTitle = ({ series, item, lang }: { series: Series; item: SeriesItem | undefined; lang: Lang }) => {
  const t = seriesWords(lang)
  if (!item) return <span class="quiet">{t('hole')}</span>
  if (!item.isPublic || !item.slug) return <span class="quiet">{t('gone')}</span>
  const path = item.kind === 'release' ? releasePath : postPath
  return <a href={path(series.artistSlug, item.slug)}>{item.title}</a>
}
