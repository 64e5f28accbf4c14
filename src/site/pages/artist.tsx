import { type Followed, FollowSection } from '../../domains/fans/index.ts'
import { PushOffer } from '../../domains/reach/index.ts'
import { Offers, type PublicProduct } from '../../domains/shop/index.ts'
import { formats } from '../../platform/i18n/index.ts'
import { JsonBlock } from '../../ui/json.tsx'
import { alternatesOf } from '../../ui/page.ts'
import { type Picture, Sleeve } from '../../ui/sleeve.tsx'
import { refineTitle } from '../../ui/type.ts'
import { LatestPosts, type PostCard } from '../journal/pages.tsx'
import { words } from '../words.ts'
import { SocialHead } from './head.tsx'
import { SiteLayout } from './layout.tsx'
import { Cover, cardFacts, Headline, Press, Shelf, Text } from './parts.tsx'
import { PassOn } from './share.tsx'
import type { Prose, Queue, ReleaseCard, SitePage, Social } from './types.ts'

export type ArtistView = {
  id: string
  name: string
  /** Where from, since when: short facts in the reader's language, one line. */
  places: string[]
  portrait: Picture | null
  biography: Prose | null
  links: { label: string; href: string }[]
  /** Newest first. */
  releases: ReleaseCard[]
  /** What is for members: named to everybody, or to those who may hear it. */
  forMembers?: ReleaseCard[] | undefined
  /** The newest posts; none when nothing was written. */
  journal: { href: string; posts: PostCard[] }
  /** What can be ordered. */
  offers?: PublicProduct[] | undefined
  /** What one can take part in now. */
  operations?: { title: string; href: string }[] | undefined
  /** Their page for professionals. */
  press?: string | null | undefined
  /** To be told of news. */
  follow?: Followed | undefined
}

export type ArtistPageProps = SitePage & {
  artist: ArtistView
  /** The newest release's tracks, for the one round control; empty when it does not play. */
  queue: Queue
  social: Social
}

/** An artist: the name, the newest thing to press, the sleeves, then who this is. */
export const ArtistPage = (props: ArtistPageProps) => {
  const { page, site, theme, artist, queue, social } = props
  return (
    <SiteLayout
      page={page}
      site={site}
      theme={theme}
      title={artist.name}
      description={social.description}
      canonical={social.canonical}
      alternates={alternatesOf(social.canonical, social.languages)}
      subject={`artist:${artist.id}`}
      head={
        <SocialHead
          social={social}
          title={artist.name}
          siteName={site.name ?? artist.name}
          lang={page.lang}
          type="profile"
        />
      }
    >
      <ArtistSheet {...props} />
      {queue.length > 0 && <JsonBlock data-queue="" value={{ tracks: queue }} />}
    </SiteLayout>
  )
}

/** What an artist's page holds, without what stands around it: a home of one artist is the same. */
export const ArtistSheet = ({ page, artist, queue }: Pick<ArtistPageProps, 'page' | 'artist' | 'queue'>) => {
  const t = words(page.lang)
  const [latest, ...others] = artist.releases
  return (
    <article class="sheet">
      <header class="opening">
        {artist.portrait && (
          <Sleeve picture={artist.portrait} sizes="(min-width: 48rem) 38vw, 100vw" first class="portrait" />
        )}
        <div>
          <Headline title={artist.name} lang={page.lang} />
          {artist.places.length > 0 && <p class="facts">{artist.places.join(' · ')}</p>}
        </div>
      </header>
      {latest ? (
        <Latest card={latest} page={page} queue={queue} first={!artist.portrait} />
      ) : (
        <section class="empty">
          <h2>{t('nothing_yet')}</h2>
          <p>{t('nothing_yet_artist', { name: artist.name })}</p>
        </section>
      )}
      {others.length > 0 && (
        <section class="band">
          <h2>{t('releases')}</h2>
          <Shelf cards={others} lang={page.lang} />
        </section>
      )}
      {artist.forMembers && artist.forMembers.length > 0 && (
        <section class="band">
          <h2>{t('for_members')}</h2>
          <Shelf cards={artist.forMembers} lang={page.lang} />
        </section>
      )}
      {artist.offers && artist.offers.length > 0 && (
        <section class="band">
          <h2>{t('shop')}</h2>
          <Offers page={page} products={artist.offers} />
        </section>
      )}
      {artist.operations && artist.operations.length > 0 && (
        <section class="band">
          <h2>{t('take_part')}</h2>
          <ul class="plain-list">
            {artist.operations.map(({ title, href }) => (
              <li>
                <a href={href}>{title}</a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {artist.journal.posts.length > 0 && <LatestPosts {...artist.journal} lang={page.lang} />}
      {artist.follow && <FollowBand page={page} follow={artist.follow} />}
      <div class="band">
        <PassOn page={page} subject={`artist:${artist.id}`} />
      </div>
      {artist.biography && (
        <section class="band">
          <h2>{t('about')}</h2>
          <Text text={artist.biography} />
        </section>
      )}
      {artist.links.length > 0 && (
        <section class="band">
          <h2>{t('elsewhere')}</h2>
          <ul class="plain-list">
            {artist.links.map(({ label, href }) => (
              <li>
                <a href={href} rel="me noopener">
                  {label}
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {artist.press && (
        <p class="ways">
          <a href={artist.press}>{t('for_professionals')}</a>
        </p>
      )}
      {artist.follow && <WriteTo page={page} follow={artist.follow} />}
    </article>
  )
}

type FollowProps = Pick<SitePage, 'page'> & { follow: Followed }

/** To be told, by a message or by a notice of the browser. */
export const FollowBand = ({ page, follow }: FollowProps) => (
  <>
    <FollowSection page={page} class="band" {...follow} />
    <div class="band">
      <PushOffer page={page} name={follow.name} slug={follow.slug} />
    </div>
  </>
)

export const WriteTo = ({ page, follow: { name, slug } }: FollowProps) => (
  <p class="band more">
    <a href={`/write/${encodeURIComponent(slug)}`}>{words(page.lang)('write_to', { name })}</a>
  </p>
)

type LatestProps = Pick<ArtistPageProps, 'page' | 'queue'> & { card: ReleaseCard; first: boolean; byline?: boolean }

/** The newest release, larger than the others, with the one round control. */
export const Latest = ({ card, page, queue, first, byline }: LatestProps) => {
  const t = words(page.lang)
  const title = refineTitle(card.title)
  return (
    <section class="latest">
      <a href={card.href} aria-label={t('open_page', { title })}>
        <Cover
          picture={card.picture && { ...card.picture, alt: '' }}
          title={card.title}
          artist={card.artists.join(', ')}
          seed={card.id}
          sizes="(min-width: 48rem) 26rem, 100vw"
          first={first}
          transition={card.id}
        />
      </a>
      <div>
        <p class="facts">{t('latest')}</p>
        <h2>
          <a href={card.href}>{title}</a>
        </h2>
        {byline && <p class="facts">{formats(page.lang).list(card.artists)}</p>}
        {queue.length > 0 ? (
          <Press label={t('play_release', { title })}>
            <b>{cardFacts(card, page.lang)}</b>
            {t('tracks', { n: queue.length })}
          </Press>
        ) : (
          <p class="facts">{cardFacts(card, page.lang)}</p>
        )}
      </div>
    </section>
  )
}
