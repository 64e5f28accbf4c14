import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { houseTheme } from '../../ui/colour/house.ts'
import type { Page } from '../../ui/page.ts'
import type { PlayerTrack } from '../../ui/player.types.ts'
import { albumJsonLd, isoDuration } from './head.tsx'
import { HomePage } from './home.tsx'
import { NotFoundPage, ProblemPage } from './plain.tsx'
import { ReleasePage, type ReleasePageProps, type ReleaseView } from './release.tsx'
import { SearchPage } from './search.tsx'
import type { SiteFrame, Social, TrackLine } from './types.ts'
import { VisitorDataPage } from './visitor-data.tsx'

const page: Page = {
  lang: 'en',
  url: 'https://demo.example/demo/wood?x=1',
  path: '/demo/wood?x=1',
  base: 'https://demo.example',
  csrf: 'token',
  actor: null,
  assets: (name) => `/assets/${name}`,
}

const site: SiteFrame = {
  name: 'Demo',
  homeHref: '/',
  searchHref: '/search',
  studioHref: null,
  legalHref: '/legal',
  privacyHref: '/privacy',
  visitorHref: '/you',
  reportHref: '/report',
}

const social: Social = {
  canonical: 'https://demo.example/demo/wood',
  languages: ['en', 'fr'],
  description: 'Twelve tracks.',
  image: { src: 'https://demo.example/wood.jpg', width: 1200, height: 1200, alt: 'Sleeve', type: 'image/jpeg' },
  embed: { src: 'https://demo.example/embed/1', width: 400, height: 500 },
  oembed: { json: 'https://demo.example/oembed?format=json', xml: 'https://demo.example/oembed?format=xml' },
}

const tracks = (count: number): TrackLine[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `t${i}`,
    number: i + 1,
    disc: 1,
    discTitle: null,
    title: `Piece number ${i + 1}`,
    version: null,
    artists: [],
    href: `/demo/wood/${i + 1}`,
    durationMs: 100_000 + i * 13_000,
    explicit: false,
    queueIndex: i,
  }))

const queue = (lines: TrackLine[]): PlayerTrack[] =>
  lines.map(({ id, title, href, durationMs }) => ({
    id,
    title,
    artist: 'Demo',
    album: 'Wood',
    url: `https://demo.example${href}`,
    albumUrl: 'https://demo.example/demo/wood',
    durationMs,
    sources: [{ src: `/media/${id}.webm`, type: 'audio/webm; codecs=opus' }],
    waveform: `/media/${id}.json`,
    gainDb: -1,
    artwork: [{ src: '/wood.jpg', sizes: '1200x1200', type: 'image/jpeg' }],
    subject: `track:${id}`,
  }))

const view = (over: Partial<ReleaseView> = {}): ReleaseView => ({
  id: '0190-r',
  title: 'Wood',
  kind: 'album',
  artists: [{ name: 'Demo', href: '/demo' }],
  label: null,
  date: new Date('2026-03-12'),
  picture: {
    src: '/wood.jpg',
    width: 1200,
    height: 1200,
    alt: 'Sleeve',
    sources: [{ type: 'image/avif', srcset: '/w.avif 600w' }],
  },
  tracks: tracks(12),
  story: { html: '<p>A story.</p>', lang: 'en' },
  credits: [],
  licence: null,
  catalogueNumber: null,
  barcode: null,
  tags: [],
  bonus: [],
  downloads: [{ format: 'flac', href: '/take/flac', bytes: 48_230_000 }],
  more: [],
  ...over,
})

function render(over: Partial<ReleaseView> = {}, props: Partial<ReleasePageProps> = {}): string {
  const release = view(over)
  const lines = queue(release.tracks.filter(({ queueIndex }) => queueIndex !== null))
  return String(
    <ReleasePage
      page={page}
      site={site}
      theme={houseTheme}
      release={release}
      queue={lines}
      social={social}
      {...props}
    />,
  )
}

test('a release page of twelve tracks opens with a light page', () => {
  expect(gzipSync(render()).length).toBeLessThan(12_000)
})

test('without scripts each track still has a native player and a page of its own', () => {
  const html = render()
  expect(html.match(/<noscript><audio controls/g)?.length).toBe(12)
  expect(html).toContain('href="/demo/wood/3"')
  expect(html).toContain('<noscript><style>[data-play],.player,.js{display:none!important}</style></noscript>')
})

test('the queue of the page names what each button plays, and cannot close its own element', () => {
  const lines = tracks(1)
  const hostile = '</script><script>alert(1)</script>'
  const html = render({ tracks: [{ ...lines[0], title: hostile } as TrackLine], title: hostile })
  expect(html).not.toContain('<script>alert')
  const data = /<script type="application\/json" data-queue="">(.*?)<\/script>/s.exec(html)?.[1] ?? ''
  expect(JSON.parse(data).tracks[0].title).toBe(hostile)
  expect(html).toContain('data-index="0"')
})

test('nothing given: no button and no queue, and the page says so', () => {
  const html = render({ tracks: tracks(3).map((line) => ({ ...line, queueIndex: null })), downloads: [] })
  expect(html).not.toContain('<button type="button" class="play"')
  expect(html).not.toContain('data-queue')
  expect(html).toContain('There is nothing to play or take yet.')
})

test('a download only release says that it is to be taken', () => {
  const html = render({ tracks: tracks(3).map((line) => ({ ...line, queueIndex: null })) })
  expect(html).toContain('Not to be played here')
  expect(html).toContain('48.2\u00a0MB')
})

test('a page that not everyone may see is kept out of search engines', () => {
  expect(render()).not.toContain('noindex')
  const html = render({}, { notice: { kind: 'unlisted' } })
  expect(html).toContain('<meta name="robots" content="noindex"/>')
  expect(html).not.toContain('hreflang="x-default"')
})

test('a sleeve has its place reserved; without one, a cover is drawn', () => {
  expect(render()).toContain('width="1200" height="1200"')
  expect(render({ picture: null })).toContain('viewBox="0 0 1000 1000"')
})

test('cards, discovery and languages are announced', () => {
  const html = render()
  for (const part of [
    '<meta property="og:type" content="music.album"/>',
    '<meta name="twitter:card" content="player"/>',
    'type="application/json+oembed"',
    '<link rel="canonical" href="https://demo.example/demo/wood"/>',
    'hreflang="fr" href="https://demo.example/demo/wood?lang=fr"',
    'hreflang="x-default" href="https://demo.example/demo/wood"',
  ])
    expect(html).toContain(part)
})

test('French pages speak French, and lead to the same page in English', () => {
  const html = render({}, { page: { ...page, lang: 'fr' } })
  expect(html).toContain('<html lang="fr"')
  expect(html).toContain('À emporter')
  expect(html).toContain('48,2\u00a0Mo')
  expect(html).toContain('href="https://demo.example/demo/wood?x=1&amp;lang=en"')
})

test('structured data says what is known and nothing else', () => {
  const ld = albumJsonLd({
    base: page.base,
    url: social.canonical,
    name: 'Wood',
    kind: 'live',
    artists: [{ name: 'Demo', href: '/demo' }],
    date: null,
    image: null,
    description: null,
    licence: null,
    label: null,
    barcode: null,
    catalogueNumber: null,
    genres: [],
    tracks: tracks(2),
  })
  expect(ld).toMatchObject({ '@type': 'MusicAlbum', albumProductionType: 'https://schema.org/LiveAlbum', numTracks: 2 })
  expect(ld.potentialAction).toMatchObject({ '@type': 'ListenAction' })
  for (const unknown of ['datePublished', 'image', 'gtin', 'genre', 'license']) expect(ld).not.toHaveProperty(unknown)
  expect(isoDuration(3_729_400)).toBe('PT1H2M9S')
  expect(isoDuration(0)).toBe('PT0S')
})

test('an empty place says so, and shows its owner the way in', () => {
  const html = String(
    <HomePage
      page={page}
      site={{ ...site, name: null, studioHref: '/studio' }}
      home={{ kind: 'empty' }}
      social={social}
    />,
  )
  expect(html).toContain('Nothing here yet')
  expect(html).toContain('href="/studio"')
})

test('a search repeats what was asked, unharmed', () => {
  const found = { artists: [], releases: [], tracks: [], posts: [], near: false }
  const html = String(<SearchPage page={page} site={site} query={'<b>"é"'} found={found} />)
  expect(html).toContain('value="&lt;b&gt;&quot;é&quot;"')
  expect(html).not.toContain('<b>"')
})

test('what is known of a visitor can be erased by a form with its token', () => {
  const record = {
    id: 'n',
    since: new Date(0),
    until: new Date(0),
    pages: 1,
    plays: 2,
    listens: 3,
    downloads: 4,
    recent: [],
  }
  const html = String(
    <VisitorDataPage
      page={page}
      site={site}
      record={record}
      eraseAction="/you/erase"
      objectAction="/visitor/object"
      allowAction="/visitor/allow"
      exportHref="/you.json"
    />,
  )
  expect(html).toContain('<form method="post" action="/you/erase"')
  expect(html).toContain('name="csrf" value="token"')
})

test('problems are sentences with a way on', () => {
  expect(String(<NotFoundPage page={page} site={site} />)).toContain('There is no page here')
  expect(String(<ProblemPage page={page} site={site} id="7f3c" />)).toContain('give this reference: 7f3c')
  expect(String(<ProblemPage page={page} site={site} kind="expired" />)).not.toContain('Try again</a>')
})
