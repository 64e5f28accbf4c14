import type { SiteFrame } from './pages/types.ts'
import { served } from './words.ts'

type Feeds = NonNullable<SiteFrame['feeds']>
type Of = { of: { slug: string; name: string }; release?: { path: string; title: string }; lang: 'en' | 'fr' }

/** The feeds of a page, its own first, so that a reader that is given the page finds them (autodiscovery). */
export function feedsOf({ of, release, lang }: Of): Feeds {
  const t = served(lang)
  const at = `/${encodeURIComponent(of.slug)}`
  const album: Feeds = release
    ? [
        {
          href: `${release.path}/feed.xml`,
          type: 'application/rss+xml',
          title: t('feed_release', { title: release.title }),
        },
      ]
    : []
  return [
    ...album,
    { href: `${at}/feed.xml`, type: 'application/rss+xml', title: t('feed_artist', { name: of.name }) },
    { href: `${at}/feed.atom`, type: 'application/atom+xml', title: t('feed_artist', { name: of.name }) },
    { href: `${at}/feed.json`, type: 'application/feed+json', title: t('feed_artist', { name: of.name }) },
    { href: `${at}/journal/feed.xml`, type: 'application/rss+xml', title: t('feed_journal', { name: of.name }) },
  ]
}
