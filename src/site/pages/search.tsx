import { formats } from '../../platform/i18n/index.ts'
import { Button } from '../../ui/forms.tsx'
import { Sleeve } from '../../ui/sleeve.tsx'
import { refineTitle } from '../../ui/type.ts'
import { words } from '../words.ts'
import { SiteLayout } from './layout.tsx'
import { Cover, cardFacts } from './parts.tsx'
import type { ArtistCard, ReleaseCard, SitePage } from './types.ts'

export type FoundTrack = {
  title: string
  href: string
  artists: string[]
  /** Null where it was not looked up. */
  durationMs: number | null
  release: Pick<ReleaseCard, 'id' | 'title' | 'picture'>
}

export type Found = {
  artists: ArtistCard[]
  releases: ReleaseCard[]
  tracks: FoundTrack[]
  posts: { title: string; href: string; writer: string; publishedAt: Date | null }[]
  /** True when nothing matched as written and these are only near. */
  near: boolean
}

/** `found` is null until something has been asked. */
export type SearchPageProps = SitePage & { query: string; found: Found | null }

export const SearchPage = ({ page, site, theme, query, found }: SearchPageProps) => {
  const t = words(page.lang)
  // A form leaves out what its action's address holds: the language that was asked for goes along as a field.
  const asked = new URL(page.url).searchParams.get('lang')
  const count = found ? found.artists.length + found.releases.length + found.tracks.length + found.posts.length : 0
  return (
    <SiteLayout page={page} site={site} theme={theme} title={query || t('search_title')} noindex>
      <div class="sheet">
        <header class="opening">
          <h1 class="headline">{t('search_title')}</h1>
        </header>
        <search>
          <form class="search-form" action={site.searchHref} method="get">
            <label>
              {t('search_label')}
              {asked && <input type="hidden" name="lang" value={asked} />}
              <input type="search" name="q" value={query} maxlength={100} autocomplete="off" autofocus={!found} />
            </label>
            <Button>{t('search_go')}</Button>
          </form>
        </search>
        {found && (
          <p class="aside" role="status">
            {t('search_results', { n: count, query })}
            {count === 0 && <> {t('search_none_help')}</>}
            {count > 0 && found.near && <> {t('found_near')}</>}
          </p>
        )}
        {found && count === 0 && (
          <p class="ways">
            <Button kind="plain" href={site.homeHref}>
              {t('home')}
            </Button>
          </p>
        )}
        {found && <Results found={found} page={page} />}
      </div>
    </SiteLayout>
  )
}

const Results = ({ found, page }: { found: Found; page: SitePage['page'] }) => {
  const t = words(page.lang)
  const { date, duration, list } = formats(page.lang)
  return (
    <>
      {found.artists.length > 0 && (
        <section class="band">
          <h2>{t('found_artists')}</h2>
          <ul class="found">
            {found.artists.map((artist) => (
              <li>
                <a href={artist.href}>
                  {artist.picture && <Sleeve picture={{ ...artist.picture, alt: '' }} sizes="3.5rem" />}
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
      {found.releases.length > 0 && (
        <section class="band">
          <h2>{t('found_releases')}</h2>
          <ul class="found">
            {found.releases.map((card) => (
              <li>
                <a href={card.href}>
                  <SmallCover card={card} artist={card.artists.join(', ')} />
                  <span>
                    {refineTitle(card.title)}
                    <small>{[list(card.artists), cardFacts(card, page.lang)].join(' · ')}</small>
                  </span>
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {found.tracks.length > 0 && (
        <section class="band">
          <h2>{t('found_tracks')}</h2>
          <ul class="found">
            {found.tracks.map((track) => (
              <li>
                <a href={track.href}>
                  <SmallCover card={track.release} artist={track.artists.join(', ')} />
                  <span>
                    {refineTitle(track.title)}
                    <small class="figures">
                      {[
                        list(track.artists),
                        refineTitle(track.release.title),
                        track.durationMs !== null && duration(track.durationMs),
                      ]
                        .filter(Boolean)
                        .join(' · ')}
                    </small>
                  </span>
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {found.posts.length > 0 && (
        <section class="band">
          <h2>{t('found_posts')}</h2>
          <ul class="found">
            {found.posts.map((post) => (
              <li>
                <a href={post.href}>
                  <span>
                    {refineTitle(post.title)}
                    <small>
                      {[post.writer, post.publishedAt && date(post.publishedAt)].filter(Boolean).join(' · ')}
                    </small>
                  </span>
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

const SmallCover = ({ card, artist }: { card: Pick<ReleaseCard, 'id' | 'title' | 'picture'>; artist: string }) => (
  <Cover
    picture={card.picture && { ...card.picture, alt: '' }}
    title={card.title}
    artist={artist}
    seed={card.id}
    sizes="3.5rem"
  />
)
