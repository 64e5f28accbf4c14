import { type Followed, FollowSection, type TakeAsked } from '../../domains/fans/index.ts'
import { PushOffer } from '../../domains/reach/index.ts'
import type { PublicProduct } from '../../domains/shop/index.ts'
import { formats } from '../../platform/i18n/index.ts'
import { Icon } from '../../ui/icons.tsx'
import { JsonBlock } from '../../ui/json.tsx'
import { alternatesOf } from '../../ui/page.ts'
import type { Picture } from '../../ui/sleeve.tsx'
import { refineTitle } from '../../ui/type.ts'
import { words } from '../words.ts'
import { isoDate, type Precision, writtenDate } from './dates.ts'
import { Had } from './had.tsx'
import { SocialHead } from './head.tsx'
import { SiteLayout } from './layout.tsx'
import { Cover, Headline, NoticeLine, Pairs, People, Press, Shelf, Text } from './parts.tsx'
import { PassOn } from './share.tsx'
import { Take } from './take.tsx'
import { Tracks } from './tracks.tsx'
import type {
  Credit,
  Download,
  Kind,
  Licence,
  Notice,
  Person,
  Prose,
  Queue,
  ReleaseCard,
  SitePage,
  Social,
  TrackLine,
} from './types.ts'

export type ReleaseView = {
  id: string
  title: string
  kind: Kind
  artists: Person[]
  label: Person | null
  date: Date | null
  /** How much of the date is known; the whole day unless told. */
  precision?: Precision | undefined
  picture: Picture | null
  tracks: TrackLine[]
  story: Prose | null
  credits: Credit[]
  licence: Licence | null
  catalogueNumber: string | null
  barcode: string | null
  tags: { name: string; href: string }[]
  bonus: { title: string; href: string; bytes: number | null }[]
  downloads: Download[]
  /** Its downloads are given for an address. */
  asked?: TakeAsked | null | undefined
  /** What can be bought of it. */
  offers?: PublicProduct[] | undefined
  more: ReleaseCard[]
  /** To be told of news. */
  follow?: Followed | undefined
}

export type ReleasePageProps = SitePage & {
  release: ReleaseView
  /** The tracks that play, in the order of the page; `queueIndex` of a line points into it. */
  queue: Queue
  social: Social
  notice?: Notice | undefined
  giftToken?: string | undefined
  /** The `<iframe>` that others may copy into their pages; nothing to copy when it is not given to all. */
  embedCode?: string | undefined
}

/** A release: the sleeve, the name, the thing to press, the tracks, what can be taken, then the notes. */
export const ReleasePage = (props: ReleasePageProps) => {
  const { page, site, theme, release, queue, social, notice } = props
  const names = formats(page.lang).list(release.artists.map(({ name }) => name))
  const title = `${refineTitle(release.title)} – ${names}`
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
      subject={`release:${release.id}`}
      giftToken={props.giftToken}
      head={
        <SocialHead
          social={social}
          title={title}
          siteName={site.name ?? names}
          lang={page.lang}
          type="music.album"
          music={release.date ? [{ property: 'release_date', content: isoDate(release.date, release.precision) }] : []}
        />
      }
    >
      <NoticeLine notice={notice} lang={page.lang} />
      <article class="release">
        <Cover
          picture={release.picture}
          title={release.title}
          artist={names}
          seed={release.id}
          sizes="(min-width: 56rem) 46vw, 100vw"
          first
          transition={release.id}
        />
        <div class="notes">
          <Opening {...props} />
          <Take
            downloads={release.downloads}
            archive={release.tracks.length > 1 || release.bonus.length > 0}
            only={!queue.length}
            asked={release.asked}
            page={page}
          />
          {release.follow && <PassOn page={page} subject={`release:${release.id}`} />}
          <Had page={page} products={release.offers} />
          {release.follow && <FollowSection page={page} {...release.follow} />}
          {release.follow && <PushOffer page={page} name={release.follow.name} slug={release.follow.slug} />}
          <Notes {...props} />
        </div>
      </article>
      {queue.length > 0 && <JsonBlock data-queue="" value={{ tracks: queue }} />}
    </SiteLayout>
  )
}

const Opening = ({ page, release, queue }: ReleasePageProps) => {
  const t = words(page.lang)
  const { duration } = formats(page.lang)
  const total = release.tracks.reduce((sum, track) => sum + track.durationMs, 0)
  const count = release.tracks.length
  const made = [t(release.kind), release.date && writtenDate(release.date, release.precision, page.lang)]
    .filter(Boolean)
    .join(', ')
  const size = count > 1 ? `${t('tracks', { n: count })}, ${duration(total)}` : duration(total)
  return (
    <>
      <Headline title={release.title} by={release.artists} lang={page.lang} />
      {queue.length > 0 ? (
        <Press label={t('play_release', { title: refineTitle(release.title) })}>
          <b>{made}</b> {size}
        </Press>
      ) : (
        <p class="facts press">
          {made}
          <br />
          {size}
        </p>
      )}
      {!queue.length && !release.downloads.length && !release.offers?.length && (
        <p class="aside">{t('nothing_given')}</p>
      )}
      <h2 class="hidden">{t('tracks_title')}</h2>
      <Tracks tracks={release.tracks} queue={queue} lang={page.lang} />
    </>
  )
}

const Notes = ({ page, release, embedCode }: ReleasePageProps) => {
  const { lang } = page
  const t = words(lang)
  const { bytes } = formats(lang)
  const first = release.artists[0]
  return (
    <>
      {release.bonus.length > 0 && (
        <section>
          <h2>{t('bonus')}</h2>
          <ul class="formats">
            {release.bonus.map((file) => (
              <li>
                <a href={file.href} download="">
                  <Icon name="take" />
                  <b>{file.title}</b>
                  {file.bytes !== null && <span class="size figures">{bytes(file.bytes)}</span>}
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {release.story && (
        <section>
          <h2>{t('story')}</h2>
          <Text text={release.story} />
        </section>
      )}
      {release.credits.length > 0 && (
        <section>
          <h2>{t('credits')}</h2>
          <Pairs pairs={release.credits.map(({ role, people }) => [role, <People people={people} lang={lang} />])} />
        </section>
      )}
      <section>
        <h2>{t('details')}</h2>
        <Pairs
          pairs={[
            [
              t('released'),
              release.date && (
                <time datetime={isoDate(release.date, release.precision)}>
                  {writtenDate(release.date, release.precision, lang)}
                </time>
              ),
            ],
            [t('label'), release.label && <People people={[release.label]} lang={lang} />],
            [t('catalogue'), release.catalogueNumber],
            [t('barcode'), release.barcode && <span class="figures">{release.barcode}</span>],
            [t('licence'), release.licence && <LicenceLink licence={release.licence} />],
            [t('tags'), release.tags.length > 0 && <People people={release.tags} lang={lang} />],
          ]}
        />
        {embedCode && (
          <details class="aside">
            <summary>{t('embed')}</summary>
            <p>{t('embed_help')}</p>
            <textarea class="copy" readonly rows={4} aria-label={t('embed_code')}>
              {embedCode}
            </textarea>
          </details>
        )}
      </section>
      {release.more.length > 0 && first && (
        <section>
          <h2>{t('more_from', { name: first.name })}</h2>
          <Shelf cards={release.more} lang={lang} />
        </section>
      )}
    </>
  )
}

export const LicenceLink = ({ licence }: { licence: Licence }) =>
  licence.href ? (
    <a href={licence.href} rel="license">
      {licence.name}
    </a>
  ) : (
    <span>{licence.name}</span>
  )
