import type { TakeAsked } from '../../domains/fans/index.ts'
import type { PublicProduct } from '../../domains/shop/index.ts'
import { formats } from '../../platform/i18n/index.ts'
import { JsonBlock } from '../../ui/json.tsx'
import { alternatesOf } from '../../ui/page.ts'
import type { Picture } from '../../ui/sleeve.tsx'
import { refineTitle } from '../../ui/type.ts'
import { words } from '../words.ts'
import { Had } from './had.tsx'
import { SocialHead } from './head.tsx'
import { SiteLayout } from './layout.tsx'
import { Cover, Headline, NativeAudio, NoticeLine, Pairs, People, Press, Text } from './parts.tsx'
import { LicenceLink } from './release.tsx'
import { PassOn } from './share.tsx'
import { Take } from './take.tsx'
import type { Credit, Download, Licence, Notice, Person, Prose, Queue, SitePage, Social } from './types.ts'

export type TrackView = {
  id: string
  title: string
  version: string | null
  number: number
  artists: Person[]
  durationMs: number
  explicit: boolean
  isrc: string | null
  bpm: number | null
  key: string | null
  /** In the reader's language: "French". */
  language: string | null
  /** Plain text, lines kept; `lang` for the reader's voice. */
  lyrics: { text: string; lang: string } | null
  /** The same in other languages, by those who wrote them down; `language` in the reader's. */
  translations: { text: string; lang: string; language: string; name: string }[]
  /** Where other pages of them are. */
  earlier: string | null
  later: string | null
  story: Prose | null
  credits: Credit[]
  licence: Licence | null
  downloads: Download[]
  /** Its downloads are given for an address. */
  asked?: TakeAsked | null | undefined
  /** What can be bought of it. */
  offers?: PublicProduct[] | undefined
  release: { id: string; title: string; href: string; artists: Person[]; picture: Picture | null }
  previous: { title: string; href: string } | null
  next: { title: string; href: string } | null
}

export type TrackPageProps = SitePage & {
  track: TrackView
  /** The whole release, so that the music goes on after this track. */
  queue: Queue
  /** This track's place in the queue; null when it is not given as a stream. */
  queueIndex: number | null
  social: Social
  notice?: Notice | undefined
  giftToken?: string | undefined
}

/** One track: where it comes from, the name, the thing to press, its words, who made it. */
export const TrackPage = (props: TrackPageProps) => {
  const { page, site, theme, track, queue, queueIndex, social, notice } = props
  const t = words(page.lang)
  const { duration, list } = formats(page.lang)
  const names = list(track.artists.map(({ name }) => name))
  const title = `${refineTitle(track.title)} – ${names}`
  const playable = queueIndex === null ? undefined : queue[queueIndex]
  return (
    <SiteLayout
      page={page}
      site={site}
      theme={theme}
      title={title}
      description={social.description}
      canonical={social.canonical}
      alternates={notice ? [] : alternatesOf(social.canonical, social.languages)}
      noindex={Boolean(notice)}
      subject={`track:${track.id}`}
      giftToken={props.giftToken}
      head={
        <SocialHead
          social={social}
          title={title}
          siteName={site.name ?? names}
          lang={page.lang}
          type="music.song"
          music={[{ property: 'duration', content: String(Math.round(track.durationMs / 1000)) }]}
        />
      }
    >
      <NoticeLine notice={notice} lang={page.lang} />
      <article class="track">
        <a class="from" href={track.release.href}>
          <Cover
            picture={track.release.picture && { ...track.release.picture, alt: '' }}
            title={track.release.title}
            artist={names}
            seed={track.release.id}
            sizes="(min-width: 56rem) 22rem, 4.5rem"
            first
            transition={track.release.id}
          />
          <span>
            <b>{refineTitle(track.release.title)}</b>
            {list(track.release.artists.map(({ name }) => name))}
          </span>
        </a>
        <div class="notes">
          <Headline title={track.title} version={track.version} by={track.artists} lang={page.lang} />
          {playable ? (
            <>
              <Press label={t('play_track', { title: refineTitle(track.title) })} index={queueIndex ?? 0}>
                <b>{duration(track.durationMs)}</b>
                {track.explicit && t('explicit')}
              </Press>
              <NativeAudio sources={playable.sources} label={refineTitle(track.title)} />
            </>
          ) : (
            <p class="facts press">{duration(track.durationMs)}</p>
          )}
          {!playable && !track.downloads.length && !track.offers?.length && <p class="aside">{t('nothing_given')}</p>}
          <Take downloads={track.downloads} archive={false} only={!playable} asked={track.asked} page={page} />
          {!notice && <PassOn page={page} subject={`track:${track.id}`} />}
          <Had page={page} products={track.offers} />
          <TrackNotes {...props} />
        </div>
      </article>
      {playable && <JsonBlock data-queue="" data-index={queueIndex} value={{ tracks: queue }} />}
    </SiteLayout>
  )
}

const TrackNotes = ({ page, track }: TrackPageProps) => {
  const { lang } = page
  const t = words(lang)
  const { number } = formats(lang)
  const details: [string, unknown][] = [
    [t('language'), track.language],
    [t('bpm'), track.bpm && number(track.bpm)],
    [t('key'), track.key],
    [t('isrc'), track.isrc],
    [t('licence'), track.licence && <LicenceLink licence={track.licence} />],
  ]
  return (
    <>
      {(track.lyrics || track.translations.length > 0) && (
        <section id="translations">
          <h2>{t('lyrics')}</h2>
          {track.lyrics && (
            <p class="prose lyrics" lang={track.lyrics.lang}>
              {track.lyrics.text}
            </p>
          )}
          {track.translations.map(({ text, lang: into, language, name }) => (
            <details>
              <summary>{t(name ? 'translated_by' : 'translated', { language, name })}</summary>
              <p class="prose lyrics" lang={into}>
                {text}
              </p>
            </details>
          ))}
          {(track.earlier || track.later) && (
            <p class="ways">
              {track.earlier && <a href={track.earlier}>{t('translations_earlier')}</a>}{' '}
              {track.later && <a href={track.later}>{t('translations_more')}</a>}
            </p>
          )}
        </section>
      )}
      {track.story && (
        <section>
          <h2>{t('story')}</h2>
          <Text text={track.story} />
        </section>
      )}
      {track.credits.length > 0 && (
        <section>
          <h2>{t('credits')}</h2>
          <Pairs pairs={track.credits.map(({ role, people }) => [role, <People people={people} lang={lang} />])} />
        </section>
      )}
      {details.some(([, value]) => value) && (
        <section>
          <h2>{t('details')}</h2>
          <Pairs pairs={details as Parameters<typeof Pairs>[0]['pairs']} />
        </section>
      )}
      {(track.previous || track.next) && (
        <nav class="turn" aria-label={refineTitle(track.release.title)}>
          {track.previous && (
            <a rel="prev" href={track.previous.href}>
              {t('previous_track', { title: refineTitle(track.previous.title) })}
            </a>
          )}
          {track.next && (
            <a rel="next" href={track.next.href}>
              {t('next_track', { title: refineTitle(track.next.title) })}
            </a>
          )}
        </nav>
      )}
    </>
  )
}
