import { generateAtomFeed, generateJsonFeed, generateRssFeed } from 'feedsmith'
import type { Feed, Item } from './feed.types.ts'

export type FeedFormat = 'rss' | 'atom' | 'json'

export const FEED_TYPES: Record<FeedFormat, string> = {
  rss: 'application/rss+xml; charset=utf-8',
  atom: 'application/atom+xml; charset=utf-8',
  json: 'application/feed+json; charset=utf-8',
}

export type Written = {
  /** The style sheet by which a browser shows it to a person. */
  stylesheet: string
  /** The sentence that explains it there. */
  explanation: string
}

/** A feed in the words of RSS 2.0, Atom (RFC 4287) or JSON Feed 1.1. */
export function writeFeed(feed: Feed, format: FeedFormat, written: Written): string {
  if (format === 'atom') return atom(feed, written)
  return format === 'json' ? json(feed) : rss(feed, written)
}

const updatedOf = (feed: Feed) =>
  new Date(Math.max(0, ...feed.items.map((item) => Math.max(item.publishedAt.getTime(), item.changedAt.getTime()))))

const pagesOf = (feed: Feed, type: string) => [
  { rel: 'self', href: feed.self, type },
  ...(feed.hub ? [{ rel: 'hub', href: feed.hub }] : []),
  { rel: 'first', href: feed.first, type },
  ...(feed.next ? [{ rel: 'next', href: feed.next, type }] : []),
]

export const sheets = ({ stylesheet }: Written) => ({ stylesheets: [{ type: 'text/css', href: stylesheet }] })

function rss(feed: Feed, written: Written): string {
  return clean(
    generateRssFeed(
      {
        title: feed.title,
        link: feed.pageUrl,
        description: feed.description || written.explanation,
        language: feed.language,
        lastBuildDate: updatedOf(feed),
        generator: 'Ritornello',
        ...(feed.image && { image: { url: feed.image, title: feed.title, link: feed.pageUrl } }),
        atom: { links: pagesOf(feed, 'application/rss+xml') },
        ...(feed.isOver && { itunes: { complete: true } }),
        items: feed.items.map((item) => ({
          title: item.title,
          link: item.url,
          description: item.summary,
          guid: { value: item.id, isPermaLink: false },
          pubDate: item.publishedAt,
          dc: { creators: [item.author] },
          content: { encoded: item.html },
          // RSS readers take one; Atom and JSON Feed name all.
          enclosures: item.enclosures.slice(0, 1).map(({ url, size, type }) => ({ url, length: size, type })),
        })),
      },
      sheets(written),
    ),
  )
}

function atom(feed: Feed, written: Written): string {
  return clean(
    generateAtomFeed(
      {
        id: feed.id,
        title: { value: feed.title },
        subtitle: { value: feed.description || written.explanation },
        updated: updatedOf(feed),
        authors: [{ name: feed.author.name, uri: feed.author.url }],
        generator: { text: 'Ritornello' },
        ...(feed.image && { logo: feed.image }),
        links: [
          ...pagesOf(feed, 'application/atom+xml'),
          { rel: 'alternate', href: feed.pageUrl, type: 'text/html', hreflang: feed.language },
        ],
        entries: feed.items.map((item) => ({
          id: item.id,
          title: { value: item.title },
          published: item.publishedAt,
          updated: new Date(Math.max(item.changedAt.getTime(), item.publishedAt.getTime())),
          authors: [{ name: item.author }],
          links: [
            { rel: 'alternate', href: item.url, type: 'text/html' },
            ...item.enclosures.map(({ url, size, type }) => ({ rel: 'enclosure', href: url, length: size, type })),
          ],
          summary: { value: item.summary },
          content: { value: item.html, type: 'html', xml: { lang: item.language } },
        })),
        xml: { lang: feed.language },
      },
      sheets(written),
    ),
  )
}

const json = (feed: Feed): string =>
  JSON.stringify(
    generateJsonFeed({
      title: feed.title,
      home_page_url: feed.pageUrl,
      feed_url: feed.self,
      description: feed.description,
      language: feed.language,
      ...(feed.hub && { hubs: [{ type: 'WebSub', url: feed.hub }] }),
      authors: [{ name: feed.author.name, url: feed.author.url }],
      ...(feed.image && { icon: feed.image }),
      ...(feed.next && { next_url: feed.next }),
      ...(feed.isOver && { expired: true }),
      items: feed.items.map(jsonItem),
    }),
  )

const jsonItem = (item: Item) => ({
  id: item.id,
  url: item.url,
  title: item.title,
  content_html: item.html || item.summary,
  summary: item.summary,
  date_published: item.publishedAt,
  date_modified: item.changedAt,
  language: item.language,
  authors: [{ name: item.author }],
  ...(item.image && { image: item.image }),
  ...(item.enclosures.length && {
    attachments: item.enclosures.map(({ url, type, size, seconds }) => ({
      url,
      mime_type: type,
      size_in_bytes: size,
      ...(seconds !== null && { duration_in_seconds: seconds }),
    })),
  }),
})

/** What no XML may hold (XML 1.0, section 2.2): whatever a title has, the feed stays readable. */
export const clean = (xml: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML forbids
  xml.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu, '')
