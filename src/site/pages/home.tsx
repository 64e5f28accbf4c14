import type { Followed } from '../../domains/fans/index.ts'
import { Button } from '../../ui/forms.tsx'
import { JsonBlock } from '../../ui/json.tsx'
import { alternatesOf } from '../../ui/page.ts'
import { Sleeve } from '../../ui/sleeve.tsx'
import { LatestPosts } from '../journal/pages.tsx'
import { words } from '../words.ts'
import { ArtistSheet, type ArtistView, FollowBand, Latest, WriteTo } from './artist.tsx'
import { SocialHead } from './head.tsx'
import { SiteLayout } from './layout.tsx'
import { Headline, Shelf, Text } from './parts.tsx'
import { PassOn } from './share.tsx'
import type { ArtistCard, Prose, Queue, ReleaseCard, SitePage, Social } from './types.ts'

export type LabelView = {
  id: string
  name: string
  about: Prose | null
  artists: ArtistCard[]
  /** To be told of news; not on a home that is no label's own. */
  follow?: Followed | undefined
  /** The newest posts; none when nothing was written. */
  journal?: ArtistView['journal'] | undefined
  /** Newest first. */
  releases: ReleaseCard[]
}

/** Whose home it is: one artist's, a label's (or several artists'), or nobody's yet. */
export type HomeView =
  | { kind: 'artist'; artist: ArtistView; queue: Queue }
  | { kind: 'label'; label: LabelView; queue: Queue }
  | { kind: 'empty' }

export type HomePageProps = SitePage & { home: HomeView; social: Social }

export const HomePage = (props: HomePageProps) => {
  const { page, site, theme, home, social } = props
  const t = words(page.lang)
  const name = site.name ?? (home.kind === 'label' ? home.label.name : t('nothing_yet'))
  const subject =
    home.kind === 'artist'
      ? `artist:${home.artist.id}`
      : home.kind === 'label' && home.label.id
        ? `label:${home.label.id}`
        : undefined
  return (
    <SiteLayout
      page={page}
      site={site}
      theme={theme}
      title={name}
      description={social.description}
      canonical={social.canonical}
      alternates={alternatesOf(social.canonical, social.languages)}
      subject={subject}
      noindex={home.kind === 'empty'}
      head={
        <SocialHead
          social={social}
          title={name}
          siteName={name}
          lang={page.lang}
          type={home.kind === 'artist' ? 'profile' : 'website'}
        />
      }
    >
      {home.kind === 'artist' && <ArtistSheet page={page} artist={home.artist} queue={home.queue} />}
      {home.kind === 'label' && <LabelSheet page={page} label={home.label} queue={home.queue} />}
      {home.kind === 'empty' && <EmptyHome {...props} />}
      {home.kind !== 'empty' && home.queue.length > 0 && <JsonBlock data-queue="" value={{ tracks: home.queue }} />}
    </SiteLayout>
  )
}

type LabelSheetProps = Pick<SitePage, 'page'> & { label: LabelView; queue: Queue }

/** A label: its name, the newest release, who is on it, the rest of the catalogue. */
const LabelSheet = ({ page, label, queue }: LabelSheetProps) => {
  const t = words(page.lang)
  const [latest, ...others] = label.releases
  return (
    <div class="sheet">
      <header class="opening">
        <Headline title={label.name} lang={page.lang} />
      </header>
      {latest && <Latest card={latest} page={page} queue={queue} first byline />}
      {label.artists.length > 0 && (
        <section class="band">
          <h2>{t('artists')}</h2>
          <ul class="roster">
            {label.artists.map((artist) => (
              <li>
                <a href={artist.href}>
                  {artist.picture && <Sleeve picture={{ ...artist.picture, alt: '' }} sizes="4rem" />}
                  <span>
                    {artist.name}
                    {artist.line && <small>{artist.line}</small>}
                  </span>
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {others.length > 0 && (
        <section class="band">
          <h2>{t('releases')}</h2>
          <Shelf cards={others} lang={page.lang} byline />
        </section>
      )}
      {label.journal && label.journal.posts.length > 0 && <LatestPosts {...label.journal} lang={page.lang} />}
      {label.follow && <FollowBand page={page} follow={label.follow} />}
      {label.id && (
        <div class="band">
          <PassOn page={page} subject={`label:${label.id}`} />
        </div>
      )}
      {!latest && !label.artists.length && <p class="empty">{t('nothing_yet_home')}</p>}
      {label.about && (
        <section class="band">
          <h2>{t('about')}</h2>
          <Text text={label.about} />
        </section>
      )}
      {label.follow && <WriteTo page={page} follow={label.follow} />}
    </div>
  )
}

const EmptyHome = ({ page, site }: SitePage) => {
  const t = words(page.lang)
  return (
    <section class="sheet">
      <div class="empty">
        <h1 class="headline">{t('nothing_yet')}</h1>
        <p>{t('nothing_yet_home')}</p>
        {site.studioHref && (
          <p>
            <Button href={site.studioHref}>{t('open_studio')}</Button>
          </p>
        )}
      </div>
    </section>
  )
}
