import type { Child } from 'hono/jsx'
import { formats, type Lang } from '../../../../platform/i18n/index.ts'
import { imageUrl } from '../../../../platform/images/index.ts'
import { drawnCoverPath } from '../../../../ui/cover/address.ts'
import { Button, Form } from '../../../../ui/forms.tsx'
import type { Page } from '../../../../ui/page.ts'
import { FollowSection } from '../../../fans/index.ts'
import { postPath } from '../../../journal/index.ts'
import { type Cover, releasePath } from '../../../music/index.ts'
import { datesPath, operationPath } from '../../paths.rules.ts'
import { Prose } from '../../public/parts.tsx'
import { publicWords, seriesWords } from '../../words.ts'
import { isOnTime } from '../series.rules.ts'
import type { Series, SeriesItem, Standing } from '../series.views.ts'
import { momentText, rhythmText } from '../series-text.ts'

const SMALL = 320

type Props = {
  page: Page
  series: Series
  given: SeriesItem[]
  standing: Standing
  /** The sleeves of what may be heard, by release; null where it is drawn. */
  covers: ReadonlyMap<string, Cover | null>
  /** What this browser is known to be told; null: it is nobody's that is known. */
  told: { each: boolean } | null
  /** What a press on this page just did. */
  said?: 'follows' | 'stopped' | undefined
  /** Where the thing after it is. */
  after?: { title: string; path: string } | undefined
}

/** Its feeds, for programs that look for them on the page. */
export function feedsOf({ artistSlug, slug, title }: Series, lang: Lang) {
  const at = operationPath(artistSlug, slug)
  const said = seriesWords(lang)('feed', { title })
  return [
    { href: `${at}/feed.xml`, type: 'application/rss+xml', title: said },
    { href: `${at}/feed.atom`, type: 'application/atom+xml', title: said },
    { href: `${at}/feed.json`, type: 'application/feed+json', title: said },
  ]
}

/** A series for those who come to it: its rhythm, what comes next, and everything from the first. */
export const SeriesBody = ({ page, series, given, standing, covers, told, said, after }: Props) => {
  const { lang } = page
  const t = seriesWords(lang)
  const { next } = standing
  const isBegun = standing.due > 0 || given.length > 0
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
          {!series.notice && <HearFrom {...{ page, series }} />}
          <p>
            <a href={datesPath(series.artistSlug)}>{publicWords(lang)('dates')}</a>
          </p>
        </section>
      )}
      {isBegun || series.state === 'open' ? (
        <section>
          <h2>{t('given_title')}</h2>
          {isBegun ? (
            <Given
              {...{ series, given, standing, lang }}
              sleeve={(item) => <SmallSleeve item={item} covers={covers} />}
            />
          ) : (
            <p>{t('given_none')}</p>
          )}
        </section>
      ) : null}
      {series.state === 'open' && series.notice && <Follow {...{ page, series, told, said }} />}
      {series.state === 'closed' && <HearFrom {...{ page, series }} />}
    </div>
  )
}

/** Beside its title, which says all of it to who does not see it. */
const SmallSleeve = ({ item: { of }, covers }: { item: SeriesItem } & Pick<Props, 'covers'>) => {
  const cover = of === null ? undefined : covers.get(of)
  if (of === null || cover === undefined) return null
  const src = cover ? imageUrl(cover.sha256, Math.min(...cover.widths), 'jpg') : drawnCoverPath(of, SMALL)
  return <img src={src} alt="" width={SMALL} height={SMALL} loading="lazy" />
}

const HearFrom = ({ page: { lang }, series }: Pick<Props, 'page' | 'series'>) => (
  <p>
    <a href={`/follow/${encodeURIComponent(series.artistSlug)}?lang=${lang}`}>
      {seriesWords(lang)('follow', { artist: series.artistName })}
    </a>
  </p>
)

/** To be told each time, and no more: by one press where this browser's reader is known, else by the form by which one joins. */
const Follow = ({ page, series, told, said }: Pick<Props, 'page' | 'series' | 'told' | 'said'>) => {
  const t = seriesWords(page.lang)
  const subject = `operation:${series.id}`
  const notice = said && (
    <p class="notice" role="status">
      {t(`said_${said}`)}
    </p>
  )
  if (!told)
    return (
      <>
        {notice}
        <FollowSection
          {...{ page, subject, name: series.artistName, slug: series.artistSlug, texts: false }}
          follows={{ subject, title: series.title }}
        />
        <p class="aside">
          {t('feed_words')} <a href={`${operationPath(series.artistSlug, series.slug)}/feed.xml`}>{t('feed_link')}</a>
        </p>
      </>
    )
  return (
    <section id="follow">
      <h2>{t('each_title')}</h2>
      {notice}
      <p>{told.each ? t('you_follow') : t('follow_known', { artist: series.artistName })}</p>
      <Form page={page} action={`${operationPath(series.artistSlug, series.slug)}/follow`} class="actions">
        <input type="hidden" name="step" value={told.each ? 'stop' : 'follow'} />
        <Button kind={told.each ? 'plain' : 'main'}>{t(told.each ? 'stop_following' : 'follow_each')}</Button>
      </Form>
    </section>
  )
}

type GivenProps = {
  series: Series
  given: SeriesItem[]
  standing: Standing
  lang: Lang
  /** What is said of each besides. */
  aside?: (item: SeriesItem) => Child
  sleeve?: (item: SeriesItem) => Child
}

/** All that had its hour, from the first; what did not come is said where it would be. */
export const Given = ({ series, given, standing, lang, aside, sleeve }: GivenProps) => {
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
              {item && aside?.(item)}
            </div>
            {item && sleeve?.(item)}
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
